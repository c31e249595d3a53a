/** Real: the commands' own work, the commands as processes, both databases, a full disk where one can be mounted. Fake: nothing. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config/config';
import { migrate } from '../../src/database/migrate';
import { migrations } from '../../src/migrations';
import { backUp, backupFolder, emptyStorage, restore, runCommand } from '../support/backups';
import { createStorage, database, itOnServer, type TestStorage } from '../support/databases';
import { inDatabase, mediaFiles } from '../support/privacy';
import { check, punchCount, register } from '../support/operations';
import { TestService } from '../support/service';

jest.setTimeout(300_000);

/** Every file below a folder. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

describe('a backup', () => {
  let storage: TestStorage;
  let folder: string;
  let backup: string;
  let target: TestStorage;

  beforeAll(async () => {
    storage = await createStorage();
    folder = backupFolder();
    backup = join(folder, 'good');
    const service = await TestService.start({ storage, env: { MEDIA_ACCESS: 'signed' } });
    await register(service);
    await check(service);
    await service.stop();
    await backUp(storage, backup);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await storage.remove();
  });
  beforeEach(async () => {
    target = await emptyStorage(database);
  });
  afterEach(() => target.remove());

  const untouched = (): void => {
    expect(existsSync(join(target.dataDir, 'media'))).toBe(false);
    expect(existsSync(join(target.dataDir, 'secrets'))).toBe(false);
    expect(existsSync(join(target.dataDir, 'restoring'))).toBe(false);
  };

  it('is for the eyes of this user only, can be checked by sha256sum, and is made into a new folder only', async () => {
    for (const file of filesOf(backup)) expect([file, statSync(file).mode & 0o77]).toEqual([file, 0]);
    expect(statSync(backup).mode & 0o77).toBe(0);
    expect(spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: backup }).status).toBe(0);
    await expect(backUp(storage, backup)).rejects.toThrow('exists already');
    await expect(backUp(storage, join(storage.dataDir, 'inside'))).rejects.toThrow('must not be in DATA_DIR');
    mkdirSync(join(folder, 'two.partial'));
    await expect(backUp(storage, join(folder, 'two'))).rejects.toThrow('another backup is being written');
  });

  const copy = (name: string): string => {
    const damaged = join(folder, name);
    cpSync(backup, damaged, { recursive: true });
    return damaged;
  };
  const edit = (file: string, change: (text: string) => string): void =>
    writeFileSync(file, change(readFileSync(file, 'utf8')));

  it.each<readonly [string, RegExp, (path: string) => void]>([
    [
      'a changed row',
      /rows\/employees.jsonl is missing or was changed/,
      (path) => edit(join(path, 'rows/employees.jsonl'), (text) => text.replace('EMP-1', 'EMP-2')),
    ],
    [
      'a truncated table',
      /attendances.jsonl is missing or was changed/,
      (path) => truncateSync(join(path, 'rows/attendances.jsonl'), 100),
    ],
    [
      'a changed photo',
      /jpg is missing or was changed/,
      (path) => appendFileSync(filesOf(join(path, 'media'))[0] ?? '', '0'),
    ],
    [
      'a missing photo',
      /jpg is missing or was changed/,
      (path) => rmSync(filesOf(join(path, 'media'))[0] ?? ''),
    ],
    [
      'a missing secret',
      /key is missing or was changed/,
      (path) => rmSync(filesOf(join(path, 'secrets'))[0] ?? ''),
    ],
    [
      'a changed manifest',
      /manifest.json is missing or was changed/,
      (path) =>
        edit(join(path, 'manifest.json'), (text) => text.replace(/"createdAt": "2/, '"createdAt": "3')),
    ],
    [
      'a truncated manifest',
      /manifest.json: it is no JSON/,
      (path) => truncateSync(join(path, 'manifest.json'), 50),
    ],
    [
      'a truncated list of hashes',
      /does not list/,
      (path) => edit(join(path, 'SHA256SUMS'), (text) => text.split('\n').slice(3).join('\n')),
    ],
    [
      'a list of hashes that names something else',
      /lists something that no backup contains/,
      (path) => edit(join(path, 'SHA256SUMS'), (text) => `${text}${'0'.repeat(64)}  ../../etc/passwd\n`),
    ],
    [
      'another format',
      /format is 2; this version of Rollcall reads format 1/,
      (path) => edit(join(path, 'manifest.json'), (text) => text.replace('"format": 1', '"format": 2')),
    ],
    ['no manifest', /is no backup/, (path) => rmSync(join(path, 'manifest.json'))],
  ])('with %s is refused before anything is written', async (what, message, damage) => {
    const damaged = copy(what.replaceAll(' ', '-'));
    damage(damaged);
    await expect(restore(target, damaged)).rejects.toThrow(message);
    untouched();
    expect(existsSync(join(target.dataDir, 'database'))).toBe(false);
  });

  it('of a newer version is refused with the reason', async () => {
    const newer = copy('newer');
    edit(join(newer, 'manifest.json'), (text) =>
      text.replace('"migrations": [', '"migrations": [ "Future9999",'),
    );
    const [sum = ''] = String(spawnSync('sha256sum', ['manifest.json'], { cwd: newer }).stdout).split(' ');
    edit(join(newer, 'SHA256SUMS'), (text) => text.replace(/\w+(?= {2}manifest.json)/, sum));
    await expect(restore(target, newer)).rejects.toThrow('newer version of Rollcall (migration Future9999)');
    untouched();
  });

  it('is never restored over people, photos or secrets, and over an unused service only if that is said', async () => {
    await expect(restore(storage, backup)).rejects.toThrow('DATA_DIR contains photos');
    await expect(restore(storage, backup, { withoutPhotos: true, replaceUnused: true })).rejects.toThrow(
      'never replaces people',
    );
    const service = await TestService.start({ storage: target, env: { MEDIA_ACCESS: 'signed' } });
    await service.stop();
    await expect(restore(target, backup)).rejects.toThrow('DATA_DIR contains another secret');
    rmSync(join(target.dataDir, 'secrets'), { recursive: true });
    await expect(restore(target, backup)).rejects.toThrow('Add --replace-unused');
    await restore(target, backup, { replaceUnused: true });
    const restored = await TestService.start({ storage: target, env: { MEDIA_ACCESS: 'signed' } });
    try {
      expect(await punchCount(restored)).toBe(1);
      expect(mediaFiles(target)).toHaveLength(2);
    } finally {
      await restored.stop();
    }
  });

  it('is not restored while a service uses the embedded database', async () => {
    const used = await createStorage('pglite');
    const running = await TestService.start({ storage: used });
    try {
      await expect(restore(used, backup, { replaceUnused: true })).rejects.toThrow('The service is running');
    } finally {
      await running.stop();
      await used.remove();
    }
  });

  itOnServer('is not restored while a node uses PostgreSQL', async () => {
    const server = await emptyStorage('postgres');
    const running = await TestService.start({ storage: server });
    try {
      const elsewhere = { ...server, dataDir: target.dataDir };
      await expect(restore(elsewhere, backup, { replaceUnused: true })).rejects.toThrow(
        'A service uses this database',
      );
      untouched();
    } finally {
      await running.stop();
      await server.remove();
    }
  });

  it('keeps the photos that are there with --without-photos, by the commands themselves', async () => {
    const rows = join(folder, 'rows-only');
    const made = await runCommand('backup', storage, rows, '--without-photos');
    expect(made).toMatchObject({
      code: 0,
      output: expect.stringMatching(/Backup complete.*no photos/) as string,
    });
    expect(existsSync(join(rows, 'media'))).toBe(false);
    cpSync(join(storage.dataDir, 'media'), join(target.dataDir, 'media'), { recursive: true });
    const done = await runCommand('restore', target, rows);
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('Restored the backup') as string });
    const service = await TestService.start({ storage: target });
    try {
      expect(await punchCount(service)).toBe(1);
      expect(mediaFiles(target)).toHaveLength(2);
    } finally {
      await service.stop();
    }
  });

  it('that fails ends with exit code 1, the reason, and nothing that looks like a backup', async () => {
    const there = await runCommand('backup', storage, backup);
    expect(there).toMatchObject({ code: 1, output: expect.stringContaining('exists already') as string });
    expect((await runCommand('backup', storage)).code).toBe(2);
    const nowhere = { ...storage, databaseUrl: null, dataDir: join(folder, 'nothing-here') };
    const failed = await runCommand('backup', nowhere, join(folder, 'three'));
    expect(failed).toMatchObject({ code: 1, output: expect.stringContaining('No database found') as string });
    expect(readdirSync(folder).filter((name) => name.startsWith('three'))).toEqual([]);
  });

  it('that meets a full disk leaves nothing and says so', async () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    // Without the right to mount there is a file in the way instead.
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]).status === 0;
    if (!mounted) {
      rmSync(small, { recursive: true });
      writeFileSync(small, '');
    }
    try {
      const { code, output } = await runCommand('backup', storage, join(small, 'backup'));
      expect(code).toBe(1);
      expect(output).toMatch(mounted ? /the disk is full.*Nothing is left/s : /Could not write the backup/);
      if (mounted) expect(readdirSync(small)).toEqual([]);
    } finally {
      if (mounted) spawnSync('umount', [small]);
    }
  });

  itOnServer('is not made with the DATA_DIR of another machine', async () => {
    if (storage.databaseUrl === null) return;
    const elsewhere = { ...storage, dataDir: target.dataDir };
    await expect(backUp(elsewhere, join(folder, 'elsewhere'))).rejects.toThrow('does not contain the photos');
    expect(readdirSync(folder).filter((name) => name.startsWith('elsewhere'))).toEqual([]);
  });

  it('notes a photo that is gone, and is complete without it', async () => {
    const [face = ''] = filesOf(join(storage.dataDir, 'media/face_images'));
    const bytes = readFileSync(face);
    rmSync(face);
    try {
      const manifest = await backUp(storage, join(folder, 'gone'));
      expect(manifest).toMatchObject({ photos: 1, missingPhotos: 1 });
    } finally {
      writeFileSync(face, bytes);
    }
    await restore(target, join(folder, 'gone'));
  });
});

it('a backup of an older version is restored, and brought to this one', async () => {
  const storage = await emptyStorage(database);
  const folder = backupFolder();
  const only = migrations.map(({ name }) => name).slice(0, -4);
  const config = loadConfig({
    DATA_DIR: storage.dataDir,
    ...(storage.databaseUrl === null ? {} : { DATABASE_URL: storage.databaseUrl }),
  });
  const old = await createDataSource(config, {
    only,
    onFatal: (error) => {
      throw error;
    },
  }).initialize();
  const target = await emptyStorage(database);
  try {
    await migrate(old);
    await old.query(`INSERT INTO offices (id, name, latitude, longitude, radius_meters, time_zone)
      VALUES ('00000000-0000-4000-8000-000000000001', 'Lima', -12.046374, -77.042793, 150, 'America/Lima')`);
    await old.destroy();
    await backUp(storage, join(folder, 'old'));
    await restore(target, join(folder, 'old'));
    const service = await TestService.start({ storage: target });
    try {
      expect(await service.ask('{ offices { name latitude } }')).toEqual({
        offices: [{ name: 'Lima', latitude: -12.046374 }],
      });
      await register(service);
      expect(await check(service)).toHaveProperty('status', 'RECORDED');
    } finally {
      await service.stop();
    }
  } finally {
    await Promise.all([storage.remove(), target.remove()]);
    rmSync(folder, { recursive: true, force: true });
  }
});

it('every table is in a backup, or is that of the migrations', async () => {
  const storage = await createStorage('pglite');
  try {
    await inDatabase(storage, async (dataSource) => {
      const rows = await dataSource.query<{ name: string }[]>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations' ORDER BY 1`,
      );
      const known = dataSource.entityMetadatas.map(({ tableName }) => tableName);
      expect(rows.map(({ name }) => name)).toEqual([...known].sort());
    });
  } finally {
    await storage.remove();
  }
});
