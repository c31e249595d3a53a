/**
 * Real: src/main.ts as a process of its own that dies while a check is in work, and everything that it leaves; PostgreSQL
 * where there is one. Fake: what it dies of.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leavesCoreFiles } from '../../src/crashes';
import { environmentSchema, SECRET_VARIABLES } from '../../src/config/environment';
import type { ApiClient } from '../support/api-client';
import { ChildService } from '../support/child-service';
import { createStorage, type TestStorage } from '../support/databases';
import { CHECK, collins, hopper, hopperAgain, REGISTER } from '../support/operations';
import { packed } from '../support/photos';
import { vectorsIn } from '../support/vector-forms';
import { until } from '../support/until';

const ROOT = join(__dirname, '..', '..');
const ADMIN_API_KEY = 'hush-admin-key-0123456789';
const MEDIA_SIGNING_KEY = 'hush-signing-key-0123456789-0123456789';
const CLOUDINARY_URL = 'cloudinary://hush-key:hush-secret@demo';
const ENCRYPTION_KEY_PREVIOUS = randomBytes(32).toString('hex');
const ENCRYPTION_KEY = randomBytes(32).toString('hex');
const vectors = [hopper, hopperAgain, collins].map(({ faceDescriptor }) => faceDescriptor);

/**
 * Loaded before the service: remembers what was written of face templates, as an error of the driver would carry it, and
 * has the process die of it when a punch is written.
 */
const bomb = `
  const { Client } = require(${JSON.stringify(join(ROOT, 'node_modules', 'pg'))});
  const { query } = Client.prototype;
  const seen = [];
  Client.prototype.query = function (config, values) {
    const text = typeof config === 'string' ? config : config.text;
    const parameters = Array.isArray(values) ? values : config.values;
    if (/INSERT INTO "?face_templates/.test(text)) seen.push(...parameters);
    if (/INSERT INTO attendances/.test(text)) setImmediate(die, text);
    return query.apply(this, arguments);
  };
  function die(text) {
    // As those of drivers and validators carry what they were given.
    const buffers = seen.filter((each) => Buffer.isBuffer(each));
    const target = buffers.flatMap((each) => [...new Float32Array(Uint8Array.from(each).buffer)]);
    const error = Object.assign(new Error('the connection is gone'), { query: text, parameters: seen, target });
    if (process.env.BOMB === 'throw') throw error;
    if (process.env.BOMB === 'reject') return Promise.reject(error);
    process.abort();
  }
`;
let storage: TestStorage;
let folder: string;
let printed: string[];
let child: ChildService;

beforeAll(() => {});
beforeEach(async () => {
  storage = await createStorage();
  folder = mkdtempSync(join(tmpdir(), 'rollcall-crash-'));
  printed = [];
});
afterEach(async () => {
  await child.kill();
  await storage.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<ApiClient> {
  const database = storage.databaseUrl === null ? null : new URL(storage.databaseUrl);
  if (database !== null) database.password = 'hush-database';
  child = ChildService.spawn({
    storage: { ...storage, databaseUrl: database?.href ?? null },
    cwd: folder,
    // As the supplied Dockerfile and Procfile have it.
    before: 'ulimit -c 0',
    env: { LOG_LEVEL: 'trace', ADMIN_API_KEY, MEDIA_SIGNING_KEY, ...env },
    onLine: (line) => printed.push(line),
  });
  return child.listening;
}

const headers = { authorization: `Bearer ${ADMIN_API_KEY}` };
const left = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });

/** Everything that was printed or written has neither a descriptor nor a secret. */
function expectNothingOf(secrets: readonly string[]): void {
  const files = left().map((name) => readFileSync(join(folder, name)));
  const everything = Buffer.concat([...files, Buffer.from(printed.join('\n'))]);
  const text = everything.toString('latin1');
  expect(vectorsIn(everything, vectors)).toEqual([]);
  for (const vector of vectors) {
    // As a list of bytes, which is how Node prints a Buffer, on lines as they fit.
    const bytes = [...Buffer.from(packed(vector), 'base64').subarray(0, 12)];
    expect(text.replace(/\s/g, '')).not.toContain(bytes.join(','));
  }
  expect(text).not.toContain('hush');
  for (const secret of secrets) {
    expect(text.includes(secret)).toBe(false);
    const bytes = Buffer.from(secret, 'hex');
    for (const form of ['base64', 'base64url'] as const) expect(text).not.toContain(bytes.toString(form));
  }
}

it.each(['throw', 'reject', 'abort'])(
  'a process that dies by %s while a check is in work leaves neither faces nor keys',
  async (how) => {
    const file = join(storage.dataDir, 'bomb.js');
    writeFileSync(file, bomb);
    const api = await start({
      NODE_OPTIONS: `--require ${file} --report-uncaught-exception --report-on-fatalerror`,
      BOMB: how,
      CLOUDINARY_URL,
      CLOUDINARY_UPLOAD_PREFIX: 'http://127.0.0.1:9',
    });
    for (const [employeeId, face] of [
      ['EMP-1', hopper],
      ['EMP-2', collins],
    ] as const) {
      const input = { name: 'Somebody', employeeId, ...face };
      expect(JSON.stringify(await api.send(REGISTER, { input }, headers))).toContain(
        'registered successfully',
      );
    }
    await api.send(CHECK, { input: hopperAgain }, headers).catch(() => undefined);
    expect(await child.ended).toBe(how === 'abort' ? 'SIGABRT' : 1);

    const reports = left().filter((name) => /^report\..*\.json$/.test(name));
    expect(left()).toEqual(reports);
    expect(reports).toHaveLength(how === 'abort' ? 0 : 1);
    for (const name of reports) {
      const report = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
        javascriptStack: { message: string; errorProperties?: object };
      };
      expect(report.javascriptStack.message).toContain('the connection is gone');
    }
    expectNothingOf([]);
    if (how !== 'abort') expect(printed.join('\n')).toContain('Unhandled error; the process ends');
  },
);

it('a report that is asked for by a signal has no key in it, and no signal leaves a snapshot or opens the inspector', async () => {
  const api = await start({
    NODE_OPTIONS: '--report-on-signal',
    ENCRYPTION_KEY,
    ENCRYPTION_KEY_PREVIOUS,
  });
  const input = { name: 'Grace Hopper', employeeId: 'EMP-1', ...hopper };
  await api.send(REGISTER, { input }, headers);
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) child.signal(signal);
  await until(left, (names) => names.length > 0);
  expect((await api.send('{ offices { id } }', {}, headers)).data).toEqual({ offices: [] });
  expect(await child.stop()).toBe(0);
  expect(left()).toEqual([expect.stringMatching(/^report\..*\.json$/)]);
  expect(printed.join('\n')).not.toMatch(/Debugger listening|ws:\/\//);
  expect(printed.join('\n')).toContain('SIGUSR1 ignored');
  expectNothingOf([ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS]);
});

it('every variable that may hold a secret is taken out of the environment', () => {
  const telling = Object.keys(environmentSchema.shape).filter((name) =>
    /KEY|SECRET|TOKEN|_URLS?$/.test(name),
  );
  // The number of requests of a key, where a key is, and addresses that everybody may know.
  const open = [
    ...['AUTH_JWKS_URL', 'AUTH_MAX_TOKEN_AGE_SECONDS', 'ENCRYPTION_KEY_FILE'],
    ...['LOCKOUT_KEY_FAILURES', 'LOCKOUT_KEY_FAILURES_PER_DAY'],
    ...['PUBLIC_URL', 'RATE_LIMIT_PER_KEY', 'STREAM_LIMIT_PER_KEY'],
  ];
  expect([...SECRET_VARIABLES, ...open].sort()).toEqual(telling.sort());
});

describe('core files', () => {
  const limits = (size: string): string => `Max stack size 8388608 unlimited bytes
Max core file size        ${size}                    unlimited            bytes
Max resident set          unlimited            unlimited            bytes`;

  it.each([
    [limits('0'), false],
    [limits('unlimited'), true],
    [limits('4096'), true],
    ['', null],
    [null, null],
  ])('are told by the limits of the process (%#)', (text, expected) => {
    expect(leavesCoreFiles(text)).toBe(expected);
  });

  it('are not written by the supplied ways to start', () => {
    const [, docker = '[]'] =
      /^CMD (\[.*\])$/m.exec(
        readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replace(/^HEALTHCHECK.*$/m, ''),
      ) ?? [];
    const [shell = '', flag = '', dockerCommand = ''] = JSON.parse(docker) as string[];
    expect([shell, flag]).toEqual(['sh', '-c']);
    const [, procfile = ''] = /^web: (.*)$/m.exec(readFileSync(join(ROOT, 'Procfile'), 'utf8')) ?? [];
    const [, render = ''] =
      /startCommand: (.*)$/m.exec(readFileSync(join(ROOT, 'render.yaml'), 'utf8')) ?? [];
    for (const command of [dockerCommand, procfile, render]) {
      expect(command).toContain('dist/src/main.js');
      const probe = command.replace(/node dist\/src\/main\.js/, 'cat /proc/self/limits');
      const { stdout } = spawnSync('bash', ['-c', `ulimit -S -c unlimited 2>/dev/null; sh -c "$0"`, probe]);
      expect([command, leavesCoreFiles(stdout.toString())]).toEqual([command, false]);
    }
  });
});
