/** Real: the service over HTTP, the database, the disk, Cloudinary's SDK. Fake: Cloudinary, a stand-in on loopback. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, type TestStorage } from '../support/databases';
import { check, register } from '../support/operations';
import { photo } from '../support/photos';
import { TestService } from '../support/service';
import {
  assetOf,
  cloudinaryEnv,
  FAST_UPLOADS,
  punchUploads,
  storageStatus,
  uploaded,
} from '../support/uploads';
import { until } from '../support/until';

const TIMEOUT_MS = 1000;
const OPEN_ENDED = { PUNCH_MIN_INTERVAL_SECONDS: '0' };

describe('the uploader', () => {
  let standIn: CloudinaryStandIn;
  let storage: TestStorage;
  let service: TestService;

  const start = async (env: Readonly<Record<string, string>>): Promise<void> => {
    service = await TestService.start({
      storage,
      env: { ...OPEN_ENDED, ...env },
      uploadTiming: FAST_UPLOADS,
    });
  };
  beforeEach(async () => {
    standIn = await CloudinaryStandIn.start();
    storage = await createStorage();
  });
  afterEach(async () => {
    await service.stop();
    await standIn.stop();
    await storage.remove();
  });

  it('moves what was stored without Cloudinary over, once that is configured', async () => {
    await start({});
    const { employee } = await register(service);
    for (let n = 0; n < 6; n += 1) await check(service, { employeeId: 'EMP-1' });
    for (const punch of await punchUploads(service)) {
      expect(punch).toMatchObject({
        cloudinaryImageUrl: null,
        imageUrl: punch.localImageUrl,
        imageUpload: { status: 'LOCAL_ONLY', attempts: 0, error: null },
      });
    }
    expect(await storageStatus(service)).toMatchObject({
      cloudinaryConfigured: false,
      cloudinaryReady: false,
    });
    await service.stop();

    await start(cloudinaryEnv(standIn));
    await uploaded(service);
    const punches = await punchUploads(service);
    const faceImage = `rollcall/face_images/${employee.id}`;
    expect([...standIn.assets.keys()].sort()).toEqual(
      [...punches.map(({ id }) => assetOf(id)), faceImage].sort(),
    );
    for (const { id, cloudinaryImageUrl, imageUrl, imageUpload } of punches) {
      const asset = standIn.assets.get(assetOf(id));
      expect(asset).toMatchObject({ uploads: 1, bytes: photo('grace-hopper-2.jpg') });
      expect(cloudinaryImageUrl).toBe(asset?.secureUrl);
      expect(imageUrl).toBe(cloudinaryImageUrl);
      expect(imageUpload).toMatchObject({ status: 'UPLOADED', attempts: 0, error: null });
    }
    expect(standIn.assets.get(faceImage)).toMatchObject({ uploads: 1, bytes: photo('grace-hopper.jpg') });
  });

  it('leaves uploads pending that are in flight when the service stops, and the next start does them', async () => {
    await start(cloudinaryEnv(standIn, TIMEOUT_MS));
    await register(service);
    standIn.failWith('hang');
    await check(service, { employeeId: 'EMP-1' });
    const requests = standIn.requests;
    await until(
      () => Promise.resolve(standIn.requests),
      (seen) => seen > requests,
    );
    const began = performance.now();
    await service.stop();
    // A second for the CDN's deadline; the rest is for a busy machine, and what waited for the CDN would hang.
    expect(performance.now() - began).toBeLessThan(TIMEOUT_MS + 20_000);

    standIn.failWith(null);
    await start({});
    expect(await punchUploads(service)).toMatchObject([
      { cloudinaryImageUrl: null, imageUpload: { givenUpAt: null, error: expect.any(String) as string } },
    ]);
    await service.stop();

    await start(cloudinaryEnv(standIn));
    await uploaded(service);
    const [punch] = await punchUploads(service);
    expect(punch?.imageUpload.status).toBe('UPLOADED');
    expect(standIn.assets.get(assetOf(punch?.id ?? ''))?.uploads).toBe(1);
  });

  it('gives up a photo whose local file is gone, says so, and goes on with the others', async () => {
    await start(cloudinaryEnv(standIn));
    await register(service);
    standIn.failWith('unavailable');
    const lost = await check(service, { employeeId: 'EMP-1' });
    const other = await check(service, { employeeId: 'EMP-1' });
    const path = new URL(lost.attendance?.localImageUrl ?? '').pathname;
    rmSync(join(storage.dataDir, path));
    // An attempt that had read the file before fails like the others.
    await service.app.settle();
    standIn.failWith(null);

    await uploaded(service);
    expect(await storageStatus(service)).toMatchObject({ pendingUploads: 0, failedUploads: 1 });
    expect(await punchUploads(service)).toMatchObject([
      { id: other.attendance?.id, imageUpload: { status: 'UPLOADED' } },
      {
        id: lost.attendance?.id,
        cloudinaryImageUrl: null,
        imageUpload: {
          status: 'FAILED',
          error: 'The local file is missing',
          givenUpAt: expect.any(String) as string,
        },
      },
    ]);
    expect(standIn.assets.has(assetOf(lost.attendance?.id ?? ''))).toBe(false);

    // Asked to try again, it finds the file still gone.
    expect(await service.ask('mutation { retryFailedUploads }')).toEqual({ retryFailedUploads: 1 });
    await uploaded(service);
    expect(await storageStatus(service)).toMatchObject({ failedUploads: 1 });
  });

  it('works a backlog off, each photo once', async () => {
    await start({});
    await register(service);
    for (let n = 0; n < 25; n += 1) await check(service, { employeeId: 'EMP-1' });
    await service.stop();

    await start({ ...cloudinaryEnv(standIn), UPLOADER_CONCURRENCY: '3' });
    await uploaded(service);
    expect(standIn.assets.size).toBe(26);
    expect(standIn.requests).toBe(26);
  });
});
