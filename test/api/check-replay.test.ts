/** Real: services over HTTP, the database, face-api's models, sharp. Fake: the clock; an answer that gets lost. */
import sharp from 'sharp';
import { Clock } from '../support/clock';
import { createStorage, itOnServer } from '../support/databases';
import { auditOf } from '../support/privacy';
import { Statements } from '../../src/database/statements';
import {
  check,
  CHECK,
  collins,
  CREATE_OFFICE,
  hopper,
  hopperAgain,
  punchCount,
  register,
} from '../support/operations';
import { base64Photo, descriptor, photo } from '../support/photos';
import { TestService } from '../support/service';
import { until } from '../support/until';

const env = { PUNCH_MIN_INTERVAL_SECONDS: '0', REPLAY_WINDOW_DAYS: '90', LOCKOUT_EMPLOYEE_FAILURES: '0' };
const DAY = 86_400_000;
const third = {
  imageBase64: base64Photo('grace-hopper-3.jpg'),
  faceDescriptor: descriptor('grace-hopper-3'),
};

describe('replays', () => {
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

  it('of a photo or of a descriptor are refused, and nothing is written', async () => {
    expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    for (const replayed of [
      hopperAgain,
      { ...third, imageBase64: hopperAgain.imageBase64 },
      { ...third, faceDescriptor: hopperAgain.faceDescriptor },
    ]) {
      expect(await check(service, replayed)).toMatchObject({
        __typename: 'ReplayDetected',
        status: 'REPLAY_DETECTED',
        similarity: null,
      });
    }
    expect(await punchCount(service)).toBe(1);
    // A refused replay takes nothing from the genuine photo and descriptor that it was mixed with.
    expect(await check(service, third)).toMatchObject({ status: 'RECORDED' });
  });

  it('of an enrolment are refused: its photo is no proof of presence', async () => {
    expect(await check(service, hopper)).toMatchObject({ status: 'REPLAY_DETECTED' });
  });

  it('of a refused check are refused as well', async () => {
    const claim = { employeeId: 'NOBODY' };
    expect(await check(service, claim)).toMatchObject({ status: 'EMPLOYEE_NOT_FOUND' });
    expect(await check(service)).toMatchObject({ status: 'REPLAY_DETECTED' });
  });

  it('are not what a retry with the same requestId is: it gets the first answer', async () => {
    const first = await check(service, { requestId: 'r-1' });
    const again = await check(service, { requestId: 'r-1' });
    expect([first.status, again.status]).toEqual(['RECORDED', 'ALREADY_RECORDED']);
    expect(again.attendance?.id).toBe(first.attendance?.id);
    expect(await check(service, { requestId: 'r-2' })).toMatchObject({ status: 'REPLAY_DETECTED' });
  });

  it('are what a punch in doubt is sent again as, but under its own requestId', async () => {
    // The punch is written, and the answer of the database gets lost.
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its object
    const real = Statements.prototype.run;
    const losing = jest.spyOn(Statements.prototype, 'run').mockImplementation(async function (
      this: Statements,
      name,
      ...rest
    ) {
      const rows = await real.call(this, name, ...rest);
      if (name === 'insert-punch') throw new Error('Connection terminated unexpectedly');
      return rows;
    });
    try {
      await service.fault(CHECK, { input: { ...hopperAgain, requestId: 'r-1' } });
    } finally {
      losing.mockRestore();
    }
    expect(await punchCount(service)).toBe(1);
    expect(await check(service, { requestId: 'r-2' })).toMatchObject({ status: 'REPLAY_DETECTED' });
    expect(await check(service)).toMatchObject({ status: 'REPLAY_DETECTED' });
    expect(await check(service, { requestId: 'r-1' })).toMatchObject({ status: 'ALREADY_RECORDED' });
    expect(await punchCount(service)).toBe(1);
  });

  it('are what a photo is that has matched once, though the rest of its check was wrong', async () => {
    const { createOffice } = await service.ask<{ createOffice: { id: string } }>(CREATE_OFFICE, {
      input: { name: 'Lima', latitude: 0, longitude: 0, radiusMeters: 100 },
    });
    await service.ask('mutation ($i: UpdateEmployeeInput!) { updateEmployee(input: $i) { id } }', {
      i: { employeeId: 'EMP-1', officeId: createOffice.id },
    });
    const fault = await service.fault(CHECK, { input: { ...hopperAgain, requestId: 'r-1' } });
    expect(fault.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'latitude' });
    const at = { latitude: 0, longitude: 0 };
    expect(await check(service, at)).toMatchObject({ status: 'REPLAY_DETECTED' });
    const [event] = await until(
      () => auditOf(service, { action: 'check.refused' }),
      (events) => events.some(({ outcome }) => outcome === 'BAD_USER_INPUT'),
    );
    expect(event).toBeDefined();
    // Its own client mends it under the same requestId.
    expect(await check(service, { ...at, requestId: 'r-1' })).toMatchObject({ status: 'RECORDED' });
  });

  it('under the requestId of a check that recorded nothing are retries for ten minutes, and replays from then on', async () => {
    await register(service, { name: 'Eileen Collins', employeeId: 'EMP-2', ...collins });
    const claim = { employeeId: 'EMP-2', requestId: 'r-1' };
    expect(await check(service, claim)).toMatchObject({ status: 'FACE_MISMATCH' });
    for (let minute = 0; minute < 9; minute++) {
      expect(await check(service, claim)).toMatchObject({ status: 'FACE_MISMATCH' });
      clock.advance(60_000);
    }
    clock.advance(60_000);
    // However often it was sent meanwhile.
    expect(await check(service, { ...claim, employeeId: 'EMP-1' })).toMatchObject({
      status: 'REPLAY_DETECTED',
    });
    expect(await punchCount(service)).toBe(0);
  });

  it('of a recorded check get its first answer, however late they come', async () => {
    const first = await check(service, { requestId: 'r-1' });
    clock.advance(30 * DAY);
    expect(await check(service, { requestId: 'r-1' })).toMatchObject({
      status: 'ALREADY_RECORDED',
      attendance: { id: first.attendance?.id },
    });
  });

  it('of a photo that could not be used are refused, too', async () => {
    const blurred = { imageBase64: base64Photo('grace-hopper-hard.jpg'), faceDescriptor: undefined };
    expect(await check(service, blurred)).toMatchObject({ status: 'FACE_NOT_USABLE' });
    expect(await check(service, blurred)).toMatchObject({ status: 'REPLAY_DETECTED' });
  });

  it('are forgotten after the window', async () => {
    await check(service);
    clock.advance(90 * DAY - 1);
    expect(await check(service)).toMatchObject({ status: 'REPLAY_DETECTED' });
    clock.advance(2);
    expect(await check(service)).toMatchObject({ status: 'RECORDED' });
  });

  it('in another wrapping are found by the descriptor that the server computes', async () => {
    const png = (await sharp(photo('grace-hopper-2.jpg')).png().toBuffer()).toString('base64');
    const other = (await sharp(photo('grace-hopper-2.jpg')).png({ compressionLevel: 1 }).toBuffer()).toString(
      'base64',
    );
    expect(png).not.toBe(other);
    const byPhoto = { faceDescriptor: undefined };
    expect(await check(service, { imageBase64: png, ...byPhoto })).toMatchObject({ status: 'RECORDED' });
    expect(await check(service, { imageBase64: other, ...byPhoto })).toMatchObject({
      status: 'REPLAY_DETECTED',
    });
  });

  it('that race: one is recorded', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => check(service)));
    expect(all.map(({ status }) => status).sort()).toEqual(
      ['RECORDED', ...Array<string>(7).fill('REPLAY_DETECTED')].sort(),
    );
  });
});

it('replays of the descriptor that a client sent with an enrolment are refused if the server’s decides, too', async () => {
  const service = await TestService.start({ env: { ...env, FACE_DESCRIPTOR_TRUST: 'verify' } });
  try {
    // The same direction, so it agrees; other bytes than the server's.
    const faceDescriptor = hopper.faceDescriptor.map((x) => x * 1.01);
    await register(service, { faceDescriptor });
    const other = (await sharp(photo('grace-hopper.jpg')).jpeg({ quality: 80 }).toBuffer()).toString(
      'base64',
    );
    expect(await check(service, { faceDescriptor, imageBase64: other })).toMatchObject({
      status: 'REPLAY_DETECTED',
    });
  } finally {
    await service.stop();
  }
});

it('replays are allowed if the window is 0, so that somebody exploring can use one photo twice', async () => {
  const service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
  try {
    await register(service);
    expect(await check(service, hopper)).toMatchObject({ status: 'RECORDED' });
    expect(await check(service, hopper)).toMatchObject({ status: 'RECORDED' });
  } finally {
    await service.stop();
  }
});

itOnServer('replays are refused on another node, too', async () => {
  const storage = await createStorage();
  const one = await TestService.start({ env, storage });
  const two = await TestService.start({ env, storage });
  try {
    await register(one);
    expect(await check(one)).toMatchObject({ status: 'RECORDED' });
    expect(await check(two)).toMatchObject({ status: 'REPLAY_DETECTED' });
    const all = await Promise.all([one, two, one, two].map((node) => check(node, third)));
    expect(all.filter(({ status }) => status === 'RECORDED')).toHaveLength(1);
  } finally {
    await Promise.all([one.stop(), two.stop()]);
    await storage.remove();
  }
});
