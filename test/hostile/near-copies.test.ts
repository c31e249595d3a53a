/** Real: services over HTTP, the database, the face models, sharp. Fake: the clock. The photos of one person are derived. */
import sharp from 'sharp';
import { PunchRecorder } from '../../src/services/attendance/check/record-punch';
import type { DataSource } from 'typeorm';
import { photoDistances, renderDistances } from '../../src/services/reports/calibration/photo-distances';
import { lookDistance } from '../../src/services/faces/replay/near-copy';
import { Clock } from '../support/clock';
import { createStorage, itOnServer } from '../support/databases';
import { check, CHECK, hopper, hopperAgain, punchCount, register } from '../support/operations';
import { base64Photo, photo } from '../support/photos';
import { erase, erased } from '../support/privacy';
import { TestService } from '../support/service';

const env = {
  PUNCH_MIN_INTERVAL_SECONDS: '0',
  REPLAY_WINDOW_DAYS: '30',
  LOCKOUT_EMPLOYEE_FAILURES: '0',
  FACE_DESCRIPTOR_TRUST: 'verify',
};
const DAY = 86_400_000;
const again = photo('grace-hopper-2.jpg');
const byPhoto = (jpeg: Buffer) => ({ imageBase64: jpeg.toString('base64'), faceDescriptor: undefined });
const jpeg = (picture: sharp.Sharp, quality = 90): Promise<Buffer> => picture.jpeg({ quality }).toBuffer();

/** A comment segment after the start of the image. */
const commented = (file: Buffer): Buffer =>
  Buffer.concat([file.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, 5, 1, 2, 3]), file.subarray(2)]);

async function cropped(file: Buffer, pixels: number): Promise<Buffer> {
  const { width, height } = await sharp(file).metadata();
  return jpeg(
    sharp(file).extract({ left: pixels, top: pixels, width: width - pixels, height: height - pixels }),
  );
}

async function narrowed(file: Buffer, share: number): Promise<Buffer> {
  const { width, height } = await sharp(file).metadata();
  const [left, top] = [Math.round(width * share), Math.round(height * share)];
  return jpeg(sharp(file).extract({ left, top, width: width - 2 * left, height: height - 2 * top }));
}

async function noisy(file: Buffer, amplitude: number): Promise<Buffer> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  // A fixed sequence, so that a test fails twice in the same way.
  for (let i = 0, seed = 1; i < data.length; i++) {
    seed = (seed * 48_271) % 2_147_483_647;
    const value = (data[i] as number) + (seed / 2_147_483_647 - 0.5) * 2 * amplitude;
    data[i] = Math.min(255, Math.max(0, Math.round(value)));
  }
  const { width, height, channels } = info;
  return jpeg(sharp(data, { raw: { width, height, channels } }));
}

const COPIES: Readonly<Record<string, (file: Buffer) => Buffer | Promise<Buffer>>> = {
  'with a comment segment': commented,
  'of quality 95': (file) => jpeg(sharp(file), 95),
  'of quality 50': (file) => jpeg(sharp(file), 50),
  'without one pixel at two edges': (file) => cropped(file, 1),
  'without four pixels at two edges': (file) => cropped(file, 4),
  'without a thirtieth at each edge': (file) => narrowed(file, 1 / 30),
  'that is brighter': (file) => jpeg(sharp(file).modulate({ brightness: 1.15 })),
  'that is darker': (file) => jpeg(sharp(file).modulate({ brightness: 0.8 })),
  'with more contrast': (file) => jpeg(sharp(file).linear(1.15, -12)),
  'without colour': (file) => jpeg(sharp(file).greyscale()),
  'at three quarters of the size': (file) => jpeg(sharp(file).resize(270)),
  'that is sharpened': (file) => jpeg(sharp(file).sharpen()),
  'that is blurred': (file) => jpeg(sharp(file).blur(0.7)),
  'with noise': (file) => noisy(file, 8),
  'that is mirrored': (file) => jpeg(sharp(file).flop()),
  'that is turned by a quarter': (file) => jpeg(sharp(file).rotate(90)),
  'that is upside down': (file) => jpeg(sharp(file).rotate(180)),
  'that is turned the other way': (file) => jpeg(sharp(file).rotate(270)),
  'as PNG': (file) => sharp(file).png().toBuffer(),
  'as WebP': (file) => sharp(file).webp({ quality: 70 }).toBuffer(),
};

describe('a near copy', () => {
  let service: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ env, now: clock.now });
  });
  beforeEach(async () => {
    await service.reset();
    await register(service);
  });
  afterAll(() => service.stop());

  it.each(Object.entries(COPIES))('%s is refused, of the photo of a check', async (_, copy) => {
    expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    expect(await check(service, byPhoto(await copy(again)))).toMatchObject({ status: 'REPLAY_DETECTED' });
    expect(await punchCount(service)).toBe(1);
  });

  it.each(Object.entries(COPIES))('%s is refused, of the enrolment photo', async (_, copy) => {
    const file = await copy(photo('grace-hopper.jpg'));
    expect(await check(service, byPhoto(file))).toMatchObject({ status: 'REPLAY_DETECTED' });
    // Whoever the check says it is, or if it says nothing.
    const unclaimed = { ...byPhoto(await jpeg(sharp(file), 70)), employeeId: undefined };
    expect(await check(service, unclaimed)).toMatchObject({ status: 'REPLAY_DETECTED' });
  });

  it('of any photo of an enrolment is refused', async () => {
    await register(service, {
      ...{ employeeId: 'EMP-2', imageBase64: undefined, faceDescriptor: undefined, allowDuplicateFace: true },
      imagesBase64: [base64Photo('grace-hopper-2.jpg'), base64Photo('grace-hopper-3.jpg')],
    });
    for (const name of ['grace-hopper-2.jpg', 'grace-hopper-3.jpg']) {
      const copy = { employeeId: 'EMP-2', ...byPhoto(await jpeg(sharp(photo(name)), 80)) };
      expect(await check(service, copy)).toMatchObject({ status: 'REPLAY_DETECTED' });
    }
  });

  it('is not what another photo of the person is', async () => {
    for (const name of ['grace-hopper-2.jpg', 'grace-hopper-3.jpg']) {
      expect(await check(service, byPhoto(photo(name)))).toMatchObject({ status: 'RECORDED' });
    }
  });

  it('under the same requestId is a retry', async () => {
    const retry = byPhoto(await jpeg(sharp(again), 80));
    expect(await check(service, { requestId: 'r-1' })).toMatchObject({ status: 'RECORDED' });
    expect(await check(service, { ...retry, requestId: 'r-1' })).toMatchObject({
      status: 'ALREADY_RECORDED',
    });
    expect(await check(service, { ...retry, requestId: 'r-2' })).toMatchObject({ status: 'REPLAY_DETECTED' });
  });

  it('may be sent again after a check that ended in a fault of the server', async () => {
    const input = { ...hopperAgain, requestId: 'r-1' };
    const broken = jest.spyOn(PunchRecorder.prototype, 'record').mockRejectedValueOnce(new Error('a fault'));
    try {
      await service.fault(CHECK, { input });
    } finally {
      broken.mockRestore();
    }
    expect(await check(service, byPhoto(await jpeg(sharp(again), 80)))).toMatchObject({ status: 'RECORDED' });
  });

  it('of a check is forgotten after the window, of an enrolment never', async () => {
    expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    clock.advance(30 * DAY + 1);
    const copy = byPhoto(await jpeg(sharp(again), 80));
    expect(await check(service, copy)).toMatchObject({ status: 'RECORDED' });
    const enrolled = byPhoto(await jpeg(sharp(photo('grace-hopper.jpg')), 80));
    expect(await check(service, enrolled)).toMatchObject({ status: 'REPLAY_DETECTED' });
    clock.advance(30 * DAY + 1);
    await service.app.sweep();
    const rows = await service.sql<{ template_id: string | null }>('SELECT template_id FROM seen_faces');
    expect(rows.map((row) => row.template_id !== null)).toEqual([true]);
  });

  it('that races with others: one is recorded', async () => {
    const files = await Promise.all([60, 70, 80, 90].map((quality) => jpeg(sharp(again), quality)));
    const all = await Promise.all(files.map((file) => check(service, byPhoto(file))));
    expect(all.map(({ status }) => status).sort()).toEqual([
      'RECORDED',
      ...Array<string>(3).fill('REPLAY_DETECTED'),
    ]);
  });

  it('is known by hashes that are keyed, and gone with the person', async () => {
    const { employee } = await register(service, {
      employeeId: 'EMP-2',
      ...{ allowDuplicateFace: true, name: 'Twin' },
    });
    await check(service, { employeeId: 'EMP-1' });
    await check(service, { employeeId: 'EMP-2', ...byPhoto(await jpeg(sharp(again), 80)) });
    const [mine, other] = await service.sql<{ hash: Buffer }>(
      'SELECT hash FROM seen_faces WHERE template_id IS NOT NULL',
    );
    if (mine === undefined || other === undefined) throw new Error('An enrolment photo is not remembered');
    // Of one photo, and nothing in common: each person has a pad of their own.
    expect(lookDistance(mine.hash, other.hash).picture).toBeGreaterThan(0.3);
    expect(lookDistance(mine.hash, other.hash).face).toBeGreaterThan(0.4);
    // An operator sees how far the accepted photos of one employee are apart.
    const query = (sql: string, parameters?: unknown[]) => service.sql(sql, parameters);
    const distances = await photoDistances({ query: query as DataSource['query'] }, 'mobilefacenet-512');
    expect(distances).toMatchObject({ pairs: 2, sameFace: 2, samePicture: 0, copies: 0, closestFace: null });
    expect(distances.closestPicture).toBeGreaterThan(0.3);
    expect(renderDistances(distances)).toContain('2 pairs of accepted photos');
    await erased(service, (await erase(service, 'EMP-2', true)).id);
    expect(await service.sql('SELECT FROM seen_faces WHERE employee_id = $1', [employee.id])).toEqual([]);
    expect(await service.sql('SELECT FROM seen_faces')).toHaveLength(2);
  });

  it('is not kept of who withdraws consent', async () => {
    await check(service);
    expect(await service.sql('SELECT FROM seen_faces')).toHaveLength(2);
    await service.ask('mutation { withdrawConsent(employeeId: "EMP-1") { id } }');
    expect(await service.sql('SELECT FROM seen_faces')).toEqual([]);
  });
});

it.each(['client', 'server'])('a near copy is refused if FACE_DESCRIPTOR_TRUST is %s', async (trust) => {
  const service = await TestService.start({ env: { ...env, FACE_DESCRIPTOR_TRUST: trust } });
  try {
    await register(service);
    expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    // Another vector, so that it is not the descriptor that was sent before.
    const faceDescriptor = hopperAgain.faceDescriptor.map((x) => x * 1.01);
    for (const name of ['grace-hopper.jpg', 'grace-hopper-2.jpg']) {
      const imageBase64 = (await jpeg(sharp(photo(name)), 80)).toString('base64');
      expect(await check(service, { imageBase64, faceDescriptor })).toMatchObject({
        status: 'REPLAY_DETECTED',
      });
      faceDescriptor[0] = (faceDescriptor[0] as number) + 0.001;
    }
  } finally {
    await service.stop();
  }
});

it('near copies are allowed if the window is 0, and nothing is kept of them', async () => {
  const service = await TestService.start({ env: { ...env, REPLAY_WINDOW_DAYS: '0' } });
  try {
    await register(service);
    expect(await check(service, hopper)).toMatchObject({ status: 'RECORDED' });
    const copy = byPhoto(await jpeg(sharp(photo('grace-hopper.jpg')), 80));
    expect(await check(service, copy)).toMatchObject({ status: 'RECORDED' });
    expect(await service.sql('SELECT FROM seen_faces')).toEqual([]);
  } finally {
    await service.stop();
  }
});

it('near copies of an enrolment from before the window was opened are refused', async () => {
  const storage = await createStorage();
  try {
    const before = await TestService.start({ storage, env: { ...env, REPLAY_WINDOW_DAYS: '0' } });
    await register(before);
    await before.stop();
    const service = await TestService.start({ storage, env });
    try {
      const copy = byPhoto(await jpeg(sharp(photo('grace-hopper.jpg')), 80));
      expect(await check(service, copy)).toMatchObject({ status: 'REPLAY_DETECTED' });
      expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    } finally {
      await service.stop();
    }
  } finally {
    await storage.remove();
  }
});

itOnServer('near copies are refused on another node, too', async () => {
  const storage = await createStorage();
  const nodes = [
    await TestService.start({ env, storage }),
    await TestService.start({ env, storage }),
  ] as const;
  const [one, two] = nodes;
  try {
    await register(one);
    expect(await check(one)).toMatchObject({ status: 'RECORDED' });
    expect(await check(two, byPhoto(await jpeg(sharp(again), 80)))).toMatchObject({
      status: 'REPLAY_DETECTED',
    });
    const third = photo('grace-hopper-3.jpg');
    const files = await Promise.all([60, 70, 80, 90].map((quality) => jpeg(sharp(third), quality)));
    const all = await Promise.all(files.map((file, i) => check(nodes[i % 2] as TestService, byPhoto(file))));
    expect(all.filter(({ status }) => status === 'RECORDED')).toHaveLength(1);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await storage.remove();
  }
});
