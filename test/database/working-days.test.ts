/** Real: the service on PGlite and on PostgreSQL. Fake: the clock; punches are written without faces. */
import cases from '../../packages/working-days/test/cases.json';
import { CASES, type Case } from '../../packages/working-days/test/support/cases';
import { Clock } from '../support/clock';
import { createStorage, everyDatabase, type TestStorage } from '../support/databases';
import { check, hopperAgain, register } from '../support/operations';
import { TestService } from '../support/service';
import { createOffice, plan, planDates, punch } from '../support/working-days';

const DAY = `query ($date: LocalDate!) { workDay(employeeId: "EMP-1", date: $date) { status flags figures { workedMinutes
  balanceMinutes premiums { code minutes } } steps { text } } }`;
const LIST = `query ($date: LocalDate!) { workDays(filter: { from: $date, until: $date, flags: [UNPLANNED] }) { totalCount
  nodes { employee { name } figures { workedMinutes } } } }`;
const MUSTER = `query ($officeId: ID!) { muster(officeId: $officeId) { inside { employee { employeeId } } unsure { since } } }`;

const NIGHT = CASES.find(({ id }) => id === 'WD-20') as Case;
const FORGOTTEN = cases.cases.find(({ id }) => id === 'DIR-01') as unknown as {
  readonly plan: readonly { readonly date: string; readonly start: string; readonly end: string }[];
  readonly last: { readonly type: string; readonly at: string };
  readonly now: string;
  readonly expected: string;
};

describe.each(everyDatabase)('on %s, working days', (kind) => {
  let storage: TestStorage;
  let service: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    storage = await createStorage(kind);
    service = await TestService.start({ storage, now: clock.now });
  });
  beforeEach(async () => {
    clock.set(Clock.START);
    await service.reset();
  });
  afterAll(async () => {
    await service.stop();
    await storage.remove();
  });

  it('are derived, listed and explained', async () => {
    const employee = await plan(service, NIGHT);
    await punch(service, employee, NIGHT.punches);
    clock.set(Date.parse(NIGHT.expected[0]?.asOf ?? ''));
    const { workDay } = await service.ask<{ workDay: { steps: { text: string }[] } }>(DAY, {
      date: '2026-03-10',
    });
    expect(workDay).toMatchObject({
      ...{ status: 'PRESENT', figures: { workedMinutes: 460, balanceMinutes: 10 } },
    });
    expect(workDay.steps[0]?.text).toBe('Present from 21:55 to 06:05 on 2026-03-11, from login to logout.');
    await punch(service, employee, [
      { type: 'LOGIN', at: '2026-03-15T09:00:00Z' },
      { type: 'LOGOUT', at: '2026-03-15T10:00:00Z' },
    ]);
    expect(await service.ask(LIST, { date: '2026-03-15' })).toMatchObject({
      workDays: {
        totalCount: 1,
        nodes: [{ employee: { name: 'Grace Hopper' }, figures: { workedMinutes: 60 } }],
      },
    });
  });

  it('decide the direction of a check, and who is in the building', async () => {
    const { plan: dates, last, now, expected } = FORGOTTEN;
    const officeId = await createOffice(service, 'Office', 'Europe/Berlin');
    const { employee } = await register(service, { officeId, employedFrom: '2020-01-01' });
    await planDates(service, 'EMP-1', dates);
    await punch(service, employee.id, [last]);
    clock.set(Date.parse(now));
    expect((await check(service)).attendance?.type).toBe(expected);
    expect(await service.ask(MUSTER, { officeId })).toMatchObject({
      muster: { inside: [{ employee: { employeeId: 'EMP-1' } }], unsure: [] },
    });
  });

  it('have their punches, and are missed by a LOGIN where they lack the logout', async () => {
    const employee = await plan(service, NIGHT);
    const [login] = await punch(service, employee, NIGHT.punches.slice(0, 1));
    clock.set(Date.parse('2026-03-11T20:00:00Z'));
    const checked = await service.ask(
      `mutation ($input: CheckAttendanceInput!) { checkAttendance(input: $input) { ... on AttendanceRecorded {
        notices { code date } attendance { type workDate } } } }`,
      { input: { ...hopperAgain, type: 'LOGIN' } },
    );
    expect(checked).toEqual({
      checkAttendance: {
        notices: [{ code: 'MISSING_LOGOUT', date: '2026-03-10' }],
        attendance: { type: 'LOGIN', workDate: '2026-03-11' },
      },
    });
    const listed = await service.ask(
      '{ attendances(filter: { workDate: "2026-03-10" }) { totalCount nodes { id workDate } } }',
    );
    expect(listed).toEqual({
      attendances: { totalCount: 1, nodes: [{ id: login, workDate: '2026-03-10' }] },
    });
  });
});
