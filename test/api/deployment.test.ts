/** Real: the service over HTTP and as a process of its own, the database, permissions of the disk. Fake: nothing. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { loadConfig } from '../../src/config/config';
import { warningsOf } from '../../src/config/warnings';
import { requireDataFolder } from '../../src/services/disk/data-folder';
import { createStorage, type TestStorage } from '../support/databases';
import { faultOf, post } from '../support/hostile';
import { TestService } from '../support/service';

describe('a compressed body', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start({ env: { FACE_WORKERS: '0' } });
  });
  afterAll(() => service.stop());

  const body = JSON.stringify({ query: '{ __typename }' });

  it.each([
    ['gzip', gzipSync(body), 'application/json'],
    ['GZIP', gzipSync(body), 'application/json'],
    ['br', brotliCompressSync(body), 'application/json; charset=utf-8'],
    ['identity, gzip', gzipSync(body), 'application/json'],
    ['gzip', gzipSync(body), 'multipart/form-data; boundary=x'],
    ['gzip', gzipSync(body), 'text/plain'],
  ])(
    'with Content-Encoding: %s is answered with 415, which says what to send',
    async (encoding, bytes, type) => {
      const answer = await post(service.url, bytes, { 'content-type': type, 'content-encoding': encoding });
      expect(answer.status).toBe(415);
      expect(answer.headers['accept-encoding']).toBe('identity');
      expect(faultOf(answer)).toMatchObject({
        message: 'Send the body without Content-Encoding',
        extensions: { code: 'BAD_USER_INPUT' },
      });
    },
  );

  it.each(['identity', 'Identity', ''])('that is none (%j) is read', async (encoding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    expect((await post(service.url, body, headers)).status).toBe(200);
  });
});

describe('DATA_DIR that cannot be written', () => {
  let storage: TestStorage;
  const uid = process.geteuid?.();

  beforeEach(async () => {
    storage = await createStorage();
  });
  afterEach(async () => {
    if (uid === 0) process.seteuid?.(0);
    chmodSync(storage.dataDir, 0o700);
    await storage.remove();
  });

  /** Permissions do not bind root, so its tests go on as another user. */
  const asUser = () => {
    if (uid === 0) process.seteuid?.(65_534);
  };

  it.each(['', 'new/below', 'media'])('is named with the user: %j', async (below) => {
    const folder = join(storage.dataDir, below);
    mkdirSync(join(storage.dataDir, 'media'), { recursive: true, mode: 0o755 });
    chmodSync(storage.dataDir, 0o555);
    asUser();
    await expect(requireDataFolder(folder)).rejects.toThrow(
      new RegExp(
        `^DATA_DIR: user \\S+ \\(uid \\d+\\) cannot write to ${folder}: write permission is missing$`,
      ),
    );
  });

  it('is named if one of its folders belongs to another user', async () => {
    mkdirSync(join(storage.dataDir, 'media'), { recursive: true });
    chmodSync(storage.dataDir, 0o777);
    chmodSync(join(storage.dataDir, 'media'), 0o555);
    asUser();
    await expect(requireDataFolder(storage.dataDir)).rejects.toThrow(
      `cannot write to ${storage.dataDir}/media:`,
    );
  });

  it('is named if it is a file, or below one', async () => {
    const file = join(storage.dataDir, 'file');
    writeFileSync(file, '');
    await expect(requireDataFolder(file)).rejects.toThrow(`cannot write to ${file}: it is a file`);
    await expect(TestService.start({ env: { DATA_DIR: join(file, 'x') } })).rejects.toThrow(
      `cannot write to ${file}/x: a part of the path is a file`,
    );
  });
});

describe('without PUBLIC_URL', () => {
  const warned = (env: Readonly<Record<string, string>>) =>
    warningsOf(loadConfig(env)).some(({ text }) => text.startsWith('PUBLIC_URL is not set: links to photos'));
  const ADMIN_API_KEY = 'k'.repeat(32);

  it.each([
    [{ HOST: '0.0.0.0' }, true],
    [{ HOST: '::' }, true],
    [{ HOST: '192.0.2.1' }, true],
    [{ TRUST_PROXY: '1' }, true],
    [{ HOST: '127.0.0.1' }, false],
    [{}, false],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://attendance.test' }, false],
  ])('%j warns at start: %s', (env, expected) => {
    expect(warned({ ADMIN_API_KEY, ...env })).toBe(expected);
  });
});
