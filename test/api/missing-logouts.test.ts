/** Real: the service over HTTP, the database of the run, descriptors of real photos. Fake: the clock; earlier punches are written without faces. */
import { Statements } from '../../src/database/statements';
import { createOffice as officeOf, Speaker, startClosed } from '../support/access';
import type { Clock } from '../support/clock';
import { pair } from '../support/kiosks';
import { CHECK, hopperAgain, register } from '../support/operations';
import type { TestService } from '../support/service';
import { assign, planDates, punch, WEEK_OF_DAYS } from '../support/working-days';

const NOTICES = 'notices { code date }';
const NOTICED = CHECK.replaceAll('attendance {', `${NOTICES} attendance {`);

interface Answer {
  readonly status: string;
  readonly attendance: { readonly id: string; readonly type: string };
  readonly notices: readonly { readonly code: string; readonly date: string }[];
}

describe('a check tells of a missing logout', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  let kiosk: Speaker;
  let employee = '';
  let requests = 0;

  beforeAll(async () => {
    ({ service, admin, clock } = await startClosed({ env: { PUNCH_MIN_INTERVAL_SECONDS: '60' } }));
  });
  beforeEach(async () => {
    clock.set(Date.parse('2026-03-01T08:00:00Z'));
    await service.reset();
    const officeId = await officeOf(admin, { name: 'Berlin', timeZone: 'Europe/Berlin' });
    kiosk = new Speaker(service, await pair(admin, service, officeId));
    employee = (await register(admin, { officeId, employedFrom: '2020-01-01' })).employee.id;
  });
  afterAll(() => service.stop());

  const write = (...punches: (readonly [string, string])[]): Promise<string[]> =>
    punch(
      service,
      employee,
      punches.map(([type, at]) => ({ type, at })),
    );
  /** A check at a moment. */
  async function check(at: string, input: object = {}, by: Speaker = kiosk): Promise<Answer> {
    clock.set(Date.parse(at));
    const { checkAttendance } = await by.ask<{ checkAttendance: Answer }>(NOTICED, {
      input: { ...hopperAgain, type: 'LOGIN', requestId: `n-${++requests}`, ...input },
    });
    return checkAttendance;
  }
  const MONDAY = [{ code: 'MISSING_LOGOUT', date: '2026-03-09' }];

  it('of the former working day, to a kiosk, and a retry gets the same answer', async () => {
    await assign(admin, { employeeId: 'EMP-1' }, WEEK_OF_DAYS);
    await write(['LOGIN', '2026-03-09T08:00:00Z']);
    const first = await check('2026-03-10T08:00:00Z', { requestId: 'same' });
    expect(first).toMatchObject({ status: 'RECORDED', notices: MONDAY });
    const again = await check('2026-03-10T08:05:00Z', { requestId: 'same' });
    expect(again).toMatchObject({
      ...{ status: 'ALREADY_RECORDED', attendance: { id: first.attendance.id }, notices: MONDAY },
    });
    // The same punch within the minimum interval.
    expect(await check('2026-03-10T08:00:30Z')).toMatchObject({
      status: 'ALREADY_RECORDED',
      notices: MONDAY,
    });
    // Also after the day has gone on.
    await check('2026-03-10T16:00:00Z', { type: 'LOGOUT' });
    expect((await check('2026-03-10T17:00:00Z', { requestId: 'same' })).notices).toEqual(MONDAY);
  });

  it('but not to somebody who leaves, nor where nothing is missing, nor on a first day', async () => {
    await assign(admin, { employeeId: 'EMP-1' }, WEEK_OF_DAYS);
    expect((await check('2026-03-09T08:00:00Z')).notices).toEqual([]);
    expect((await check('2026-03-09T16:00:00Z', { type: 'LOGOUT' })).notices).toEqual([]);
    expect((await check('2026-03-10T08:00:00Z')).notices).toEqual([]);
    expect((await check('2026-03-11T07:00:00Z', { type: 'LOGOUT' })).notices).toEqual([]);
  });

  it('of the last day with punches, after a vacation too, and not of a day before that', async () => {
    await write(
      ['LOGIN', '2026-01-07T08:00:00Z'],
      ['LOGIN', '2026-01-08T08:00:00Z'],
      ['LOGOUT', '2026-01-08T16:00:00Z'],
    );
    expect((await check('2026-03-10T08:00:00Z')).notices).toEqual([]);
    await write(['LOGIN', '2026-03-11T08:00:00Z']);
    expect((await check('2026-05-12T08:00:00Z')).notices).toEqual([
      { code: 'MISSING_LOGOUT', date: '2026-03-11' },
    ]);
  });

  it('of the night on which a shift began', async () => {
    await planDates(admin, 'EMP-1', [
      { date: '2026-03-09', start: '22:00', end: '06:00' },
      { date: '2026-03-10', start: '22:00', end: '06:00' },
    ]);
    // After midnight, in the shift of the day before.
    await write(['LOGIN', '2026-03-09T23:30:00Z']);
    expect((await check('2026-03-10T20:55:00Z')).notices).toEqual(MONDAY);
  });

  it('of somebody without a plan, 16 hours apart or less', async () => {
    await write(['LOGIN', '2026-03-09T19:00:00Z']);
    expect((await check('2026-03-10T07:00:00Z')).notices).toEqual(MONDAY);
  });

  it('of a pair that is too long for the work rules', async () => {
    await assign(admin, { employeeId: 'EMP-1' }, WEEK_OF_DAYS, { maxSpanMinutes: 480 });
    await write(['LOGIN', '2026-03-09T08:00:00Z'], ['LOGOUT', '2026-03-09T16:30:00Z']);
    expect((await check('2026-03-10T08:00:00Z')).notices).toEqual(MONDAY);
  });

  it('with FIRST_TO_LAST only where the last LOGOUT is missing', async () => {
    await assign(admin, { employeeId: 'EMP-1' }, WEEK_OF_DAYS, { pairing: 'FIRST_TO_LAST' });
    await write(
      ['LOGIN', '2026-03-09T08:00:00Z'],
      ['LOGIN', '2026-03-09T12:00:00Z'],
      ['LOGOUT', '2026-03-09T16:30:00Z'],
    );
    expect((await check('2026-03-10T08:00:00Z')).notices).toEqual([]);
    await write(['LOGIN', '2026-03-10T12:00:00Z'], ['LOGOUT', '2026-03-10T13:00:00Z']);
    await write(['LOGIN', '2026-03-10T14:00:00Z']);
    expect((await check('2026-03-11T08:00:00Z')).notices).toEqual([
      { code: 'MISSING_LOGOUT', date: '2026-03-10' },
    ]);
  });

  it('not where the work rules end the day by themselves', async () => {
    await assign(admin, { employeeId: 'EMP-1' }, WEEK_OF_DAYS, { openSpan: { mode: 'CLOSE_AT_SHIFT_END' } });
    await write(['LOGIN', '2026-03-09T08:00:00Z']);
    expect((await check('2026-03-10T08:00:00Z')).notices).toEqual([]);
  });

  it('not after HR has added the LOGOUT', async () => {
    await write(['LOGIN', '2026-03-09T08:00:00Z']);
    expect((await check('2026-03-10T08:00:00Z', { requestId: 'same' })).notices).toEqual(MONDAY);
    await write(['LOGOUT', '2026-03-09T16:30:00Z']);
    expect((await check('2026-03-10T08:10:00Z', { requestId: 'same' })).notices).toEqual([]);
  });

  it('by the moment at which a saved punch was made', async () => {
    await write(['LOGIN', '2026-03-09T08:00:00Z'], ['LOGOUT', '2026-03-10T16:00:00Z']);
    const saved = await check('2026-03-10T17:00:00Z', { capturedAt: '2026-03-10T08:00:00Z' });
    expect(saved).toMatchObject({ status: 'RECORDED', notices: MONDAY });
  });

  it('and costs a check nothing that does not ask', async () => {
    await write(['LOGIN', '2026-03-09T08:00:00Z']);
    const run = jest.spyOn(Statements.prototype, 'run');
    const sent = async (query: string, at: string): Promise<string[]> => {
      clock.set(Date.parse(at));
      run.mockClear();
      await kiosk.ask(query, { input: { ...hopperAgain, type: 'LOGIN', requestId: `n-${++requests}` } });
      // What follows the answer, and may be late: the punch is announced, and the key's contact noted.
      await service.app.settle();
      return run.mock.calls.map(([name]) => name).filter((name) => !/announce|contact|touch/.test(name));
    };
    const asking = await sent(NOTICED, '2026-03-10T08:00:00Z');
    const plain = await sent(CHECK, '2026-03-11T08:00:00Z');
    run.mockRestore();
    const extra = ['earlier-punches', 'working-days-calendar', 'working-days-people-by-id'];
    expect(asking.filter((name) => extra.includes(name))).toEqual(extra);
    expect(plain).toEqual(asking.filter((name) => !extra.includes(name)));
  });

  it('is answered as recorded although the days before cannot be read', async () => {
    await write(['LOGIN', '2026-03-09T08:00:00Z']);
    await service.sql('ALTER TABLE work_rules_versions RENAME TO hidden');
    try {
      const answer = await check('2026-03-10T08:00:00Z');
      expect(answer).toMatchObject({ status: 'RECORDED', notices: [] });
    } finally {
      await service.sql('ALTER TABLE hidden RENAME TO work_rules_versions');
    }
  });
});
