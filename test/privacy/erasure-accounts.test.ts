/**
 * Real: the service over HTTP, PostgreSQL where there is one, the disk, Cloudinary's SDK, real photos. Stand-ins: two
 * accounts of Cloudinary. What becomes of copies in an account, or a folder, that is no longer the configured one.
 */
import { UploadLedger } from '../../src/services/photos/cdn/upload-ledger';
import type { ImageRef } from '../../src/services/photos/local/image-owner';
import { check, register } from '../support/operations';
import { punchUploads, uploaded } from '../support/uploads';
import { until } from '../support/until';
import { erase, erased, erasureOf, inDatabase, mediaFiles } from '../support/privacy';
import { TwoAccounts, UPLOADS_DUE } from '../support/two-accounts';

/** As rows were before the places of copies were kept. */
const FORGET_TARGETS = [
  'UPDATE attendances SET image_cdn_target = NULL',
  'UPDATE employees SET image_cdn_target = NULL',
];
const OWN_DOMAIN = `UPDATE employees SET image_cloudinary_url = 'https://photos.example.com/image/upload/v1/x.jpg'`;

describe('an erasure finds', () => {
  let at: TwoAccounts;
  beforeEach(async () => {
    at = await TwoAccounts.open();
  });
  afterEach(() => at.close());

  it.each([
    ['kept with the row', []],
    ['told by the address only, as in rows from before', FORGET_TARGETS],
  ])('a copy in the account of before (%s)', async (_how, sql: readonly string[]) => {
    await at.start(at.onFormer);
    await register(at.service);
    await check(at.service);
    await uploaded(at.service);
    expect(at.former.assets.size).toBe(2);
    await at.restart(at.onCurrent, ...sql);
    await check(at.service);
    await uploaded(at.service);
    expect(at.current.assets.size).toBe(1);

    const { id } = await erase(at.service, 'EMP-1', false);
    const waits = await at.waiting(id, 'account former');
    expect(waits).toMatchObject({ completedAt: null });
    await until(
      () => erasureOf(at.service, id),
      ({ remaining }) => remaining.assets === 2 && remaining.photos === 0,
    );
    expect(at.former.assets.size).toBe(2);
    await at.restart({ ...at.onCurrent, ...at.knowingFormer });
    await erased(at.service, id);
    expect([at.former.assets.size, at.current.assets.size]).toEqual([0, 0]);
  });

  it('a copy in an account of before whose answer was lost, also if nothing is uploaded any more', async () => {
    await at.start(at.onFormer);
    at.former.failWith('stored-but-lost');
    await register(at.service);
    await check(at.service);
    expect(at.former.assets.size).toBe(2);
    await at.restart({});
    const { id } = await erase(at.service, 'EMP-1', true);
    await at.waiting(id, 'account former');
    expect(at.former.assets.size).toBe(2);
    await at.restart(at.onFormer);
    await erased(at.service, id);
    expect(at.former.assets.size).toBe(0);
  });

  it('a lost copy in an account of before although the uploader has made another since', async () => {
    await at.start(at.onFormer);
    at.former.failWith('stored-but-lost');
    await register(at.service);
    await check(at.service);
    await at.restart(at.onCurrent, ...UPLOADS_DUE);
    await uploaded(at.service);
    expect([at.former.assets.size, at.current.assets.size]).toEqual([2, 2]);
    const removals = (): Promise<object> =>
      at.service.ask('{ storageStatus { pendingRemovals removalError } }');
    await until(removals, (answer) => {
      const text = JSON.stringify(answer);
      return text.includes('"pendingRemovals":2') && text.includes('account former');
    });
    // Without an erasure, too, the copy that no row names any more is removed once that is possible.
    await at.restart({ ...at.onCurrent, ...at.knowingFormer });
    await until(
      () => Promise.resolve(at.former.assets.size),
      (size) => size === 0,
    );
    expect(at.current.assets.size).toBe(2);
    await until(removals, (answer) => JSON.stringify(answer).includes('"pendingRemovals":0'));
    expect(mediaFiles(at.storage)).toHaveLength(2);
    expect((await punchUploads(at.service))[0]).toMatchObject({ imageUpload: { status: 'UPLOADED' } });
  });

  it('such a copy when the erasure is asked for while it waits for the account', async () => {
    await at.start(at.onFormer);
    at.former.failWith('stored-but-lost');
    await register(at.service);
    await at.restart(at.onCurrent, `UPDATE employees SET image_upload_next_at = now()`);
    await uploaded(at.service);
    const { id } = await erase(at.service, 'EMP-1', false);
    await at.waiting(id, 'account former');
    await until(
      () => erasureOf(at.service, id),
      ({ remaining }) => remaining.assets === 1,
    );
    await at.restart({ ...at.onCurrent, ...at.knowingFormer });
    await erased(at.service, id);
    expect([at.former.assets.size, at.current.assets.size]).toEqual([0, 0]);
  });

  it('a copy in a folder of before whose answer was lost', async () => {
    await at.start({ ...at.onFormer, CLOUDINARY_FOLDER: 'old' });
    at.former.failWith('stored-but-lost');
    await register(at.service);
    expect([...at.former.assets.keys()].join()).toContain('old/');
    await at.restart({ ...at.onFormer, CLOUDINARY_FOLDER: 'new' });
    const { id } = await erase(at.service, 'EMP-1', false);
    // Without the wait for an upload that might be under way.
    await at.restart({ ...at.onFormer, CLOUDINARY_FOLDER: 'new' });
    await erased(at.service, id);
    expect(at.former.assets.size).toBe(0);
  });

  it('nothing in an account that the operator declared closed permanently', async () => {
    await at.start(at.onFormer);
    await register(at.service);
    await at.restart({ ...at.onCurrent, CLOUDINARY_CLOSED_CLOUDS: 'other, former' });
    const { id } = await erase(at.service, 'EMP-1', false);
    await erased(at.service, id);
    expect(at.former.assets.size).toBe(1);
  });

  it.each([
    ['a removal that was pending', [], ['UPDATE discarded_images SET cloud_name = NULL']],
    ['an address that does not tell the account', [...FORGET_TARGETS, OWN_DOMAIN], []],
    [
      'an upload whose answer was lost',
      [...FORGET_TARGETS, 'UPDATE employees SET image_cloudinary_url = NULL, image_cloudinary_id = NULL'],
      [],
    ],
  ])('in every account it knows a copy from before accounts were kept: %s', async (_what, before, after) => {
    await at.start(at.onFormer);
    await register(at.service);
    await uploaded(at.service);
    expect(at.former.assets.size).toBe(1);
    const both = { ...at.onCurrent, ...at.knowingFormer };
    at.former.failWith('unavailable');
    await at.restart(both, ...before);
    const { id } = await erase(at.service, 'EMP-1', false);
    await until(
      () => erasureOf(at.service, id),
      ({ remaining }) => remaining.photos === 0,
    );
    await at.restart(both, ...after);
    await erased(at.service, id);
    expect(at.former.assets.size).toBe(0);
  });

  it('nothing if no account is left and those that were are closed, though the row does not name its own', async () => {
    await at.start(at.onFormer);
    await register(at.service);
    await uploaded(at.service);
    await at.restart({ CLOUDINARY_CLOSED_CLOUDS: 'former' }, ...FORGET_TARGETS, OWN_DOMAIN);
    const { id } = await erase(at.service, 'EMP-1', false);
    await erased(at.service, id);
  });

  it('the place of a copy that a node of the version before has left in a row', async () => {
    await at.start(at.onFormer);
    await register(at.service);
    await check(at.service);
    await uploaded(at.service);
    at.former.failWith('unavailable');
    const { id } = await erase(at.service, 'EMP-1', true);
    await until(
      () => erasureOf(at.service, id),
      ({ remaining }) => remaining.photos === 0,
    );
    await at.restart(at.onFormer, "UPDATE attendances SET image_cdn_target = 'former/rollcall/x'");
    await until(
      () => erasureOf(at.service, id),
      ({ remaining }) => remaining.assets === 1,
    );
    await at.service.app.settle();
    // Without the wait for an upload that might be under way.
    await at.restart(at.onFormer);
    await erased(at.service, id);
    expect(at.former.assets.size).toBe(0);
  });

  it('a copy that may be on its way from a node which is configured otherwise', async () => {
    await at.start(at.knowingFormer);
    await register(at.service);
    await at.sql(`UPDATE employees SET image_cdn_target = 'former/rollcall/face_images/' || id`);
    const { id } = await erase(at.service, 'EMP-1', false);
    await until(
      () => erasureOf(at.service, id),
      ({ remaining }) => remaining.photos === 0,
    );
    // Looked at again, the erasure still waits for the copy.
    await at.sql('UPDATE erasures SET next_at = now()');
    await at.service.app.settle();
    expect(await erasureOf(at.service, id)).toMatchObject({ completedAt: null, remaining: { assets: 1 } });
    await at.restart(at.knowingFormer);
    await erased(at.service, id);
  });
});

it('what goes back to the account of before keeps its copy there', async () => {
  const at = await TwoAccounts.open();
  try {
    await at.start(at.onFormer);
    at.former.failWith('stored-but-lost');
    await register(at.service);
    await check(at.service);
    at.current.failWith('server-error');
    await at.restart(at.onCurrent, ...UPLOADS_DUE);
    const removals = async (): Promise<number> =>
      (
        await at.service.ask<{ storageStatus: { pendingRemovals: number } }>(
          '{ storageStatus { pendingRemovals } }',
        )
      ).storageStatus.pendingRemovals;
    await until(removals, (count) => count === 2);
    await at.restart(at.onFormer, ...UPLOADS_DUE);
    await uploaded(at.service);
    // What there is of the failed stay in the other account waits for its credentials.
    await at.sql(`UPDATE discarded_images SET next_at = now(), cdn_after = now()`);
    await until(
      () => at.service.sql(`SELECT 1 FROM discarded_images WHERE cloud_name = 'former'`),
      (rows) => rows.length === 0,
    );
    expect(at.former.assets.size).toBe(2);
  } finally {
    await at.close();
  }
});

it('a late success of an upload to the place of before is not noted', async () => {
  const at = await TwoAccounts.open();
  try {
    await at.start({});
    await register(at.service);
    await at.service.app.close();
    await inDatabase(at.storage, async (dataSource) => {
      const [row] = await dataSource.query<{ id: string; path: string }[]>(
        'SELECT id, image_path AS path FROM employees',
      );
      const ref: ImageRef = { owner: 'employees', id: row?.id ?? '', path: row?.path ?? '' };
      const ledger = new UploadLedger(dataSource);
      const [first, second] = ['first', 'second'].map((cloudName) => ({ cloudName, publicId: 'f/x' }));
      if (first === undefined || second === undefined) throw new Error('unreachable');
      expect(await ledger.begins(ref, first)).toBe(true);
      expect(await ledger.begins(ref, second)).toBe(true);
      expect(
        await ledger.succeeded(ref, 'https://res.cloudinary.com/first/image/upload/v1/f/x.jpg', first),
      ).toBe(false);
      // The copy at the first place is removed, after the time that its upload has.
      const discards = await dataSource.query<object[]>(
        "SELECT cloud_name, path, cdn_after > now() + interval '2 minutes' AS waits FROM discarded_images",
      );
      expect(discards).toEqual([{ cloud_name: 'first', path: null, waits: true }]);
      expect(
        await ledger.succeeded(ref, 'https://res.cloudinary.com/second/image/upload/v1/f/x.jpg', second),
      ).toBe(true);
    });
    await at.start({});
  } finally {
    await at.close();
  }
});
