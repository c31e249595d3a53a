/** Real: the service over HTTP, the database, the disk, Cloudinary's SDK. Fake: Cloudinary, a stand-in on loopback. */
import { randomBytes } from 'node:crypto';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, type TestStorage } from '../support/databases';
import { check, register } from '../support/operations';
import { erase, erased } from '../support/privacy';
import { TestService } from '../support/service';
import { assetOf, cloudinaryEnv, FAST_UPLOADS, punchUploads, uploaded } from '../support/uploads';
import { until } from '../support/until';

let standIn: CloudinaryStandIn;
let storage: TestStorage;
let service: TestService;

beforeEach(async () => {
  standIn = await CloudinaryStandIn.start();
  storage = await createStorage();
  service = await TestService.start({
    storage,
    env: { ...cloudinaryEnv(standIn), PUNCH_MIN_INTERVAL_SECONDS: '0' },
    uploadTiming: { ...FAST_UPLOADS, checkMs: 200 },
  });
});
afterEach(async () => {
  await service.stop();
  await standIn.stop();
  await storage.remove();
});

const chosenByCloudinary = (): string => randomBytes(10).toString('hex');

describe('if a preset changes public ids', () => {
  it.each<[string, (id: string) => string]>([
    ['puts a folder before them', (id) => `team/${id}`],
    ['adds something', (id) => `${id}_x1`],
    ['chooses them', chosenByCloudinary],
  ])('and %s, the copy is kept, shown and removed', async (_how, preset) => {
    standIn.preset = preset;
    await register(service);
    await check(service);
    const [punch] = await punchUploads(service);
    expect(punch?.imageUpload.status).toBe('UPLOADED');
    expect(standIn.assets.size).toBe(2);
    const urls = [...standIn.assets.values()].map(({ secureUrl }) => secureUrl);
    expect(urls).toContain(punch?.cloudinaryImageUrl);

    const { id } = await erase(service, 'EMP-1', false);
    await erased(service, id);
    expect(standIn.assets.size).toBe(0);
  });

  it('an asset whose answer was lost is removed as well', async () => {
    standIn.preset = chosenByCloudinary;
    await register(service);
    standIn.failWith('stored-but-lost', 1);
    await check(service);
    await uploaded(service);
    // That of the employee, the lost one and the one of the second attempt.
    expect(standIn.assets.size).toBe(3);
    const { id } = await erase(service, 'EMP-1', false);
    await erased(service, id);
    expect(standIn.assets.size).toBe(0);
  });

  it('an erasure is not completed while Cloudinary does not say that nothing is left', async () => {
    standIn.preset = chosenByCloudinary;
    await register(service);
    standIn.failWith('unauthorized');
    const { id } = await erase(service, 'EMP-1', false);
    await service.app.settle();
    expect(await service.ask('query ($id: ID!) { erasure(id: $id) { status } }', { id })).not.toEqual({
      erasure: { status: 'COMPLETED' },
    });
    standIn.failWith(null);
    await erased(service, id);
    expect(standIn.assets.size).toBe(0);
  });
});

it('uploads have a tag of the row', async () => {
  await register(service);
  const { attendance } = (await check(service)) as unknown as { attendance: { id: string } };
  expect(standIn.assets.get(assetOf(attendance.id))?.params['tags']).toBe(`rollcall-${attendance.id}`);
});

it('a copy that somebody deleted on Cloudinary is noticed, and uploaded again on request', async () => {
  await register(service);
  await check(service);
  const [before] = await punchUploads(service);
  const asset = assetOf(before?.id ?? '');
  expect(standIn.assets.delete(asset)).toBe(true);
  // An upload is left alone for as long as it may be under way.
  await service.app.dataSource.query('UPDATE attendances SET image_upload_next_at = now()');
  const [noticed] = await until(
    () => punchUploads(service),
    ([punch]) => punch?.imageUpload.status === 'FAILED',
  );
  expect(noticed).toMatchObject({ cloudinaryImageUrl: null, imageUrl: before?.localImageUrl });
  expect(noticed?.imageUpload.error).toContain('deleted on Cloudinary');

  expect(await service.ask('mutation { retryFailedUploads }')).toEqual({ retryFailedUploads: 1 });
  await uploaded(service);
  expect((await punchUploads(service))[0]?.imageUpload.status).toBe('UPLOADED');
  expect(standIn.assets.has(asset)).toBe(true);
});
