/**
 * Real: the file system. Fake: only what a test cannot cause or see otherwise: a disk that fills up or breaks, and
 * the moment at which a sync ends.
 */
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RollcallError } from '../../src/errors';
import { DurableFolders } from '../../src/services/disk/durable-folders';
import { LocalFileMissing, LocalStore } from '../../src/services/photos/local/local-store';
import { until } from '../support/until';

const PATH = 'attendance_images/2025/03/10/a.jpg';
const BYTES = Buffer.from('a photo');
const OLD = new Date('2020-01-01');

let dataDir: string;
let store: LocalStore;
let handles: {
  writeFile: unknown;
  sync: (this: unknown) => Promise<void>;
  datasync: (this: unknown) => Promise<void>;
};
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'local-store-')), 'data');
  store = new LocalStore(dataDir);
  await store.open();
  const handle = await open(tmpdir(), 'r');
  handles = Object.getPrototypeOf(handle) as typeof handles;
  await handle.close();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(join(dataDir, '..'), { recursive: true });
});

const mode = async (path: string): Promise<number> => (await stat(join(dataDir, path))).mode & 0o777;
const incoming = (): Promise<string[]> => readdir(join(dataDir, 'incoming'));
const systemError = (code: string) =>
  Object.assign(new Error(`${code}: failed, write '${dataDir}/secret'`), { code, syscall: 'write' });

async function refusal(attempt: Promise<unknown>): Promise<RollcallError> {
  const error: unknown = await attempt.then(
    () => new Error('succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof RollcallError)) throw error;
  return error;
}

async function listed(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of store.list(folder)) paths.push(path);
  return paths.sort();
}

describe('publishing a photo', () => {
  test('puts the bytes in their place and leaves nothing behind', async () => {
    const staged = await store.stage(BYTES, PATH);
    await expect(store.read(PATH)).rejects.toThrow(LocalFileMissing);
    await store.publish(staged);
    expect(await store.read(PATH)).toEqual(BYTES);
    expect(await incoming()).toEqual([]);
  });

  test('makes files and folders that only this user can read', async () => {
    await store.writeDurable(BYTES, PATH);
    expect(await mode(`media/${PATH}`)).toBe(0o600);
    for (const folder of [
      '',
      'incoming',
      'media',
      'media/attendance_images',
      'media/attendance_images/2025/03/10',
    ]) {
      expect([folder, await mode(folder)]).toEqual([folder, 0o700]);
    }
  });

  test('replaces an older file', async () => {
    await store.writeDurable(BYTES, 'face_images/e.jpg');
    await store.writeDurable(Buffer.from('newer'), 'face_images/e.jpg');
    expect((await store.read('face_images/e.jpg')).toString()).toBe('newer');
  });

  test('works in folders that another process made or that were removed by hand', async () => {
    await mkdir(join(dataDir, 'media/face_images'));
    await store.writeDurable(BYTES, 'face_images/e.jpg');
    await rm(join(dataDir, 'media/face_images'), { recursive: true });
    await store.writeDurable(BYTES, 'face_images/e.jpg');
    expect(await store.read('face_images/e.jpg')).toEqual(BYTES);
  });

  test('many at once in a new folder all arrive, and share the syncs of the folder', async () => {
    const sync = jest.spyOn(handles, 'sync');
    const paths = Array.from({ length: 40 }, (_, i) => `attendance_images/2025/03/11/${i}.jpg`);
    await Promise.all(paths.map((path) => store.writeDurable(Buffer.from(path), path)));
    for (const path of paths) expect((await store.read(path)).toString()).toBe(path);
    expect(sync.mock.calls.length).toBeGreaterThan(4);
    expect(sync.mock.calls.length).toBeLessThan(40);
  });

  test('syncs the file before its rename, and each new folder with its parent', async () => {
    const events: string[] = [];
    const datasync = handles.datasync;
    const sync = handles.sync;
    jest.spyOn(handles, 'datasync').mockImplementation(async function (this: typeof handles) {
      await datasync.call(this);
      events.push(
        `file, published: ${await store.read(PATH).then(
          () => true,
          () => false,
        )}`,
      );
    });
    jest.spyOn(handles, 'sync').mockImplementation(async function (this: typeof handles) {
      await sync.call(this);
      events.push(
        `folder, published: ${await store.read(PATH).then(
          () => true,
          () => false,
        )}`,
      );
    });
    await store.writeDurable(BYTES, PATH);
    expect(events).toEqual([
      'file, published: false',
      ...Array<string>(4).fill('folder, published: false'),
      'folder, published: true',
    ]);
  });

  test.each(['', '.', '..', '../x.jpg', 'a/../../x', '/etc/x', 'a//b', 'a\\..\\b', 'a/./b', 'a\0b', 'a/'])(
    'refuses to leave the media folder by %j',
    async (path) => {
      await expect(store.stage(BYTES, path)).rejects.toThrow('Path outside the media folder');
      await expect(store.read(path)).rejects.toThrow('Path outside the media folder');
      await expect(store.remove(path)).rejects.toThrow('Path outside the media folder');
      await expect(listed(path)).rejects.toThrow('Path outside the media folder');
    },
  );
});

describe('a sync of a folder', () => {
  test('that is asked for while one runs waits for the next one, which all latecomers share', async () => {
    const ends: (() => void)[] = [];
    jest.spyOn(handles, 'sync').mockImplementation(() => new Promise<void>((resolve) => ends.push(resolve)));
    const folders = new DurableFolders(dataDir);
    const done: string[] = [];
    const sync = (name: string) => folders.sync(dataDir).then(() => done.push(name));
    const first = sync('first');
    await until(() => ends.length === 1);
    const late = [sync('second'), sync('third')];
    ends[0]?.();
    await first;
    await until(() => ends.length === 2);
    expect(done).toEqual(['first']);
    ends[1]?.();
    await Promise.all(late);
    expect(done).toEqual(['first', 'second', 'third']);
    expect(ends.length).toBe(2);
  });

  test('that fails does not fail the next one', async () => {
    jest.spyOn(handles, 'sync').mockRejectedValueOnce(systemError('EIO'));
    const folders = new DurableFolders(dataDir);
    const [first, second] = await Promise.allSettled([folders.sync(dataDir), folders.sync(dataDir)]);
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
    await folders.sync(dataDir);
  });
});

describe('storing a photo when the disk fails', () => {
  test.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'quota'],
    ['EROFS', 'read-only'],
    ['EACCES', 'permission'],
    ['EIO', 'input/output'],
    ['EBADF', 'EBADF'],
  ])(
    'with %s while writing, the client is told why, and no part of the photo stays',
    async (code, reason) => {
      const write = handles.writeFile as (bytes: Buffer) => Promise<void>;
      jest.spyOn(handles, 'writeFile' as never).mockImplementation(async function (
        this: unknown,
        bytes: Buffer,
      ) {
        await write.call(this, bytes.subarray(0, 3));
        throw systemError(code);
      } as never);
      const error = await refusal(store.writeDurable(BYTES, PATH));
      expect(error.code).toBe('UNAVAILABLE');
      expect(error.message).toContain(reason);
      expect(error.message).not.toContain(dataDir);
      expect(await incoming()).toEqual([]);
      await expect(store.read(PATH)).rejects.toThrow(LocalFileMissing);
      jest.restoreAllMocks();
      await store.writeDurable(BYTES, PATH);
    },
  );

  test('while syncing the photo, nothing is published', async () => {
    jest.spyOn(handles, 'datasync').mockRejectedValueOnce(systemError('EIO'));
    expect((await refusal(store.writeDurable(BYTES, PATH))).code).toBe('UNAVAILABLE');
    expect(await incoming()).toEqual([]);
    expect(await listed('attendance_images')).toEqual([]);
  });

  test('while making a folder, the next attempt makes it', async () => {
    jest.spyOn(handles, 'sync').mockRejectedValueOnce(systemError('EIO'));
    expect((await refusal(store.writeDurable(BYTES, PATH))).code).toBe('UNAVAILABLE');
    await store.writeDurable(BYTES, PATH);
    expect(await store.read(PATH)).toEqual(BYTES);
  });

  test('because something else has the name, the staged file goes', async () => {
    await mkdir(join(dataDir, 'media', PATH), { recursive: true });
    expect((await refusal(store.writeDurable(BYTES, PATH))).code).toBe('UNAVAILABLE');
    expect(await incoming()).toEqual([]);
  });

  test('because a file has the name of a folder is a fault of the service', async () => {
    await writeFile(join(dataDir, 'media/face_images'), '');
    expect((await refusal(store.writeDurable(BYTES, 'face_images/e.jpg'))).code).toBe('UNAVAILABLE');
    expect(await incoming()).toEqual([]);
  });

  test('because the data folder cannot be made, opening says so', async () => {
    await writeFile(join(dataDir, 'file'), '');
    expect((await refusal(new LocalStore(join(dataDir, 'file/data')).open())).code).toBe('UNAVAILABLE');
  });
});

test('opening a folder of photos twice keeps what is there', async () => {
  await store.writeDurable(BYTES, PATH);
  await new LocalStore(dataDir).open();
  expect(await store.read(PATH)).toEqual(BYTES);
});

test('a staged photo that is discarded is gone, and discarding again harms nobody', async () => {
  const staged = await store.stage(BYTES, PATH);
  await store.discard(staged);
  await store.discard(staged);
  expect(await incoming()).toEqual([]);
});

test('removing a photo removes it, once and for all', async () => {
  await store.writeDurable(BYTES, PATH);
  const sync = jest.spyOn(handles, 'sync');
  await store.remove(PATH);
  expect(sync).toHaveBeenCalledTimes(1);
  await store.remove(PATH);
  await store.remove('face_images/never.jpg');
  await expect(store.read(PATH)).rejects.toThrow(LocalFileMissing);
});

test('a file that is not there has no time, one that is has its own', async () => {
  await store.writeDurable(BYTES, PATH);
  await utimes(join(dataDir, 'media', PATH), OLD, OLD);
  expect(await store.modifiedAt(PATH)).toEqual(OLD);
  expect(await store.modifiedAt('face_images/never.jpg')).toBeNull();
});

test('a listing has every file below the folder and follows no links', async () => {
  await store.writeDurable(BYTES, PATH);
  await store.writeDurable(BYTES, 'attendance_images/2025/03/11/b.jpg');
  await store.writeDurable(BYTES, 'face_images/e.jpg');
  await symlink(join(dataDir, 'media/face_images'), join(dataDir, 'media/attendance_images/link'));
  expect(await listed('attendance_images')).toEqual([PATH, 'attendance_images/2025/03/11/b.jpg']);
  expect(await listed('attendance_images/2025/03/11')).toEqual(['attendance_images/2025/03/11/b.jpg']);
  expect(await listed('nothing')).toEqual([]);
  for await (const { path, modifiedAt } of store.list('face_images')) {
    expect(path).toBe('face_images/e.jpg');
    expect(Math.abs(Date.now() - modifiedAt.getTime())).toBeLessThan(60_000);
  }
});

test('the sweep removes what was staged long ago, and only that', async () => {
  const [old, fresh] = await Promise.all([store.stage(BYTES, PATH), store.stage(BYTES, PATH)]);
  await utimes(old.draft, OLD, OLD);
  const foreign = join(dataDir, 'incoming/README');
  await writeFile(foreign, '');
  await utimes(foreign, OLD, OLD);
  const before = new Date('2021-01-01');
  expect(await store.hasStaged(before)).toBe(true);
  await store.sweepIncoming(before);
  expect(await store.hasStaged(before)).toBe(false);
  await expect(readFile(old.draft)).rejects.toThrow('ENOENT');
  expect(await readFile(fresh.draft)).toEqual(BYTES);
  expect(await readFile(foreign)).toHaveLength(0);
});

describe('being writable', () => {
  test('is proved by a write that leaves nothing behind', async () => {
    const write = jest.spyOn(handles, 'writeFile' as never);
    await store.writable();
    expect(write).toHaveBeenCalledTimes(1);
    expect(await incoming()).toEqual([]);
  });

  test('is denied when the disk is full or a folder is gone', async () => {
    jest.spyOn(handles, 'datasync').mockRejectedValueOnce(systemError('ENOSPC'));
    expect((await refusal(store.writable())).message).toContain('full');
    await rm(join(dataDir, 'media'), { recursive: true });
    expect((await refusal(store.writable())).code).toBe('UNAVAILABLE');
    await rm(join(dataDir, 'incoming'), { recursive: true });
    expect((await refusal(store.writable())).code).toBe('UNAVAILABLE');
  });
});
