/**
 * Real: the service over HTTP, PostgreSQL where there is one, the disk (file times set back), Cloudinary's SDK, real
 * photos. Stand-in: Cloudinary. What an erasure finds on the disk where nobody would look.
 */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { check, register } from '../support/operations';
import { uploaded } from '../support/uploads';
import { until } from '../support/until';
import { erase, erased, erasureOf, mediaFiles } from '../support/privacy';
import { TwoAccounts } from '../support/two-accounts';

describe('what an erasure finds', () => {
  let at: TwoAccounts;
  beforeEach(async () => {
    at = await TwoAccounts.open();
  });
  afterEach(() => at.close());

  it.each([
    ['a photo', (): string => `media/attendance_images/${today()}/${uuidv7()}.jpg`],
    ['a face', (): string => 'media/face_images/SOMEBODY.jpg'],
    ['a draft', (): string => `incoming/${uuidv7()}.part`],
  ])('is %s without a row from before it, which a crash has left', async (_what, name) => {
    await at.start({});
    await register(at.service);
    const path = join(at.storage.dataDir, name());
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'of a crash');
    const { id } = await erase(at.service, 'EMP-1', false);
    expect(await at.waiting(id, 'left by a crash')).toMatchObject({ status: 'RUNNING' });
    const old = new Date(Date.now() - 61 * 60_000);
    utimesSync(path, old, old);
    await at.service.app.sweep();
    await erased(at.service, id);
  });

  it('is no file that is not named like a photo of ours, and it stays', async () => {
    await at.start({});
    await register(at.service);
    const path = join(at.storage.dataDir, 'media/face_images/EMP 1 (copy).jpg');
    writeFileSync(path, 'of an operator');
    const old = new Date(Date.now() - 61 * 60_000);
    utimesSync(path, old, old);
    const { id } = await erase(at.service, 'EMP-1', false);
    await erased(at.service, id);
    expect(await at.service.app.sweep()).toBe(0);
    expect(existsSync(path)).toBe(true);
  });

  it('is no file that came later: it is somebody else’s', async () => {
    await at.start({});
    await register(at.service);
    const path = join(at.storage.dataDir, `media/attendance_images/${today()}/${uuidv7()}.jpg`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'just being recorded');
    const later = new Date(Date.now() + 120_000);
    utimesSync(path, later, later);
    const { id } = await erase(at.service, 'EMP-1', false);
    await erased(at.service, id);
    expect(mediaFiles(at.storage)).toHaveLength(1);
  });

  it('is a photo that came back after it was removed', async () => {
    await at.start(at.onFormer);
    await register(at.service);
    const { attendance } = await check(at.service);
    await uploaded(at.service);
    const path = new URL(attendance?.localImageUrl ?? '').pathname.replace('/media/', '');
    at.former.failWith('unavailable');
    const { id } = await erase(at.service, 'EMP-1', false);
    await until(
      () => erasureOf(at.service, id),
      ({ remaining }) => remaining.photos === 0,
    );
    expect(mediaFiles(at.storage)).toEqual([]);
    for (const file of [path, 'face_images/EMP-1.jpg']) {
      writeFileSync(join(at.storage.dataDir, 'media', file), 'restored from a backup');
    }
    at.former.failWith(null);
    await erased(at.service, id);
    expect(mediaFiles(at.storage)).toEqual([]);
  });
});

const today = (): string => new Date().toISOString().slice(0, 10).replaceAll('-', '/');
