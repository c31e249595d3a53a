/** Real: the database, the disk, the command as a process that is killed. Fake: nothing. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import type { DataSource, QueryRunner } from 'typeorm';
import { LocalStore } from '../../src/services/photos/local/local-store';
import { isEnvelope, keyIdOf } from '../../src/services/encryption/envelope';
import { requireKeys, WrongKeys } from '../../src/services/encryption/key-check';
import { Encryption1764600000000 } from '../../src/migrations/1764600000000-encryption';
import { KeyRing } from '../../src/services/encryption/key-ring';
import { KeyUse } from '../../src/services/encryption/key-use';
import { PhotoRotation, photoTarget } from '../../src/services/photos/local/photo-rotation';
import { TemplateRotation } from '../../src/services/faces/matching/template-rotation';
import { KeyRotation } from '../../src/services/encryption/key-rotation';
import { PhotoVault } from '../../src/services/photos/local/photo-vault';
import { TemplateVault } from '../../src/services/faces/matching/template-vault';
import { CHECKOUT, compiled } from '../support/compiled';
import { openDataSource } from '../support/data-source';
import { createStorage, itOnServer, type TestStorage } from '../support/databases';
import { photo } from '../support/photos';
import { until } from '../support/until';
import { enrolPlain, newKey, Progress, type EnrolledRow } from '../support/encryption-keys';

const PEOPLE = 700;
const PHOTOS = 250;
const JPEG = photo('tiny.jpg');
const DONE = { templates: 0, photos: 0, keysInUse: [] };
const never = new AbortController().signal;

/** Sealing and opening thousands of rows takes its time on a busy machine. */
jest.setTimeout(240_000);

describe('the keys', () => {
  const [first, second, third] = [newKey(), newKey(), newKey()];
  const old = new KeyRing({ key: first, previous: [] });
  const both = new KeyRing({ key: second, previous: [first] });
  const fresh = new KeyRing({ key: second, previous: [] });
  let storage: TestStorage;
  let dataSource: DataSource;
  let local: LocalStore;
  let rows: EnrolledRow[];

  const paths = (): string[] =>
    rows.slice(0, PHOTOS).map(({ employeeId }) => `face_images/${employeeId}.jpg`);
  const onDisk = (path: string): Buffer => readFileSync(join(storage.dataDir, 'media', path));
  const photoRotation = (keys: KeyRing, { encryptMedia = true, decrypt = false } = {}): PhotoRotation =>
    new PhotoRotation(dataSource, local, keys, photoTarget(encryptMedia, decrypt));
  const rotation = (keys: KeyRing, { encryptMedia = true, decrypt = false } = {}): KeyRotation =>
    new KeyRotation({
      dataSource,
      keys,
      decrypt,
      templates: new TemplateRotation(dataSource, keys, decrypt ? 'plain' : 'encrypted'),
      photos: photoRotation(keys, { encryptMedia, decrypt }),
    });
  const stored = () =>
    dataSource.query<{ id: string; vector: Buffer; plain_vector: Buffer | null }[]>(
      'SELECT id, vector, plain_vector FROM face_templates ORDER BY id',
    );
  /** Every template and photo is there, and opens to what it was with these keys. */
  async function expectWhole(keys: KeyRing | null): Promise<void> {
    const vault = new TemplateVault(keys);
    const byId = new Map((await stored()).map((row) => [row.id, row]));
    for (const row of rows) {
      const found = byId.get(row.id);
      expect(vault.open(row, 'vector', found?.vector ?? Buffer.alloc(0), 128)).toEqual(row.vector);
      const plain = found?.plain_vector ?? null;
      expect(plain && vault.open(row, 'plain_vector', plain, 128)).toEqual(row.plainVector);
    }
    const photos = new LocalStore(storage.dataDir, new PhotoVault(keys, false));
    for (const path of paths()) expect((await photos.read(path)).equals(JPEG)).toBe(true);
  }
  const keysInUse = async (): Promise<string[]> =>
    (await dataSource.query<{ id: string }[]>('SELECT id FROM encryption_keys ORDER BY id')).map(
      ({ id }) => id,
    );

  beforeAll(async () => {
    storage = await createStorage();
    dataSource = await openDataSource(storage);
    local = new LocalStore(storage.dataDir);
    await local.open();
    rows = await enrolPlain(dataSource, PEOPLE);
    for (const path of paths()) await local.writeDurable(JPEG, path);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });

  it('what was stored before there was one is encrypted, broken off half way and gone on with', async () => {
    await requireKeys(dataSource, old);
    expect(await rotation(old).remaining()).toEqual({ templates: PEOPLE, photos: PHOTOS });

    const broken = new AbortController();
    const progress = new Progress(() => broken.abort());
    const left = await rotation(old).run(broken.signal, progress);
    expect(left).toMatchObject({
      templates: PEOPLE - progress.rewritten.templates,
      photos: PHOTOS,
    });
    expect(progress.rewritten.templates).toBeGreaterThan(0);
    expect(left.templates).toBeGreaterThan(0);
    await expectWhole(old);

    const again = new Progress();
    expect(await rotation(old).run(never, again)).toEqual(DONE);
    expect(again.rewritten).toEqual({ templates: left.templates, photos: PHOTOS });
    await expectWhole(old);
    for (const { vector, plain_vector } of await stored()) {
      expect(vector).toHaveLength(612);
      expect(plain_vector === null || plain_vector.length === 612).toBe(true);
    }
    for (const path of paths()) expect(isEnvelope(onDisk(path))).toBe(true);
  });

  it('once more finds nothing to do', async () => {
    const progress = new Progress();
    expect(await rotation(old).run(never, progress)).toEqual(DONE);
    expect(progress.rewritten).toEqual({ templates: 0, photos: 0 });
  });

  it('a new one takes over by rewriting headers only, by two processes at once, broken off in between', async () => {
    await requireKeys(dataSource, both);
    expect(await keysInUse()).toEqual([old.current.id, both.current.id].sort());
    const before = new Map((await stored()).map((row) => [row.id, row]));
    const filesBefore = paths().map(onDisk);

    const broken = new AbortController();
    await rotation(both).run(broken.signal, new Progress(() => broken.abort()));
    // In between both keys are needed, and both are asked for.
    await expectWhole(both);
    await expect(requireKeys(dataSource, fresh)).rejects.toThrow(WrongKeys);

    const [one, other] = [new Progress(), new Progress()];
    await Promise.all([rotation(both).run(never, one), rotation(both).run(never, other)]);
    expect(one.rewritten.templates + other.rewritten.templates).toBeLessThanOrEqual(PEOPLE);
    expect(await rotation(both).remaining()).toEqual({ templates: 0, photos: 0 });

    await expectWhole(fresh);
    for (const { id, vector } of await stored()) {
      expect(vector.subarray(72)).toEqual(before.get(id)?.vector.subarray(72));
      expect(keyIdOf(vector)).toBe(fresh.current.id);
    }
    paths().forEach((path, n) => expect(onDisk(path).subarray(72)).toEqual(filesBefore[n]?.subarray(72)));
    expect(await keysInUse()).toEqual([fresh.current.id]);
    await requireKeys(dataSource, fresh);
    await expect(requireKeys(dataSource, old)).rejects.toThrow(fresh.current.id);
  });

  it('an earlier one is not done with while a node that runs encrypts under it', async () => {
    await requireKeys(dataSource, both);
    await dataSource.query('INSERT INTO encryption_keys (id) VALUES ($1)', [old.current.id]);
    const use = new KeyUse(dataSource, old.current.id, pino({ level: 'silent' }));
    await use.begin(dataSource.manager);
    const left = await rotation(both).run(never, new Progress());
    expect(left).toEqual({ ...DONE, keysInUse: [old.current.id] });
    expect(await keysInUse()).toEqual([old.current.id, both.current.id].sort());
    await use.end();
    expect(await rotation(both).run(never, new Progress())).toEqual(DONE);
    expect(await keysInUse()).toEqual([both.current.id]);

    // One that died is not waited for for ever.
    await dataSource.query(
      `INSERT INTO encryption_key_users (node_id, key_id, seen_at) VALUES ($1, $2, now() - interval '4 minutes')`,
      ['00000000-0000-4000-8000-000000000000', old.current.id],
    );
    expect(await rotation(both).run(never, new Progress())).toEqual(DONE);
    const next = new KeyUse(dataSource, both.current.id, pino({ level: 'silent' }));
    await next.begin(dataSource.manager);
    const users = await dataSource.query<{ key_id: string }[]>('SELECT key_id FROM encryption_key_users');
    expect(users).toEqual([{ key_id: both.current.id }]);
    // One that begins while everything is brought under the new key is seen, too.
    const late = new KeyUse(dataSource, old.current.id, pino({ level: 'silent' }));
    const keys = new KeyRing({ key: first, previous: [second] });
    await dataSource.query('UPDATE face_templates SET vector = $2 WHERE id = $1', [
      rows[0]?.id,
      new TemplateVault(old).seal(rows[0] as EnrolledRow, 'vector', rows[0]?.vector ?? Buffer.alloc(0)),
    ]);
    const photos = photoRotation(both);
    const outcome = await new KeyRotation({
      dataSource,
      keys: both,
      templates: new TemplateRotation(dataSource, both, 'encrypted'),
      photos: {
        remaining: () => photos.remaining(),
        run: async (signal, progress) => {
          await requireKeys(dataSource, keys, (manager) => late.begin(manager));
          await photos.run(signal, progress);
        },
      },
    }).run(never, new Progress());
    expect(outcome.keysInUse).toEqual([old.current.id]);
    await late.end();
    // Of its own key a rotation need not be told.
    expect(await rotation(both).run(never, new Progress())).toEqual(DONE);
    await next.end();
  });

  it('a wrong one, or none, is refused by its id, before anything is read, and is never shown', async () => {
    const wrong = new KeyRing({ key: third, previous: [first] });
    const refusals = await Promise.all(
      [wrong, old, null].map((keys) =>
        requireKeys(dataSource, keys).then(
          () => 'taken',
          (error: Error) => error.message,
        ),
      ),
    );
    for (const refusal of refusals) {
      expect(refusal).toContain(`the encryption key with id ${fresh.current.id}`);
      for (const key of [first, second, third]) {
        expect(refusal).not.toContain(key.toString('hex').slice(0, 8));
        expect(refusal).not.toContain(key.toString('base64').slice(0, 8));
      }
    }
    expect(refusals[0]).toContain(wrong.current.id);
    expect(refusals[2]).toContain('no key is configured');
    expect(await keysInUse()).toEqual([fresh.current.id]);
  });

  it('a photo without a row is left alone: its row may be about to be written', async () => {
    const path = 'attendance_images/2026/03/02/0190a5c4-7a3b-7000-8000-000000000000.jpg';
    await local.writeDurable(JPEG, path);
    const progress = new Progress();
    expect(await rotation(fresh).run(never, progress)).toEqual(DONE);
    expect(progress.rewritten.photos).toBe(0);
    expect(onDisk(path)).toEqual(JPEG);
    await local.remove(path);
  });

  it('a photo whose person is erased meanwhile does not come back', async () => {
    const path = `attendance_images/2026/03/02/${rows[0]?.id}.jpg`;
    const [own = ''] = paths();
    const moveRow = (from: string, to: string) =>
      dataSource.query('UPDATE employees SET image_path = $2 WHERE image_path = $1', [from, to]);
    await local.writeDurable(JPEG, path);
    await moveRow(own, path);
    const other = new LocalStore(storage.dataDir);
    let erased: Promise<void> = Promise.resolve();
    const erasing = jest.spyOn(local, 'writeStored').mockImplementationOnce(async (bytes, to) => {
      // Row and file are to go between the look and the writing.
      erased = moveRow(to, own).then(() => local.remove(to));
      // The erasure is held up by the rotation's lock, which shows in nothing but that it has not happened.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await other.writeStored(bytes, to);
    });
    try {
      await rotation(fresh).run(never, new Progress());
      await erased;
      expect(erasing.mock.calls.map(([, to]) => to)).toEqual([path]);
      await expect(local.readStored(path)).rejects.toThrow('File not found');
    } finally {
      erasing.mockRestore();
    }
  });

  it('what was tampered with is named and left, and keeps the others from nothing', async () => {
    const [one, other] = rows;
    const [path = ''] = paths();
    const original = onDisk(path);
    const [{ vector } = { vector: Buffer.alloc(0) }] = await dataSource.query<{ vector: Buffer }[]>(
      'SELECT vector FROM face_templates WHERE id = $1',
      [one?.id],
    );
    await dataSource.query(
      'UPDATE face_templates SET vector = (SELECT vector FROM face_templates WHERE id = $2) WHERE id = $1',
      [one?.id, other?.id],
    );
    writeFileSync(join(storage.dataDir, 'media', path), onDisk(paths()[1] ?? ''));
    const next = new KeyRing({ key: third, previous: [second] });
    await requireKeys(dataSource, next);
    const progress = new Progress();
    expect(await rotation(next).run(never, progress)).toMatchObject({ templates: 1, photos: 1 });
    expect(progress.unreadableThings.sort()).toEqual([`photo ${path}`, `template ${one?.id}`]);
    expect(progress.rewritten).toEqual({ templates: PEOPLE - 1, photos: PHOTOS - 1 });
    // The old key is still asked for.
    expect(await keysInUse()).toHaveLength(2);

    await dataSource.query('UPDATE face_templates SET vector = $2 WHERE id = $1', [one?.id, vector]);
    writeFileSync(join(storage.dataDir, 'media', path), original);
    expect(await rotation(next).run(never, new Progress())).toEqual(DONE);
    expect(await keysInUse()).toEqual([next.current.id]);
    await expectWhole(next);
  });

  const migration = new Encryption1764600000000();
  const inTransaction = (work: (runner: QueryRunner) => Promise<void>): Promise<void> =>
    dataSource.transaction((manager) => work(manager.queryRunner as QueryRunner));

  it('the migration is not undone while anything is encrypted, and is once nothing is', async () => {
    await expect(inTransaction((runner) => migration.down(runner))).rejects.toThrow('decrypt them first');
    const last = new KeyRing({ key: third, previous: [] });
    const progress = new Progress();
    expect(await rotation(last, { decrypt: true }).run(never, progress)).toEqual(DONE);
    expect(progress.rewritten).toEqual({ templates: PEOPLE, photos: PHOTOS });
    await expectWhole(null);
    expect(await keysInUse()).toEqual([]);
    await inTransaction((runner) => migration.down(runner));
    await inTransaction((runner) => migration.up(runner));
  });
});

/** The command as npm starts it. @param kill awaited from its first line on; then it is killed */
function rotate(
  { dataDir, databaseUrl }: TestStorage,
  env: Record<string, string>,
  args: string[] = [],
  kill: (() => Promise<unknown>) | null = null,
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [compiled('src/cli/rotate-key.js'), ...args], {
    cwd: CHECKOUT,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      DATABASE_URL: databaseUrl ?? '',
      DATA_DIR: dataDir,
      ...env,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      if (said === '' && kill !== null) void kill().then(() => child.kill('SIGKILL'));
      said += chunk;
    });
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

describe('npm run keys:rotate', () => {
  const [first, second] = [newKey(), newKey()];
  const [old, fresh] = [first, second].map((key) => new KeyRing({ key, previous: [] })) as [KeyRing, KeyRing];
  const before = { ENCRYPTION_KEY: first.toString('hex') };
  const both = { ENCRYPTION_KEY: second.toString('base64'), ENCRYPTION_KEY_PREVIOUS: first.toString('hex') };

  it.each([
    [['--nonsense'], 2, /--nonsense.*See: npm run keys:rotate -- --help/s],
    [['--help'], 0, /--dry-run.*--decrypt/s],
    [[], 1, /ENCRYPTION_KEY is not set/],
  ])('with %j ends with %d', async (args, code, text) => {
    const result = await rotate({ dataDir: '/nowhere', databaseUrl: null } as TestStorage, {}, args);
    expect(result).toEqual({ code, said: expect.stringMatching(text) as string });
  });

  it('says what to do instead while the service has the embedded database', async () => {
    const storage = await createStorage('pglite');
    const dataSource = await openDataSource(storage);
    try {
      const { code, said } = await rotate(storage, before);
      expect(code).toBe(1);
      expect(said).toContain('mutation { rotateEncryption');
    } finally {
      await dataSource.destroy();
      await storage.remove();
    }
  });

  itOnServer('killed with -9 at any moment loses nothing, and goes on', async () => {
    const storage = await createStorage();
    const dataSource = await openDataSource(storage);
    try {
      const rows = await enrolPlain(dataSource, 8000);
      expect((await rotate(storage, before, ['--dry-run'])).said).toContain(
        '8000 templates, 0 photos to re-encrypt',
      );
      const encrypted = await rotate(storage, before);
      expect(encrypted).toMatchObject({ code: 0, said: expect.stringContaining('Done') as string });

      const vault = new TemplateVault(new KeyRing({ key: second, previous: [first] }));
      const under = new Set<string>();
      /** As soon as templates are under the new key: how long that takes depends on the machine. */
      const begun = () =>
        until(
          () => dataSource.query<{ vector: Buffer }[]>('SELECT vector FROM face_templates'),
          (stored) => stored.some(({ vector }) => keyIdOf(vector) === fresh.current.id),
        );
      for (const kill of [() => wait(20), begun, () => wait(120)]) {
        await rotate(storage, both, [], kill);
        const stored = await dataSource.query<{ id: string; vector: Buffer }[]>(
          'SELECT id, vector FROM face_templates',
        );
        const byId = new Map(stored.map(({ id, vector }) => [id, vector]));
        for (const row of rows) {
          const sealed = byId.get(row.id) ?? Buffer.alloc(0);
          under.add(keyIdOf(sealed));
          expect(vault.open(row, 'vector', sealed, 128).equals(row.vector)).toBe(true);
        }
      }
      expect([...under].sort()).toEqual([old.current.id, fresh.current.id].sort());

      expect(await rotate(storage, both)).toMatchObject({
        code: 0,
        said: expect.stringContaining('Done') as string,
      });
      const { said } = await rotate(storage, { ENCRYPTION_KEY: second.toString('hex') });
      expect(said).toContain(`0 templates, 0 photos to re-encrypt with key ${fresh.current.id}`);
      const refused = await rotate(storage, before);
      expect(refused).toMatchObject({ code: 1, said: expect.stringContaining(fresh.current.id) as string });
      for (const key of [first, second]) expect(refused.said).not.toContain(key.toString('hex').slice(0, 8));
    } finally {
      await dataSource.destroy();
      await storage.remove();
    }
  });
});
