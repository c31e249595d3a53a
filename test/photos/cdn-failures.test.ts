/** Real: the service over HTTP, the database, the disk, Cloudinary's SDK. Fake: Cloudinary, a stand-in on loopback. */
import { CloudinaryStandIn, type FailureMode } from '../support/cloudinary-stand-in';
import { FAILURE_MODES } from '../support/cloudinary-stand-in-failures';
import { CHECK, hopperAgain, register, type CheckAnswer } from '../support/operations';
import { photo } from '../support/photos';
import { TestService } from '../support/service';
import {
  assetOf,
  cloudinaryEnv,
  FAST_UPLOADS,
  punchUploads,
  storageStatus,
  uploaded,
  type UploadState,
} from '../support/uploads';
import { UPLOADS_DUE } from '../support/two-accounts';
import { until } from '../support/until';

const TIMEOUT_MS = 1500;
/** What a busy machine may take on top of Cloudinary's deadline; a check without one would hang. */
const MARGIN_MS = 20_000;

const CHECK_WITH_UPLOAD = CHECK.replace(
  'fragment punch on Attendance {',
  'fragment punch on Attendance { imageUpload { status attempts error givenUpAt }',
);

type Recorded = CheckAnswer & { readonly attendance: UploadState };

async function check(service: TestService): Promise<Recorded & { readonly ms: number }> {
  const began = performance.now();
  const { checkAttendance } = await service.ask<{ checkAttendance: Recorded }>(CHECK_WITH_UPLOAD, {
    input: { ...hopperAgain, employeeId: 'EMP-1' },
  });
  return { ...checkAttendance, ms: performance.now() - began };
}

/** The newest punch, as a client that asks later sees it. */
const latest = async (service: TestService): Promise<UploadState> =>
  (await punchUploads(service))[0] as UploadState;

describe('a check while Cloudinary fails', () => {
  let standIn: CloudinaryStandIn;
  let service: TestService;

  beforeAll(async () => {
    standIn = await CloudinaryStandIn.start();
    service = await TestService.start({
      env: { ...cloudinaryEnv(standIn, TIMEOUT_MS), PUNCH_MIN_INTERVAL_SECONDS: '0' },
      uploadTiming: FAST_UPLOADS,
    });
    await register(service);
  });
  afterAll(async () => {
    await service.stop();
    await standIn.stop();
  });
  afterEach(async () => {
    standIn.failWith(null);
    await uploaded(service);
  });

  it('is answered with the address of the CDN while that works', async () => {
    const answer = await check(service);
    expect(answer.cloudinaryUrl).toMatch(/^https:\/\/res\.cloudinary\.com\//);
    expect(answer.attendance).toMatchObject({
      cloudinaryImageUrl: answer.cloudinaryUrl,
      imageUrl: answer.cloudinaryUrl,
      imageUpload: { status: 'UPLOADED', attempts: 0, error: null },
    });
    expect(standIn.assets.get(assetOf(answer.attendance.id))?.bytes).toEqual(photo('grace-hopper-2.jpg'));
  });

  const temporary = FAILURE_MODES.filter((mode): mode is FailureMode => mode !== 'invalid-image');
  it.each(temporary)('is recorded in time, and the photo follows once it is over: %s', async (mode) => {
    // One failure, and then the uploader finds a healthy CDN; the answer must not wait for that.
    standIn.failWith(mode, 1);
    const answer = await check(service);
    expect(answer).toMatchObject({ status: 'RECORDED', cloudinaryUrl: null });
    expect(answer.attendance).toMatchObject({
      cloudinaryImageUrl: null,
      imageUrl: answer.attendance.localImageUrl,
      imageUpload: { status: 'PENDING', attempts: 1, error: expect.stringContaining('Cloudinary') as string },
    });
    expect(answer.ms).toBeLessThan(TIMEOUT_MS + MARGIN_MS);

    const after = await until(
      () => latest(service),
      ({ cloudinaryImageUrl }) => cloudinaryImageUrl !== null,
    );
    const asset = standIn.assets.get(assetOf(answer.attendance.id));
    expect(after).toMatchObject({
      id: answer.attendance.id,
      cloudinaryImageUrl: asset?.secureUrl,
      imageUpload: { status: 'UPLOADED', attempts: 1, error: null, givenUpAt: null },
    });
    // What was stored although its answer got lost is written again, under the same id.
    expect(asset?.uploads).toBe(mode === 'stored-but-lost' ? 2 : 1);
    expect(asset?.bytes).toEqual(photo('grace-hopper-2.jpg'));
  });

  it('keeps a photo that Cloudinary calls invalid, says so, and tries it again only when it is asked to', async () => {
    standIn.failWith('invalid-image', 1);
    const answer = await check(service);
    const failed = {
      cloudinaryImageUrl: null,
      imageUrl: answer.attendance.localImageUrl,
      imageUpload: {
        status: 'FAILED',
        attempts: 1,
        error: 'Cloudinary answered 400: the photo is refused',
        givenUpAt: expect.any(String) as string,
      },
    };
    expect(answer).toMatchObject({ status: 'RECORDED', cloudinaryUrl: null, attendance: failed });
    const requests = standIn.requests;
    for (const statement of UPLOADS_DUE) await service.sql(statement);
    await service.app.settle();
    expect(standIn.requests).toBe(requests);
    expect(await latest(service)).toMatchObject(failed);
    expect(await storageStatus(service)).toMatchObject({ pendingUploads: 0, failedUploads: 1 });

    expect(await service.ask('mutation { retryFailedUploads }')).toEqual({ retryFailedUploads: 1 });
    const after = await until(
      () => latest(service),
      ({ imageUpload }) => imageUpload.status === 'UPLOADED',
    );
    expect(after.imageUpload).toMatchObject({ error: null, givenUpAt: null });
    expect(await storageStatus(service)).toMatchObject({ pendingUploads: 0, failedUploads: 0 });
    expect(await service.ask('mutation { retryFailedUploads }')).toEqual({ retryFailedUploads: 0 });
  });

  it('enrols while the CDN is down, and the face photo follows', async () => {
    standIn.failWith('unavailable', 1);
    const { cloudinaryUrl, employee } = await register(service, {
      employeeId: 'LATER',
      name: 'Later',
      allowDuplicateFace: true,
    });
    expect(cloudinaryUrl).toBeNull();
    expect(employee.thumbnailUrl).toBe(employee.faceImageUrl);
    await uploaded(service);
    const asset = standIn.assets.get(`rollcall/face_images/${employee.id}`);
    expect(asset).toMatchObject({ uploads: 1, bytes: photo('grace-hopper.jpg') });
    expect(
      await service.ask('{ employee(employeeId: "LATER") { cloudinaryFaceImageUrl imageUrl } }'),
    ).toEqual({ employee: { cloudinaryFaceImageUrl: asset?.secureUrl, imageUrl: asset?.secureUrl } });
  });

  it("gives a registration's answer the CDN's crop of the face, as a later question gets it", async () => {
    const { employee } = await register(service, {
      employeeId: 'CROPPED',
      name: 'Cropped',
      allowDuplicateFace: true,
    });
    expect(employee.thumbnailUrl).toMatch(
      /\/c_thumb,g_face,h_200,w_200\/f_auto,q_auto\/v\d+\/rollcall\/face_images\//,
    );
    expect(await service.ask('{ employee(employeeId: "CROPPED") { thumbnailUrl } }')).toEqual({
      employee: { thumbnailUrl: employee.thumbnailUrl },
    });
  });
});

describe('a CDN that failed five times in a row', () => {
  /** Over only when the clock of this test says so; all of them within the hour for which a signature holds. */
  const PAUSE_MS = 600_000;
  let standIn: CloudinaryStandIn;
  let service: TestService;

  beforeAll(async () => {
    standIn = await CloudinaryStandIn.start();
    service = await TestService.start({
      env: { ...cloudinaryEnv(standIn), PUNCH_MIN_INTERVAL_SECONDS: '0' },
      uploadTiming: { ...FAST_UPLOADS, breakerPauseMs: PAUSE_MS },
    });
    await register(service);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await service.stop();
    await standIn.stop();
  });

  /** Ends the breaker's pause, and has the uploader do what waits. */
  async function pauseEnds(): Promise<void> {
    const now = Date.now() + PAUSE_MS;
    jest.spyOn(Date, 'now').mockReturnValue(now);
    for (const statement of UPLOADS_DUE) await service.sql(statement);
    await service.app.settle();
  }

  it('is not touched, until it works again', async () => {
    standIn.failWith('unavailable');
    // Checks and the uploader's attempts count alike.
    for (let n = 0; n < 5; n += 1) await check(service);
    expect(await storageStatus(service)).toMatchObject({ cloudinaryReady: false });
    await service.app.settle();
    const { requests } = standIn;
    for (let n = 0; n < 10; n += 1) {
      const answer = await check(service);
      expect(answer).toMatchObject({ status: 'RECORDED', cloudinaryUrl: null });
      expect(answer.attendance.imageUpload).toMatchObject({ status: 'PENDING', attempts: 0, error: null });
    }
    for (const statement of UPLOADS_DUE) await service.sql(statement);
    await service.app.settle();
    expect(standIn.requests).toBe(requests);

    // While nobody checks, one photo a pause asks whether the CDN is back.
    for (let pauses = 1; pauses <= 3; pauses += 1) {
      await pauseEnds();
      expect(standIn.requests).toBe(requests + pauses);
    }

    standIn.failWith(null);
    await pauseEnds();
    await uploaded(service);
    expect(await storageStatus(service)).toMatchObject({ cloudinaryReady: true, failedUploads: 0 });
    expect((await check(service)).cloudinaryUrl).not.toBeNull();
    // What failed stored nothing, so every photo was stored by exactly one request.
    for (const { id } of await punchUploads(service)) {
      expect(standIn.assets.get(assetOf(id))?.uploads).toBe(1);
    }
  });
});
