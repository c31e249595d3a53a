/** Real: the service over HTTP, the database, the disk, the commands as processes. Fake: nothing. */
import { execFile } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN_KEY, Speaker } from '../support/access';
import { CHECKOUT, compiled } from '../support/compiled';
import { createStorage, type TestStorage } from '../support/databases';
import { send } from '../support/hostile';
import { register } from '../support/operations';
import { TestService } from '../support/service';

const newKey = (): string => randomBytes(32).toString('hex');
const CLOSED = { ADMIN_API_KEY: ADMIN_KEY, REPLAY_WINDOW_DAYS: '30' };

describe('the secrets of an installation', () => {
  let storage: TestStorage;
  beforeEach(async () => {
    storage = await createStorage();
  });
  afterEach(() => storage.remove());

  const files = (): Map<string, Buffer> => {
    const folder = join(storage.dataDir, 'secrets');
    const paths = readdirSync(folder).map((name) => join(folder, name));
    return new Map(
      [...paths, join(storage.dataDir, 'erasures.log.key')].map((path) => [path, readFileSync(path)]),
    );
  };
  const areSealed = (): boolean =>
    [...files().values()].every((content) => content.subarray(0, 4).toString('latin1') === 'RCE1');
  const start = (env: Record<string, string> = {}): Promise<TestService> =>
    TestService.start({ storage, env: { ...CLOSED, ...env } });
  const startAndStop = async (env: Record<string, string> = {}): Promise<void> => (await start(env)).stop();
  function run(command: string, env: Record<string, string>, ...args: string[]): Promise<string> {
    const all = {
      ...{ PATH: process.env['PATH'], NODE_ENV: 'test' },
      ...{ DATABASE_URL: storage.databaseUrl ?? '', DATA_DIR: storage.dataDir, ...env },
    };
    return new Promise((resolve, reject) =>
      execFile(
        process.execPath,
        [compiled(`src/cli/${command}.js`), ...args],
        { cwd: CHECKOUT, env: all },
        (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stdout + stderr))),
      ),
    );
  }

  it('open no photo of a service with an ENCRYPTION_KEY', async () => {
    const service = await start({ ENCRYPTION_KEY: newKey(), ENCRYPT_MEDIA: 'true' });
    const { employee } = await register(new Speaker(service, ADMIN_KEY));
    expect(areSealed()).toBe(true);
    const expires = /expires=(\d+)/.exec(employee.faceImageUrl)?.[1] ?? '';
    for (const [file, content] of files()) {
      for (const key of [
        content,
        content.subarray(0, 32),
        content.subarray(-32),
        content.subarray(84, 116),
      ]) {
        for (const text of [
          `rollcall-media-2\nface_images/EMP-1.jpg\n${employee.id}\n${expires}`,
          `rollcall-media-1\nface_images/EMP-1.jpg\n${expires}`,
        ]) {
          const signature = createHmac('sha256', key).update(text).digest('base64url');
          const path = `/media/face_images/EMP-1.jpg?expires=${expires}&signature=${signature}`;
          expect([file, (await send(service.url, path)).status]).toEqual([file, 403]);
        }
      }
    }
    await service.stop();
  });

  it('that are there are encrypted at the next start, also those that are not used, and stay the same', async () => {
    let service = await start();
    const { employee } = await register(new Speaker(service, ADMIN_KEY));
    await service.stop();
    const plain = files();
    const names = [...plain.keys()].map((path) => path.slice(storage.dataDir.length + 1)).sort();
    expect(names).toEqual([
      'erasures.log.key',
      ...['audit', 'beacon', 'media', 'pairing', 'replay'].map((name) => `secrets/${name}.key`),
    ]);
    expect([...plain.values()].every((content) => content.length === 32)).toBe(true);
    // Of a crash long ago.
    const draft = join(storage.dataDir, 'secrets', 'media.key.0198d9c2-0000-7000-8000-000000000000');
    writeFileSync(draft, plain.get(join(storage.dataDir, 'secrets', 'media.key')) ?? '');
    utimesSync(draft, 0, 0);

    service = await start({ ENCRYPTION_KEY: newKey(), REPLAY_WINDOW_DAYS: '0' });
    expect(areSealed()).toBe(true);
    const stored = Buffer.concat([...files().values()]);
    for (const content of plain.values()) expect(stored.includes(content.subarray(0, 16))).toBe(false);
    expect((await send(service.url, employee.faceImageUrl.replace(/^http:\/\/[^/]+/, ''))).status).toBe(200);
    await service.stop();
  });

  it('keep a service with another key, or without one, from starting', async () => {
    const [key, other] = [newKey(), newKey()];
    await startAndStop({ ENCRYPTION_KEY: key });
    const before = files();
    // The database of another installation does not know which key this folder needs.
    const elsewhere = await createStorage();
    try {
      for (const env of [{ ENCRYPTION_KEY: other }, {}] as Record<string, string>[]) {
        const foreign = { ...elsewhere, dataDir: storage.dataDir };
        if (storage.databaseUrl !== null) {
          const started = TestService.start({ storage: foreign, env: { ...CLOSED, ...env } });
          await expect(started).rejects.toThrow(
            /\.key: encrypted with key [0-9a-f]{16}; .*Set ENCRYPTION_KEY/,
          );
        }
        await expect(start(env)).rejects.toThrow(/need the encryption key with id [0-9a-f]{16}/);
      }
    } finally {
      await elsewhere.remove();
    }
    expect(files()).toEqual(before);
    // A file of one secret is not another one.
    const [media, pairing] = ['media', 'pairing'].map((name) =>
      join(storage.dataDir, 'secrets', `${name}.key`),
    );
    writeFileSync(media ?? '', readFileSync(pairing ?? ''));
    await expect(start({ ENCRYPTION_KEY: key })).rejects.toThrow(/media\.key: changed or moved/);
  });

  it('come under another key at its first start, and the one before is needed no more after a rotation', async () => {
    const [first, second] = [newKey(), newKey()];
    await startAndStop({ ENCRYPTION_KEY: first });
    const before = files();
    const both = { ENCRYPTION_KEY: second, ENCRYPTION_KEY_PREVIOUS: first };
    await run('rotate-key', both);
    for (const [path, content] of files()) expect(content.equals(before.get(path) ?? content)).toBe(false);
    expect(areSealed()).toBe(true);
    await startAndStop({ ENCRYPTION_KEY: second });
    expect(await run('audit-verify', { ENCRYPTION_KEY: second })).toContain('The audit trail is unchanged');
    await expect(start({ ENCRYPTION_KEY: first })).rejects.toThrow(/need the encryption key/);
  });

  it('are in the clear again after npm run keys:rotate -- --decrypt, and the service starts without a key', async () => {
    const key = newKey();
    let service = await start({ ENCRYPTION_KEY: key });
    await register(new Speaker(service, ADMIN_KEY));
    await service.stop();
    await run('rotate-key', { ENCRYPTION_KEY: key }, '--decrypt');
    expect([...files().values()].every((content) => content.length === 32)).toBe(true);
    service = await start();
    await new Speaker(service, ADMIN_KEY).ask('mutation { createOffice(input: { name: "Lima" }) { id } }');
    await service.stop();
    // Signed with the same key as before.
    expect(await run('audit-verify', {})).toContain('The audit trail is unchanged');
  });
});
