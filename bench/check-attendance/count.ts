/**
 * Lists what one check runs with every feature on: the functions of the attendance code that are entered, by V8's own
 * counters, and the SQL statements that are sent. Needs the build, and a PostgreSQL server (TEST_DATABASE_URL).
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type * as AppModule from '../../src/app';
import type * as ConfigModule from '../../src/config/config';
import { findPostgres } from '../../scripts/find-postgres';
import { descriptor } from '../../test/support/photos';
import { renderedActions, renderedPhoto } from '../../test/support/rendered-photos';

/** The built files, not their sources. */
const load = createRequire(__filename);
const DIST = join(__dirname, '..', '..', 'dist', 'src');
const PHOTOS = join(__dirname, '..', '..', 'test', 'fixtures');
/** The code that a check is made of; what it calls (matching, photos, inference) has other users as well. */
const COUNTED = /\/dist\/src\/(services\/(attendance|access|faces\/replay)|resolvers\/attendance)\//;
/** What the compiler makes of `export` and of types in decorators: `get x () { return x; }`, `()=>String`. */
const COMPILED =
  /^(get\b[^(]*|function)\s*\(\)\s*\{\s*return \w+;\s*\}$|^\(.{0,9}\)=>[([]?\s*[\w.]+\s*[)\]]?$/;
/** What the service sends by itself every few seconds: the looks for due work, and whether a connection is there. */
const BACKGROUND =
  /^(UPDATE (discarded_images|erasures) SET next_at|SELECT id, subject_id, .* FROM erasures|SELECT i\.id, c\.sequence|SELECT \(SELECT hash FROM audit_events|select 1$|SET statement_timeout|.*image_upload_next_at = )/i;
/** What follows the answer (the punch is announced) is a part of the check. */
const AFTERWARDS_MS = 300;
const base64 = (name: string): string => readFileSync(join(PHOTOS, `${name}.jpg`)).toString('base64');

interface Counted {
  readonly functions: readonly string[];
  readonly statements: readonly string[];
}

type Ask = <T>(query: string, variables: object, credential?: string) => Promise<T>;

async function main(): Promise<void> {
  const server = await findPostgres();
  if (server === null) throw new Error('Set TEST_DATABASE_URL to a PostgreSQL server');
  const name = `rollcall_count_${randomBytes(6).toString('hex')}`;
  const databaseUrl = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-count-'));
  const admin = new Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  try {
    await count(databaseUrl, dataDir);
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function count(databaseUrl: string, dataDir: string): Promise<void> {
  const { createApp } = load(join(DIST, 'app.js')) as typeof AppModule;
  const { loadConfig } = load(join(DIST, 'config', 'config.js')) as typeof ConfigModule;
  const key = randomBytes(24).toString('hex');
  const app = await createApp(
    loadConfig({
      ...{ PORT: '0', LOG_LEVEL: 'warn', DATA_DIR: dataDir, DATABASE_URL: databaseUrl, ADMIN_API_KEY: key },
      ...{ REQUIRE_CHALLENGE: 'true', REQUIRE_LIVENESS: 'true', REPLAY_WINDOW_DAYS: '30' },
      ...{ PUNCH_MIN_INTERVAL_SECONDS: '0', FACE_WORKERS: '1', FACE_TIMEOUT_MS: '120000' },
      ...{ OPERATION_TIMEOUT_MS: '120000' },
    }),
  );
  try {
    const url = await app.listen();
    const ask: Ask = async <T>(query: string, variables: object, credential = key) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    };
    const kiosk = await prepare(ask);
    const forget = (): Promise<unknown> =>
      app.dataSource.query(
        'WITH s AS (DELETE FROM seen_samples) DELETE FROM seen_faces WHERE template_id IS NULL',
      );
    // Warm: prepared statements and the key's last use, which is written once a minute.
    await (
      await check(ask, kiosk, {})
    )();
    for (const [title, input] of Object.entries({ identified: {}, claimed: { employeeId: 'EMP-1' } })) {
      await forget();
      show(title, await counted(await check(ask, kiosk, input)));
    }
  } finally {
    await app.close();
  }
}

/** @returns the key of a kiosk in an office with a geofence, to which one person belongs */
async function prepare(ask: Ask): Promise<string> {
  const { createOffice: office } = await ask<{ createOffice: { id: string } }>(
    'mutation ($input: CreateOfficeInput!) { createOffice(input: $input) { id } }',
    { input: { name: 'Lima', latitude: 0, longitude: 0, radiusMeters: 100 } },
  );
  await ask(
    'mutation ($input: RegisterEmployeeInput!) { registerEmployee(input: $input) { employee { id } } }',
    {
      input: {
        name: 'Grace',
        employeeId: 'EMP-1',
        officeId: office.id,
        imageBase64: base64('grace-hopper-2'),
      },
    },
  );
  const { createApiKey } = await ask<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { name: 'Door', role: 'KIOSK', officeId: office.id, allowOffline: true } },
  );
  return createApiKey.secret;
}

/** As the kiosk's page sends it, with a descriptor besides. @returns sends it, and waits for what follows it */
async function check(ask: Ask, kiosk: string, input: object): Promise<() => Promise<void>> {
  const { createChallenge } = await ask<{ createChallenge: { token: string; actions: string[] } }>(
    'mutation { createChallenge(input: { liveness: true }) { token actions } }',
    {},
    kiosk,
  );
  const front = await renderedPhoto('grace-hopper', 'front');
  const actions = await renderedActions(createChallenge.actions);
  return async () => {
    const { checkAttendance } = await ask<{ checkAttendance: { status: string } }>(
      `mutation ($input: CheckAttendanceInput!) { checkAttendance(input: $input) { __typename status message
         ... on AttendanceRecorded { attendance { id type recordedAt employee { name } office { timeZone } } } } }`,
      {
        input: {
          ...{ imageBase64: front.toString('base64'), faceDescriptor: descriptor('grace-hopper') },
          ...{ latitude: 0, longitude: 0, requestId: randomBytes(8).toString('hex') },
          challenge: createChallenge.token,
          livenessImagesBase64: actions,
          ...input,
        },
      },
      kiosk,
    );
    if (checkAttendance.status !== 'RECORDED') throw new Error(`Not recorded: ${checkAttendance.status}`);
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
  };
}

/** Runs a check between two readings of V8's counters, with an ear on every connection to the database. */
async function counted(run: () => Promise<void>): Promise<Counted> {
  const statements: string[] = [];
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  const listened = Client.prototype as unknown as { query: (this: Client, ...args: unknown[]) => unknown };
  const original = listened.query;
  listened.query = function (...args) {
    const [statement] = args as [string | { name?: string; text?: string }];
    const { name = '(unnamed)', text = '' } = typeof statement === 'string' ? { text: statement } : statement;
    const line = text.replace(/\s+/g, ' ').trim().slice(0, 90);
    if (!BACKGROUND.test(line)) statements.push(`${name}: ${line}`);
    return original.apply(this, args);
  };
  try {
    await session.post('Profiler.takePreciseCoverage');
    await run();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return { functions: result.flatMap(enteredIn), statements };
  } finally {
    listened.query = original;
    session.disconnect();
  }
}

function enteredIn({ url, functions }: Profiler.ScriptCoverage): string[] {
  const path = /\/dist\/src\/(.*)\.js$/.exec(url)?.[1];
  if (path === undefined || !COUNTED.test(url)) return [];
  const source = readFileSync(new URL(url), 'utf8');
  return functions.flatMap(({ functionName: name, ranges }) => {
    const [{ startOffset, endOffset, count } = { startOffset: 0, endOffset: 0, count: 0 }] = ranges;
    if (count === 0 || COMPILED.test(source.slice(startOffset, endOffset))) return [];
    return [`${path} ${name === '' ? `(at ${startOffset})` : name}`];
  });
}

function show(title: string, { functions, statements }: Counted): void {
  process.stdout.write(`
${title}: ${functions.length} functions in ${new Set(functions.map((each) => each.split(' ')[0])).size} files
${functions.map((each) => `  ${each}`).join('\n')}
${title}: ${statements.length} statements
${statements.map((each) => `  ${each}`).join('\n')}
`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
