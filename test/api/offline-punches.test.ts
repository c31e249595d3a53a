/** Real: the service over HTTP, the database, descriptors of real photos. Fake: the clock. */
import { createKey, createOffice, Speaker, startClosed } from '../support/access';
import type { Clock } from '../support/clock';
import { CHECK, hopperAgain, punchCount, register } from '../support/operations';
import { TestService } from '../support/service';
import { pair } from '../support/kiosks';

const HOUR = 3_600_000;
const OFFLINE_CHECK = CHECK.replace('id type recordedAt', 'id type recordedAt offline receivedAt').replace(
  '... on FaceMismatch',
  '... on ReviewQueued { reviewReason } ... on FaceMismatch',
);

interface OfflinePunch {
  readonly id: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly offline: boolean;
  readonly receivedAt: string;
}
interface Answer {
  readonly status: string;
  readonly attendance?: OfflinePunch;
  readonly reviewReason?: string;
}

describe('punches that were made offline', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  let kiosk: Speaker;
  /** Another kiosk, which is online all the time. */
  let door: Speaker;
  let office: string;
  let requests = 0;

  beforeAll(async () => {
    ({ service, admin, clock } = await startClosed({ env: { PUNCH_MIN_INTERVAL_SECONDS: '60' } }));
    office = await createOffice(admin, { name: 'Lima' });
    kiosk = new Speaker(service, await pair(admin, service, office));
    door = new Speaker(service, await pair(admin, service, office));
    await register(admin, { officeId: office });
  });
  beforeEach(() => clock.advance(48 * HOUR));
  afterAll(() => service.stop());

  const ago = (ms: number): string => new Date(clock.now().getTime() - ms).toISOString();
  const punch = async (input: object, by: Speaker = kiosk): Promise<Answer> => {
    const { checkAttendance } = await by.ask<{ checkAttendance: Answer }>(OFFLINE_CHECK, {
      input: { ...hopperAgain, requestId: `r-${++requests}`, ...input },
    });
    return checkAttendance;
  };
  const refusal = async (input: object, by: Speaker = kiosk) => {
    const before = await punchCount(admin);
    const fault = await by.fault(OFFLINE_CHECK, { input: { ...hopperAgain, requestId: 'never', ...input } });
    expect(await punchCount(admin)).toBe(before);
    return { ...fault.extensions, message: fault.message };
  };

  /** Sends one that becomes a review item and no punch. @returns why */
  const review = async (input: object, by: Speaker = kiosk): Promise<string> => {
    const before = await punchCount(admin);
    const answer = await punch(input, by);
    expect(answer.status).toBe('REVIEW');
    expect(await punchCount(admin)).toBe(before);
    return answer.reviewReason ?? '';
  };

  it('have the time of their photo, and say so', async () => {
    const capturedAt = ago(2 * HOUR);
    expect(await punch({ capturedAt })).toMatchObject({
      status: 'RECORDED',
      attendance: { type: 'LOGIN', recordedAt: capturedAt, offline: true, receivedAt: ago(0) },
    });
    expect(await punch({})).toMatchObject({
      status: 'RECORDED',
      attendance: { type: 'LOGOUT', recordedAt: ago(0), offline: false, receivedAt: ago(0) },
    });
  });

  it('are taken up to 12 hours back and not in the future', async () => {
    expect(await review({ capturedAt: ago(12 * HOUR + 1) })).toBe('TOO_OLD');
    expect(await review({ capturedAt: ago(-60_001) })).toBe('AHEAD');
    const [oldest, now] = [ago(12 * HOUR), ago(0)];
    expect((await punch({ capturedAt: oldest })).attendance?.recordedAt).toBe(oldest);
    // A clock that is a little ahead makes no punch in the future.
    expect(await punch({ capturedAt: ago(-60_000) })).toMatchObject({
      attendance: { recordedAt: now, offline: true },
    });
  });

  it('need a requestId, and a date that is one', async () => {
    expect(await refusal({ capturedAt: ago(1000), requestId: null })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'requestId',
      message: 'requestId: required with capturedAt',
    });
    expect(await refusal({ capturedAt: 'yesterday' })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'capturedAt',
    });
  });

  it('are taken from keys that may send them only', async () => {
    const plain = await createKey(admin, { role: 'KIOSK', officeId: office });
    const trusted = await createKey(admin, { role: 'KIOSK', officeId: office, allowOffline: true });
    clock.advance(2 * HOUR);
    const capturedAt = ago(HOUR);
    expect(await review({ capturedAt }, new Speaker(service, plain.secret))).toBe('OFFLINE_NOT_ALLOWED');
    expect((await punch({ capturedAt }, new Speaker(service, trusted.secret))).status).toBe('RECORDED');
    expect((await punch({ capturedAt: ago(0) }, admin)).status).toBe('RECORDED');
    const { rotateApiKey } = await admin.ask<{ rotateApiKey: { secret: string } }>(
      'mutation ($id: ID!) { rotateApiKey(id: $id) { secret } }',
      { id: trusted.id },
    );
    clock.advance(HOUR);
    const rotated = new Speaker(service, rotateApiKey.secret);
    expect((await punch({ capturedAt: ago(0) }, rotated)).status).toBe('RECORDED');
  });

  it('are judged at that time: direction and minimum interval', async () => {
    expect((await punch({ capturedAt: ago(9 * HOUR) })).attendance?.type).toBe('LOGIN');
    const again = await punch({ capturedAt: ago(9 * HOUR - 30_000) });
    expect([again.status, again.attendance?.type]).toEqual(['ALREADY_RECORDED', 'LOGIN']);
    expect((await punch({ capturedAt: ago(HOUR) })).attendance?.type).toBe('LOGOUT');
  });

  it('stand at their own time among what was recorded meanwhile at another door', async () => {
    await punch({}, door);
    clock.advance(HOUR);
    const online = await punch({}, door);
    expect(online.attendance?.type).toBe('LOGOUT');
    clock.advance(3 * HOUR);
    expect((await punch({}, door)).attendance?.type).toBe('LOGIN');
    clock.advance(2 * HOUR);

    // Decided by what came before it, not by what was recorded before it; what is recorded stays as it was answered.
    const capturedAt = ago(4 * HOUR);
    expect(await punch({ capturedAt })).toMatchObject({
      status: 'RECORDED',
      attendance: { type: 'LOGIN', recordedAt: capturedAt, offline: true, receivedAt: ago(0) },
    });
    const { attendances } = await admin.ask<{ attendances: { nodes: OfflinePunch[] } }>(
      '{ attendances(first: 4) { nodes { type recordedAt offline } } }',
    );
    expect(attendances.nodes).toEqual([
      { type: 'LOGIN', recordedAt: ago(2 * HOUR), offline: false },
      { type: 'LOGIN', recordedAt: ago(4 * HOUR), offline: true },
      { type: 'LOGOUT', recordedAt: ago(5 * HOUR), offline: false },
      { type: 'LOGIN', recordedAt: ago(6 * HOUR), offline: false },
    ]);
    expect((await punch({})).attendance?.type).toBe('LOGOUT');
  });

  it('are the same punch again if another door recorded it within the interval, before or after', async () => {
    const online = await punch({}, door);
    clock.advance(HOUR);
    for (const seconds of [-59, 59]) {
      const again = await punch({ capturedAt: ago(HOUR - seconds * 1000) });
      expect([again.status, again.attendance?.id]).toEqual(['ALREADY_RECORDED', online.attendance?.id]);
    }
    expect((await punch({ capturedAt: ago(HOUR + 60_000) })).status).toBe('RECORDED');
  });

  it('race with each other and with punches of now, and all stand at their own time', async () => {
    const moments = [4, 3, 2, 1].map((hours) => ago(hours * HOUR));
    const answers = await Promise.all(
      [{}, ...moments.map((capturedAt) => ({ capturedAt }))].map((input) => punch(input)),
    );
    expect(answers.map(({ attendance }) => attendance?.recordedAt)).toEqual([ago(0), ...moments]);
  });

  it('give a retry its first answer, however late it comes', async () => {
    const input = { capturedAt: ago(HOUR), requestId: `retried` };
    const first = await punch(input);
    const before = await punchCount(admin);
    for (const hours of [0, 30]) {
      clock.advance(hours * HOUR);
      expect(await punch(input)).toMatchObject({
        status: 'ALREADY_RECORDED',
        attendance: first.attendance as object,
      });
    }
    expect(await punchCount(admin)).toBe(before);
  });

  it('race with their own retries to one punch', async () => {
    const input = { capturedAt: ago(HOUR), requestId: `raced` };
    const answers = await Promise.all(Array.from({ length: 6 }, () => punch(input)));
    expect(answers.filter(({ status }) => status === 'RECORDED')).toHaveLength(1);
    expect(new Set(answers.map(({ attendance }) => attendance?.id)).size).toBe(1);
  });
});

it('offline punches still need a challenge if one is required', async () => {
  const { service, admin, clock } = await startClosed({ env: { REQUIRE_CHALLENGE: 'true' } });
  try {
    await register(admin);
    const { checkAttendance } = await admin.ask<{ checkAttendance: Answer }>(OFFLINE_CHECK, {
      input: { ...hopperAgain, capturedAt: clock.now().toISOString(), requestId: 'r' },
    });
    expect(checkAttendance).toMatchObject({ status: 'REVIEW', reviewReason: 'CHALLENGE_REFUSED' });
  } finally {
    await service.stop();
  }
});

it('offline punches are taken from anybody who reaches an open service', async () => {
  const service = await TestService.start();
  try {
    await register(service);
    await service.sql(`UPDATE employees SET created_at = created_at - interval '1 day'`);
    const capturedAt = new Date(Date.now() - HOUR).toISOString();
    const { checkAttendance } = await service.ask<{ checkAttendance: Answer }>(OFFLINE_CHECK, {
      input: { ...hopperAgain, capturedAt, requestId: 'r' },
    });
    expect(checkAttendance.attendance).toMatchObject({ recordedAt: capturedAt, offline: true });
  } finally {
    await service.stop();
  }
});
