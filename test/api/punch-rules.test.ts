/** Real: the rules. The moments are made up; the service with a set clock follows below. */
import { AttendanceType } from '../../src/entities/attendance.entity';
import { decidePunch } from '../../src/services/attendance/punches/punch-rules';
import { Clock } from '../support/clock';
import { check, CHECK, collins, punchCount, PUNCHES, register } from '../support/operations';
import { TestService } from '../support/service';

const { LOGIN, LOGOUT } = AttendanceType;
const NOW = new Date('2026-03-02T09:00:00Z');
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * 3_600_000);
const punch = (type: AttendanceType, hours: number) => ({ type, recordedAt: hoursAgo(hours) });

describe('decidePunch', () => {
  it.each([
    ['the first punch ever', [], LOGIN],
    ['after a LOGIN this morning', [punch(LOGIN, 8)], LOGOUT],
    ['after a LOGOUT', [punch(LOGOUT, 0.5), punch(LOGIN, 8)], LOGIN],
    ['in the morning after a night shift began', [punch(LOGIN, 9)], LOGOUT],
    ['exactly 16 hours after a LOGIN', [punch(LOGIN, 16)], LOGOUT],
    ['more than 16 hours after a LOGIN: the logout was forgotten', [punch(LOGIN, 16.001)], LOGIN],
    ['a day after a forgotten logout', [punch(LOGIN, 24)], LOGIN],
  ])('without a direction, %s', (_, recent, expected) => {
    expect(decidePunch(recent, null, NOW, 60)).toEqual({ record: expected });
  });

  it.each([1, 16, 24, 48])('closes a LOGIN of up to OPEN_LOGIN_MAX_HOURS=%i', (hours) => {
    const after = (open: number) => decidePunch([punch(LOGIN, open)], null, NOW, 60, [], hours);
    expect(after(hours)).toEqual({ record: LOGOUT });
    expect(after(hours + 0.001)).toEqual({ record: LOGIN });
  });

  it('takes a given direction as it is', () => {
    expect(decidePunch([punch(LOGIN, 1)], LOGIN, NOW, 60)).toEqual({ record: LOGIN });
    expect(decidePunch([], LOGOUT, NOW, 60)).toEqual({ record: LOGOUT });
  });

  it('takes any undirected punch within the interval as the latest one again', () => {
    const last = punch(LOGIN, 59 / 3600);
    expect(decidePunch([last], null, NOW, 60)).toEqual({ repeats: last });
    expect(decidePunch([punch(LOGIN, 60 / 3600)], null, NOW, 60)).toEqual({ record: LOGOUT });
  });

  it('takes the same direction within the interval as the same punch, the other one as a new one', () => {
    const recent = [punch(LOGOUT, 10 / 3600), punch(LOGIN, 30 / 3600)];
    expect(decidePunch(recent, LOGIN, NOW, 60)).toEqual({ repeats: recent[1] });
    expect(decidePunch([punch(LOGIN, 10 / 3600)], LOGOUT, NOW, 60)).toEqual({ record: LOGOUT });
  });

  it('does not take a punch for a repetition if the clock was set back by hours', () => {
    expect(decidePunch([punch(LOGIN, -9)], null, NOW, 60)).toHaveProperty('record');
  });

  it('takes a late punch for one that was recorded meanwhile within the interval, and its direction from before', () => {
    const following = punch(LOGIN, -59 / 3600);
    expect(decidePunch([punch(LOGIN, 8)], null, NOW, 60, [following])).toEqual({ repeats: following });
    expect(decidePunch([punch(LOGIN, 8)], LOGOUT, NOW, 60, [following])).toEqual({ record: LOGOUT });
    expect(decidePunch([punch(LOGIN, 8)], null, NOW, 60, [punch(LOGIN, -1)])).toEqual({ record: LOGOUT });
    expect(decidePunch([], null, NOW, 60, [punch(LOGIN, -1)])).toEqual({ record: LOGIN });
  });

  it('repeats nothing if the interval is 0, even if another clock is ahead', () => {
    expect(decidePunch([punch(LOGIN, 0)], LOGIN, NOW, 0)).toEqual({ record: LOGIN });
    expect(decidePunch([punch(LOGIN, -1)], null, NOW, 0)).toEqual({ record: LOGOUT });
  });
});

describe('punches over time', () => {
  let now = new Date('2026-03-01T08:00:00Z');
  const at = (time: string): void => {
    now = new Date(time);
  };
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
  });
  afterAll(() => service.stop());

  it('follows a person through nights, a forgotten logout and impatient fingers', async () => {
    await register(service);
    const direction = async (time: string, input = {}): Promise<string> => {
      at(time);
      const { status, attendance } = await check(service, input);
      return `${status} ${attendance?.type ?? ''}`;
    };
    expect(await direction('2026-03-01T22:00:00Z')).toBe('RECORDED LOGIN');
    expect(await direction('2026-03-01T22:00:59Z')).toBe('ALREADY_RECORDED LOGIN');
    expect(await direction('2026-03-01T22:00:59Z', { type: 'LOGIN' })).toBe('ALREADY_RECORDED LOGIN');
    expect(await direction('2026-03-02T06:00:00Z')).toBe('RECORDED LOGOUT');
    expect(await direction('2026-03-02T06:00:30Z', { type: 'LOGIN' })).toBe('RECORDED LOGIN');
    // The logout is forgotten; 27 hours later the day begins anew.
    expect(await direction('2026-03-03T09:00:00Z')).toBe('RECORDED LOGIN');
    expect(await direction('2026-03-03T17:00:00Z')).toBe('RECORDED LOGOUT');
    const { attendances } = await service.ask<{
      attendances: { nodes: { recordedAt: string; type: string }[] };
    }>(PUNCHES);
    expect(attendances.nodes.map(({ recordedAt, type }) => `${recordedAt} ${type}`)).toEqual([
      '2026-03-03T17:00:00.000Z LOGOUT',
      '2026-03-03T09:00:00.000Z LOGIN',
      '2026-03-02T06:00:30.000Z LOGIN',
      '2026-03-02T06:00:00.000Z LOGOUT',
      '2026-03-01T22:00:00.000Z LOGIN',
    ]);
  });

  it('returns the first punch to a retry with the same requestId, however late', async () => {
    at('2026-03-05T08:00:00Z');
    const first = await check(service, { requestId: 'r-1' });
    at('2026-03-06T08:00:00Z');
    const before = await punchCount(service);
    const again = await check(service, { requestId: 'r-1' });
    expect(again).toMatchObject({
      __typename: 'AttendanceAlreadyRecorded',
      status: 'ALREADY_RECORDED',
      similarity: first.similarity,
    });
    expect(again.attendance).toEqual(first.attendance);
    expect(await punchCount(service)).toBe(before);
  });

  it('gives 10 racing retries of one requestId one punch', async () => {
    at('2026-03-07T08:00:00Z');
    const before = await punchCount(service);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => check(service, { requestId: 'race', type: 'LOGIN' })),
    );
    expect(answers.filter(({ status }) => status === 'RECORDED')).toHaveLength(1);
    expect(new Set(answers.map(({ attendance }) => attendance?.id)).size).toBe(1);
    expect(await punchCount(service)).toBe(before + 1);
  });

  it("does not take one person's requestId for another's", async () => {
    await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    at('2026-03-08T08:00:00Z');
    await check(service, { requestId: 'mine' });
    const fault = await service.fault(CHECK, { input: { ...collins, requestId: 'mine' } });
    expect(fault.extensions).toMatchObject({ code: 'CONFLICT', field: 'requestId' });
  });
});

describe('racing punches without an interval', () => {
  it('are one alternating order', async () => {
    const service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
    try {
      await register(service);
      await Promise.all(Array.from({ length: 12 }, () => check(service)));
      const { attendances } = await service.ask<{ attendances: { nodes: { type: string }[] } }>(PUNCHES);
      expect(attendances.nodes.map(({ type }) => type).reverse()).toEqual(
        Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 'LOGIN' : 'LOGOUT')),
      );
    } finally {
      await service.stop();
    }
  });
});

describe('OPEN_LOGIN_MAX_HOURS', () => {
  it('lets a duty of 24 hours end in a LOGOUT', async () => {
    const clock = new Clock();
    const service = await TestService.start({
      env: { OPEN_LOGIN_MAX_HOURS: '25', REPLAY_WINDOW_DAYS: '0' },
      now: clock.now,
    });
    try {
      await register(service);
      expect((await check(service)).attendance?.type).toBe(LOGIN);
      clock.advance(24 * 3_600_000);
      expect((await check(service)).attendance?.type).toBe(LOGOUT);
    } finally {
      await service.stop();
    }
  });
});
