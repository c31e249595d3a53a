/** Real: the service over HTTP and the database of the run. Fake: the clock. */
import { Clock } from '../support/clock';
import { check, punchCount, register } from '../support/operations';
import { TestService } from '../support/service';

const CORRECT = `mutation ($input: CorrectAttendanceInput!) {
  correctAttendance(input: $input) {
    id status reason requestedBy decidedBy employee { employeeId }
    changes { kind type recordedAt attendance { id voided { by at reason correction { id } } correction { id } } }
  }
}`;
const RESTORE = `mutation ($input: RestoreAttendanceInput!) {
  restoreAttendance(input: $input) { id voided { by } }
}`;
const LIST = `query ($voided: Boolean) {
  attendances(filter: { voided: $voided }) { totalCount nodes { id type recordedAt receivedAt } }
}`;
const HOUR = 3_600_000;

interface Listed {
  readonly id: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly receivedAt: string;
}

describe('corrections', () => {
  let service: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now, env: { PUNCH_MIN_INTERVAL_SECONDS: '60' } });
  });
  beforeEach(async () => {
    clock.set(Clock.START);
    await service.reset();
    await register(service);
  });
  afterAll(() => service.stop());

  const list = async (voided: boolean | null = null): Promise<readonly Listed[]> =>
    (await service.ask<{ attendances: { nodes: Listed[] } }>(LIST, { voided })).attendances.nodes;
  const correct = (changes: readonly object[]) =>
    service.ask<{ correctAttendance: Record<string, unknown> & { id: string } }>(CORRECT, {
      input: { changes, reason: 'Wrong door' },
    });
  const fault = (changes: readonly object[]) => service.fault(CORRECT, { input: { changes, reason: 'x' } });
  const voidOf = (attendanceId: string) => ({ void: { attendanceId } });
  const punch = async (input: object = {}) => {
    const { status, attendance } = await check(service, { ...input });
    return { status, id: attendance?.id ?? '', type: attendance?.type };
  };

  it('void a punch and add the right one, with a trace', async () => {
    const { id } = await punch();
    clock.advance(HOUR);
    const recordedAt = new Date(Clock.START - HOUR).toISOString();
    const { correctAttendance: made } = await correct([
      { add: { employeeId: 'emp-1', type: 'LOGIN', recordedAt } },
      voidOf(id),
    ]);
    const at = clock.now().toISOString();
    const correction = { id: made.id };
    expect(made).toMatchObject({
      status: 'APPROVED',
      reason: 'Wrong door',
      requestedBy: 'open',
      decidedBy: 'open',
      employee: { employeeId: 'EMP-1' },
      changes: [
        { kind: 'ADD', type: 'LOGIN', recordedAt, attendance: { voided: null, correction } },
        { kind: 'VOID', attendance: { id, voided: { by: 'open', at, reason: 'Wrong door', correction } } },
      ],
    });
    expect(await list()).toMatchObject([{ type: 'LOGIN', recordedAt, receivedAt: at }]);
    expect(await list(true)).toMatchObject([{ id }]);
    const events = await service.sql<{ action: string }>('SELECT action FROM audit_events ORDER BY sequence');
    expect(events.map(({ action }) => action).slice(-3)).toEqual([
      'attendance.void',
      'attendance.manual',
      'correction.approve',
    ]);
  });

  it('make direction, interval and retries skip what is voided, at once', async () => {
    const { id } = await punch({ requestId: 'a' });
    expect(await punch()).toMatchObject({ status: 'ALREADY_RECORDED', id });
    await correct([voidOf(id)]);
    const again = await punch({ requestId: 'a' });
    expect(again).toMatchObject({ status: 'RECORDED', type: 'LOGIN' });
    expect(again.id).not.toBe(id);
    expect(await punch({ requestId: 'a' })).toMatchObject({ status: 'ALREADY_RECORDED', id: again.id });
    expect(await punchCount(service)).toBe(1);
  });

  it('can be taken back, unless another punch has the place', async () => {
    const { id } = await punch({ requestId: 'a' });
    const restore = { input: { attendanceId: id, reason: 'It was right' } };
    expect((await service.fault(RESTORE, restore)).extensions).toMatchObject({ code: 'CONFLICT' });
    await correct([voidOf(id)]);
    expect(await service.ask(RESTORE, restore)).toEqual({ restoreAttendance: { id, voided: null } });
    expect(await list()).toMatchObject([{ id }]);
    await correct([voidOf(id)]);
    await punch({ requestId: 'a' });
    expect((await service.fault(RESTORE, restore)).extensions).toMatchObject({ code: 'CONFLICT' });
  });

  it('are all or nothing, of one employee, and void once', async () => {
    const { id } = await punch();
    const future = new Date(Clock.START + HOUR).toISOString();
    const add = { employeeId: 'EMP-1', type: 'LOGOUT', recordedAt: future };
    expect(await fault([voidOf(id), { add }])).toMatchObject({ extensions: { field: 'recordedAt' } });
    expect(await list()).toHaveLength(1);
    expect((await fault([])).extensions).toMatchObject({ field: 'changes' });
    expect((await fault([{}])).extensions).toMatchObject({ field: 'changes' });
    expect((await fault([{ add, ...voidOf(id) }])).extensions).toMatchObject({ field: 'changes' });
    expect((await fault([voidOf('nobody')])).extensions).toMatchObject({ code: 'NOT_FOUND' });
    expect((await fault([voidOf(id), voidOf(id)])).extensions).toMatchObject({ code: 'CONFLICT' });
    const raced = await Promise.allSettled([correct([voidOf(id)]), correct([voidOf(id)])]);
    expect(raced.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are not needed after a clock that was ahead: later punches have their own time and order', async () => {
    clock.advance(400 * 24 * HOUR);
    await punch();
    clock.set(Clock.START + HOUR);
    const times: string[] = [];
    for (const expected of ['LOGOUT', 'LOGIN', 'LOGOUT']) {
      expect(await punch()).toMatchObject({ status: 'RECORDED', type: expected });
      times.unshift(clock.now().toISOString());
      clock.advance(30_000);
      expect(await punch()).toMatchObject({ status: 'ALREADY_RECORDED' });
      clock.advance(HOUR);
    }
    const listed = (await list()).slice(1);
    expect(listed.map(({ recordedAt }) => recordedAt)).toEqual(times);
    expect(listed.map(({ receivedAt }) => receivedAt)).toEqual(times);
  });
});
