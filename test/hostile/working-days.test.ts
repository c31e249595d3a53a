/** Real: the service over HTTP and the database of the run. Fake: shifts are copied in the database. */
import { register } from '../support/operations';
import { TestService } from '../support/service';
import { createOffice, punch } from '../support/working-days';

const ID = '00000000-0000-4000-8000-000000000000';
const RANGES = {
  timesheet: 'timesheet(employeeId: "EMP-1", from: $from, until: $until) { from }',
  timesheets: 'timesheets(filter: { from: $from, until: $until }) { totalCount }',
  workDays: 'workDays(filter: { from: $from, until: $until }) { totalCount }',
  workTotals: 'workTotals(filter: { from: $from, until: $until }, by: MONTH) { key }',
  dayPlans: 'dayPlans(employeeIds: ["EMP-1"], from: $from, until: $until) { date }',
  holidays: 'holidays(officeId: $officeId, from: $from, until: $until) { id }',
} as const;
const LINK = 'mutation ($input: CreateReportLinkInput!) { createReportLink(input: $input) { url } }';
const ABSENCE = 'mutation ($input: RecordAbsenceInput!) { recordAbsence(input: $input) { id } }';

/** Dates that there are not, or that are out of bounds. */
const WRONG = [
  '2026-02-30',
  '2025-02-29',
  '1969-12-31',
  '2101-01-01',
  '2026-3-1',
  '20260301',
  '',
  '2026-03-01T00:00:00Z',
];

/** Every input that takes a date, with the field that a wrong one is answered by. */
const DATES: readonly (readonly [operation: string, field: string, query: string])[] = [
  ['workDay', 'date', 'query ($date: LocalDate!) { workDay(employeeId: "EMP-1", date: $date) { id } }'],
  ['timesheet', 'from', `query ($date: LocalDate!) { ${RANGES.timesheet.replace(/\$\w+/g, '$date')} }`],
  ['timesheets', 'from', `query ($date: LocalDate!) { ${RANGES.timesheets.replace(/\$\w+/g, '$date')} }`],
  [
    'createSchedule',
    'anchor',
    `mutation ($date: LocalDate!) { createSchedule(input: { name: "x", cycleDays: 1, anchor: $date, days: [{ day: 1, shiftId: "${ID}" }] }) { id } }`,
  ],
  [
    'assignSchedule',
    'from',
    `mutation ($date: LocalDate!) { assignSchedule(input: { employeeId: "EMP-1", scheduleId: "${ID}", rulesId: "${ID}", from: $date }) { id } }`,
  ],
  [
    'endAssignment',
    'until',
    `mutation ($date: LocalDate!) { endAssignment(input: { id: "${ID}", until: $date }) { id } }`,
  ],
  [
    'setDayPlans',
    'date',
    'mutation ($date: LocalDate!) { setDayPlans(input: { plans: [{ employeeId: "EMP-1", date: $date, reason: "x" }] }) { date } }',
  ],
  [
    'addHoliday',
    'date',
    `mutation ($date: LocalDate!) { addHoliday(input: { officeId: "${ID}", name: "x", date: $date }) { id } }`,
  ],
  [
    'recordAbsence',
    'from',
    'mutation ($date: LocalDate!) { recordAbsence(input: { employeeId: "EMP-1", from: $date, until: $date, kind: "SICK" }) { id } }',
  ],
  [
    'addWorkRulesVersion',
    'from',
    `mutation ($date: LocalDate!) { addWorkRulesVersion(input: { rulesId: "${ID}", from: $date, fields: {} }) { id } }`,
  ],
  [
    'requestCorrection',
    'date',
    'mutation ($date: LocalDate!) { requestCorrection(input: { employeeId: "EMP-1", reason: "x", changes: [{ waiveBreak: { date: $date, minutes: 1 } }] }) { id } }',
  ],
  [
    'decideOvertime',
    'date',
    'mutation ($date: LocalDate!) { decideOvertime(input: { employeeId: "EMP-1", date: $date, approvedMinutes: 0, fingerprint: "x" }) { date } }',
  ],
  [
    'createReportLink',
    'from',
    'mutation ($date: LocalDate!) { createReportLink(input: { kind: TIMESHEET_DAYS, format: CSV, from: $date, until: $date }) { url } }',
  ],
  [
    'updateEmployee',
    'employedFrom',
    'mutation ($date: LocalDate!) { updateEmployee(input: { employeeId: "EMP-1", employedFrom: $date }) { id } }',
  ],
];

describe('working days, asked for what cannot be', () => {
  let service: TestService;
  let officeId = '';
  let employee = '';

  beforeAll(async () => {
    service = await TestService.start();
    officeId = await createOffice(service, 'Berlin', 'Europe/Berlin');
    employee = (await register(service, { officeId, employedFrom: '2020-01-01' })).employee.id;
  });
  afterAll(() => service.stop());

  it.each(DATES)('%s names %s of a date that there is not', async (_, field, query) => {
    for (const date of WRONG) {
      const fault = await service.fault(query, { date });
      expect([date, fault.extensions]).toEqual([date, expect.objectContaining({ code: 'BAD_USER_INPUT' })]);
      // In a variable, the field is that of the variable; the bound is said, and what was sent is not.
      expect(fault.message).toMatch(/1970-01-01 to 2100-12-31/);
      if (date.length > 3) expect(fault.message).not.toContain(date);
      const literal = await service.fault(
        query.replace('($date: LocalDate!)', '').replaceAll('$date', JSON.stringify(date)),
        {},
      );
      expect([date, literal.extensions]).toEqual([
        date,
        expect.objectContaining({ code: 'BAD_USER_INPUT', field: expect.stringContaining(field) as unknown }),
      ]);
    }
  });

  it.each(Object.entries(RANGES))(
    '%s refuses 10,000 days, and a range that is upside down',
    async (_, fields) => {
      const query = `query ($from: LocalDate!, $until: LocalDate!${fields.includes('$officeId') ? ', $officeId: ID!' : ''}) { ${fields} }`;
      const office = fields.includes('$officeId') ? { officeId } : {};
      for (const range of [
        { from: '1999-01-01', until: '2026-05-18' },
        { from: '1970-01-01', until: '2100-12-31' },
        { from: '2026-03-02', until: '2026-03-01' },
      ]) {
        const { extensions } = await service.fault(query, { ...range, ...office });
        expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'until' });
      }
    },
  );

  it('files and absences refuse 10,000 days', async () => {
    const range = { from: '1999-01-01', until: '2026-05-18' };
    const file = { kind: 'TIMESHEET_DAYS', format: 'CSV', ...range };
    expect((await service.fault(LINK, { input: file })).extensions).toMatchObject({ field: 'until' });
    const absence = { employeeId: 'EMP-1', kind: 'SICK', ...range };
    expect((await service.fault(ABSENCE, { input: absence })).extensions).toMatchObject({ field: 'until' });
  });

  it.each([
    ['the first', '1970-01-01', '1970-02-28'],
    ['the last', '2100-10-01', '2100-12-31'],
  ])('%s days that there are can be read', async (_, from, until) => {
    const query = `query ($from: LocalDate!, $until: LocalDate!) { timesheet(employeeId: "EMP-1", from: $from, until: $until) {
      days { date status } } }`;
    const { timesheet } = await service.ask<{ timesheet: { days: { date: string }[] } }>(query, {
      from,
      until,
    });
    expect(timesheet.days.at(0)?.date).toBe(from);
    expect(timesheet.days.at(-1)?.date).toBe(until);
  });

  it('the largest schedules, and a hundred of them in turn, are read at once', async () => {
    const { createShift } = await service.ask<{ createShift: { id: string } }>(
      `mutation { createShift(input: { name: "Four", segments: [{ from: "06:00", to: "09:00" }, { from: "10:00", to: "13:00" },
        { from: "14:00", to: "17:00" }, { from: "18:00", to: "21:00" }] }) { id } }`,
    );
    await service.sql(
      `INSERT INTO shifts SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'name', 'Four ' || n))).*
       FROM shifts s, generate_series(1, 365) n WHERE s.id = $1`,
      [createShift.id],
    );
    const shifts = await service.sql<{ id: string }>(`SELECT id FROM shifts WHERE name LIKE 'Four%'`);
    expect(shifts).toHaveLength(366);
    const { createSchedule } = await service.ask<{ createSchedule: { id: string } }>(
      'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { id } }',
      {
        input: {
          name: 'Large',
          cycleDays: 366,
          anchor: '2024-01-01',
          days: shifts.map(({ id }, i) => ({ day: i + 1, shiftId: id })),
        },
      },
    );
    const { createWorkRules } = await service.ask<{ createWorkRules: { id: string } }>(
      'mutation { createWorkRules(input: { name: "DE", preset: GERMANY }) { id } }',
    );
    // A hundred copies of the schedule, each assigned for a day.
    await service.sql(
      `INSERT INTO schedules SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'name', 'Large ' || n))).*
       FROM schedules s, generate_series(1, 99) n WHERE s.id = $1`,
      [createSchedule.id],
    );
    await service.sql(
      `INSERT INTO schedule_days SELECT s.id, d.day, d.shift_id FROM schedules s, schedule_days d
       WHERE d.schedule_id = $1 AND s.id <> $1`,
      [createSchedule.id],
    );
    await service.sql(
      `INSERT INTO schedule_assignments (id, employee_id, schedule_id, rules_id, valid_from, valid_until, created_by, created_at)
       SELECT gen_random_uuid(), $1, s.id, $2, date '2026-01-01' + n::int, date '2026-01-01' + n::int, 'test', now()
       FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM schedules) s`,
      [employee, createWorkRules.id],
    );
    await punch(service, employee, [
      { type: 'LOGIN', at: '2026-02-02T05:00:00Z' },
      { type: 'LOGOUT', at: '2026-02-02T20:00:00Z' },
    ]);
    const start = performance.now();
    const { timesheet } = await service.ask<{
      timesheet: { days: { figures: { plannedMinutes: number } }[] };
    }>(
      `{ timesheet(employeeId: "EMP-1", from: "2026-01-01", until: "2026-04-02") { days { status steps { text } spans { start }
        figures { plannedMinutes workedMinutes lateMinutes } } } }`,
    );
    expect(timesheet.days.filter(({ figures }) => figures.plannedMinutes === 720)).toHaveLength(92);
    // Some tenths of a second; the rest is for a busy machine.
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
