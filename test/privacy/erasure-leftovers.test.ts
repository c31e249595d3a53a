/**
 * Real: the service over HTTP, both databases, the disk (file times set back), Cloudinary's SDK, real photos. Stand-ins:
 * two accounts of Cloudinary. What an erasure finds where nobody would look: another account, another folder, files that
 * a crash left.
 */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, databaseKinds, type TestStorage } from '../support/databases';
import { check, register } from '../support/operations';
import { TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS, punchUploads, until, uploaded } from '../support/uploads';
import { erase, erased, erasureOf, inDatabase, mediaFiles, type Erasure } from './support';

type Env = Readonly<Record<string, string>>;

// What differs between the databases is in the other suites on erasure; here each test starts the service several times.
const kind = databaseKinds.at(-1) ?? 'pglite';

describe('what an erasure finds', () => {
  let storage: TestStorage;
  let former: CloudinaryStandIn;
  let current: CloudinaryStandIn;
  let service: TestService;

  const start = async (env: Env): Promise<void> => {
    service = await TestService.start(kind, {
      storage,
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0', ...env },
      uploadTiming: FAST_UPLOADS,
    });
  };
  /** With whatever waits for a moment due at once. */
  const restart = async (env: Env, sql?: string): Promise<void> => {
    await service.app.close();
    await inDatabase(storage, async (dataSource) => {
      if (sql !== undefined) await dataSource.query(sql);
      await dataSource.query(
        `UPDATE discarded_images SET next_at = now(), cdn_after = now() WHERE next_at <> 'infinity'`,
      );
      await dataSource.query(`UPDATE erasures SET next_at = now()`);
    });
    await start(env);
  };
  const onFormer = (): Env => cloudinaryEnv(former, 500);
  const onCurrent = (): Env => cloudinaryEnv(current, 500);
  const formerUrl = (): Env => ({
    CLOUDINARY_FORMER_URLS: `cloudinary://${former.apiKey}:${former.apiSecret}@${former.cloudName}?upload_prefix=${former.url}`,
  });
  const waiting = (id: string, text: string): Promise<Erasure> =>
    until(
      () => erasureOf(service, id),
      ({ lastError }) => lastError?.includes(text) === true,
    );

  beforeEach(async () => {
    former = await CloudinaryStandIn.start({ cloudName: 'former' });
    current = await CloudinaryStandIn.start({ cloudName: 'current' });
    storage = await createStorage(kind);
  });
  afterEach(async () => {
    await service.stop();
    await Promise.all([former.stop(), current.stop()]);
    await storage.remove();
  });

  it.each([
    ['kept with the row', undefined],
    [
      'told by the address only, as in rows from before',
      'UPDATE attendances SET image_cdn_target = NULL; UPDATE employees SET image_cdn_target = NULL',
    ],
  ])('is a copy in the account of before (%s)', async (_how, sql) => {
    await start(onFormer());
    await register(service);
    await check(service);
    await uploaded(service);
    expect(former.assets.size).toBe(2);
    for (const statement of sql?.split(';') ?? []) {
      await service.app.close();
      await inDatabase(storage, (dataSource) => dataSource.query(statement));
      await start(onCurrent());
    }
    await restart(onCurrent());
    await check(service);
    await uploaded(service);
    expect(current.assets.size).toBe(1);

    const { id } = await erase(service, 'EMP-1', false);
    const waits = await waiting(id, 'account former');
    expect(waits).toMatchObject({ status: 'RUNNING', completedAt: null });
    await until(
      () => erasureOf(service, id),
      ({ remaining }) => remaining.assets === 2 && remaining.photos === 0,
    );
    expect(former.assets.size).toBe(2);
    await restart({ ...onCurrent(), ...formerUrl() });
    await erased(service, id);
    expect([former.assets.size, current.assets.size]).toEqual([0, 0]);
  });

  it('is a copy in an account of before whose answer was lost, also where nothing is uploaded any more', async () => {
    await start(onFormer());
    former.failWith('stored-but-lost');
    await register(service);
    await check(service);
    expect(former.assets.size).toBe(2);
    former.failWith(null);
    await restart({});
    const { id } = await erase(service, 'EMP-1', true);
    await waiting(id, 'account former');
    expect(former.assets.size).toBe(2);
    await restart(onFormer());
    await erased(service, id);
    expect(former.assets.size).toBe(0);
  });

  it('is a lost copy in an account of before although the uploader has made another since', async () => {
    await start(onFormer());
    former.failWith('stored-but-lost');
    await register(service);
    await check(service);
    former.failWith(null);
    await restart(
      onCurrent(),
      `UPDATE attendances SET image_upload_next_at = now(); UPDATE employees SET image_upload_next_at = now()`,
    );
    await uploaded(service);
    expect([former.assets.size, current.assets.size]).toEqual([2, 2]);
    // Without an erasure, too, the copy that no row names any more is removed once that is possible.
    await restart({ ...onCurrent(), ...formerUrl() });
    await until(
      () => Promise.resolve(former.assets.size),
      (size) => size === 0,
    );
    expect(current.assets.size).toBe(2);
    expect(mediaFiles(storage)).toHaveLength(2);
    expect((await punchUploads(service))[0]).toMatchObject({ imageUpload: { status: 'UPLOADED' } });
  });

  it('is such a copy when the erasure is asked for while it waits for the account', async () => {
    await start(onFormer());
    former.failWith('stored-but-lost');
    await register(service);
    former.failWith(null);
    await restart(onCurrent(), `UPDATE employees SET image_upload_next_at = now()`);
    await uploaded(service);
    const { id } = await erase(service, 'EMP-1', false);
    await waiting(id, 'account former');
    await until(
      () => erasureOf(service, id),
      ({ remaining }) => remaining.assets === 1,
    );
    await restart({ ...onCurrent(), ...formerUrl() });
    await erased(service, id);
    expect([former.assets.size, current.assets.size]).toEqual([0, 0]);
  });

  it('is a copy in a folder of before whose answer was lost', async () => {
    await start({ ...onFormer(), CLOUDINARY_FOLDER: 'old' });
    former.failWith('stored-but-lost');
    await register(service);
    expect([...former.assets.keys()].join()).toContain('old/');
    former.failWith(null);
    await restart({ ...onFormer(), CLOUDINARY_FOLDER: 'new' });
    const { id } = await erase(service, 'EMP-1', false);
    // Without the wait for an upload that might be under way.
    await restart({ ...onFormer(), CLOUDINARY_FOLDER: 'new' });
    await erased(service, id);
    expect(former.assets.size).toBe(0);
  });

  it('is nothing in an account that is closed for good, by the word of the operator', async () => {
    await start(onFormer());
    await register(service);
    await restart({ ...onCurrent(), CLOUDINARY_CLOSED_CLOUDS: 'other, former' });
    const { id } = await erase(service, 'EMP-1', false);
    await erased(service, id);
    expect(former.assets.size).toBe(1);
  });

  it.each([
    ['a photo', (): string => `media/attendance_images/${today()}/${uuidv7()}.jpg`],
    ['a face', (): string => 'media/face_images/SOMEBODY.jpg'],
    ['a draft', (): string => `incoming/${uuidv7()}.part`],
  ])('is %s without a row from before it, which a crash has left', async (_what, name) => {
    await start({});
    await register(service);
    const path = join(storage.dataDir, name());
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'of a crash');
    const { id } = await erase(service, 'EMP-1', false);
    expect(await waiting(id, 'as a crash leaves it')).toMatchObject({ status: 'RUNNING' });
    const old = new Date(Date.now() - 61 * 60_000);
    utimesSync(path, old, old);
    await service.app.sweep();
    await erased(service, id);
  });

  it('is no file that came later: it is somebody else’s', async () => {
    await start({});
    await register(service);
    const path = join(storage.dataDir, `media/attendance_images/${today()}/${uuidv7()}.jpg`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'just being recorded');
    const later = new Date(Date.now() + 120_000);
    utimesSync(path, later, later);
    const { id } = await erase(service, 'EMP-1', false);
    await erased(service, id);
    expect(mediaFiles(storage)).toHaveLength(1);
  });

  it('is a photo that came back after it was removed', async () => {
    await start(onFormer());
    await register(service);
    const { attendance } = await check(service);
    await uploaded(service);
    const path = new URL(attendance?.localImageUrl ?? '').pathname.replace('/media/', '');
    former.failWith('unavailable');
    const { id } = await erase(service, 'EMP-1', false);
    await until(
      () => erasureOf(service, id),
      ({ remaining }) => remaining.photos === 0,
    );
    expect(mediaFiles(storage)).toEqual([]);
    for (const file of [path, 'face_images/EMP-1.jpg']) {
      writeFileSync(join(storage.dataDir, 'media', file), 'restored from a backup');
    }
    former.failWith(null);
    await erased(service, id);
    expect(mediaFiles(storage)).toEqual([]);
  });
});

const today = (): string => new Date().toISOString().slice(0, 10).replaceAll('-', '/');
