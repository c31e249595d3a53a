/** Real: the service over HTTP and the database of the run. Fake: the clock; punches are written without faces. */
import { Clock } from '../support/clock';
import { register } from '../support/operations';
import { TestService } from '../support/service';
import { assign, createOffice, punch, WEEK_OF_DAYS } from '../support/working-days';

const DAY = `query ($date: LocalDate!) { workDay(employeeId: "EMP-1", date: $date) { timeZone plannedStart status
  office { name } holiday { name office { name } } planSource
  figures { workedMinutes plannedMinutes creditedMinutes lateMinutes premiums { code minutes } } } }`;
const MOVE = 'mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }';
const DELETE = 'mutation ($id: ID!) { deleteOffice(id: $id) }';
const HOLIDAY = 'mutation ($input: AddHolidayInput!) { addHoliday(input: $input) { id } }';
const ZONE = 'mutation ($input: UpdateOfficeInput!) { updateOffice(input: $input) { id } }';
const ASSIGNMENTS =
  'query ($officeId: ID!) { scheduleAssignments(filter: { officeId: $officeId }) { totalCount } }';

describe('an office that is deleted', () => {
  let service: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
  });
  beforeEach(() => service.reset());
  afterAll(() => service.stop());

  const day = async (date: string): Promise<Record<string, unknown>> =>
    (await service.ask<{ workDay: Record<string, unknown> }>(DAY, { date })).workDay;
  const assignments = async (officeId: string): Promise<number> =>
    (await service.ask<{ scheduleAssignments: { totalCount: number } }>(ASSIGNMENTS, { officeId }))
      .scheduleAssignments.totalCount;
  const rowsOf = async (table: string, officeId: string): Promise<number> =>
    (await service.sql(`SELECT FROM ${table} WHERE office_id = $1`, [officeId])).length;

  it('is the place of no punch that is added for a date before', async () => {
    clock.set(Date.parse('2026-02-01T00:00:00Z'));
    const tokyo = await createOffice(service, 'Tokyo', 'Asia/Tokyo');
    await register(service, { officeId: tokyo, employedFrom: '2026-01-01' });
    clock.set(Date.parse('2026-03-05T12:00:00Z'));
    const berlin = await createOffice(service, 'Berlin', 'Europe/Berlin');
    await service.ask(MOVE, { input: { employeeId: 'EMP-1', officeId: berlin, officeFrom: '2026-03-05' } });
    await service.ask(DELETE, { id: tokyo });
    const ADD = `mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) {
      office { name } } }`;
    const input = { employeeId: 'EMP-1', type: 'LOGIN', reason: 'x' };
    for (const [recordedAt, place] of [
      ['2026-03-02T00:10:00Z', null],
      ['2026-03-05T10:00:00Z', { name: 'Berlin' }],
    ] as const) {
      expect(await service.ask(ADD, { input: { ...input, recordedAt } })).toEqual({
        recordManualAttendance: { office: place },
      });
    }
  });

  it('leaves past days as they were: zones, plan and holidays', async () => {
    clock.set(Date.parse('2026-02-01T00:00:00Z'));
    const tokyo = await createOffice(service, 'Tokyo', 'Asia/Tokyo');
    const berlin = await createOffice(service, 'Berlin', 'Europe/Berlin');
    const { employee } = await register(service, { officeId: tokyo, employedFrom: '2026-01-01' });
    await assign(service, { officeId: tokyo }, WEEK_OF_DAYS, {
      premiums: [{ code: 'NIGHT', from: '23:00', to: '06:00' }],
    });
    await service.ask(HOLIDAY, { input: { officeId: tokyo, date: '2026-03-03', name: 'Doll festival' } });
    await punch(service, employee.id, [
      { type: 'LOGIN', at: '2026-03-02T00:10:00Z' },
      { type: 'LOGOUT', at: '2026-03-02T14:30:00Z' },
    ]);
    // The office moves, and then the employee does.
    clock.set(Date.parse('2026-03-05T12:00:00Z'));
    await service.ask(ZONE, { input: { id: tokyo, timeZone: 'Asia/Manila', timeZoneFrom: '2026-03-04' } });
    await service.ask(MOVE, { input: { employeeId: 'EMP-1', officeId: berlin, officeFrom: '2026-03-05' } });

    const dates = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'];
    const before = await Promise.all(dates.map(day));
    expect(before[0]).toMatchObject({
      ...{ timeZone: 'Asia/Tokyo', plannedStart: '2026-03-02T00:00:00.000Z', office: { name: 'Tokyo' } },
      figures: { workedMinutes: 860, lateMinutes: 10, premiums: [{ code: 'NIGHT', minutes: 30 }] },
    });
    expect(before[1]).toMatchObject({ status: 'HOLIDAY', figures: { creditedMinutes: 480 } });
    expect(before[2]).toMatchObject({ timeZone: 'Asia/Manila', status: 'ABSENT', planSource: 'OFFICE' });
    expect(before[3]).toMatchObject({ timeZone: 'Europe/Berlin', status: 'NO_PLAN' });

    expect(await service.ask(DELETE, { id: tokyo })).toEqual({ deleteOffice: true });
    const after = await Promise.all(dates.map(day));
    expect(after).toEqual([
      { ...before[0], office: null },
      { ...before[1], office: null, holiday: { name: 'Doll festival', office: null } },
      { ...before[2], office: null },
      before[3],
    ]);
    expect(await assignments(tokyo)).toBe(1);
    const lists = await service.ask(
      '{ workDays(filter: { from: "2026-03-02", until: "2026-03-02" }) { nodes { timeZone office { name } } } }',
    );
    expect(lists).toEqual({ workDays: { nodes: [{ timeZone: 'Asia/Tokyo', office: null }] } });
  });

  it('leaves nothing if nobody worked', async () => {
    const id = await createOffice(service, 'Empty', 'Asia/Tokyo');
    await assign(service, { officeId: id }, WEEK_OF_DAYS);
    await service.ask(HOLIDAY, { input: { officeId: id, date: '2026-03-03', name: 'X' } });
    await service.ask(DELETE, { id });
    for (const table of ['office_zones', 'holidays', 'schedule_assignments']) {
      expect([table, await rowsOf(table, id)]).toEqual([table, 0]);
    }
  });
});
