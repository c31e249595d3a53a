/** Real: the service over HTTP, the database of the run, the list of public holidays. Fake: the clock. */
import { Clock } from '../support/clock';
import { register } from '../support/operations';
import { TestService } from '../support/service';

const SHIFT = `mutation ($input: CreateShiftInput!) { createShift(input: $input) { id plannedMinutes segments { from to } archivedAt } }`;
const UPDATE_SHIFT = `mutation ($input: UpdateShiftInput!) { updateShift(input: $input) { id } }`;
const SCHEDULE = `mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { id cycleDays days { day shift { id } } } }`;
const UPDATE_SCHEDULE = `mutation ($input: UpdateScheduleInput!) { updateSchedule(input: $input) { id } }`;
const RULES = `mutation ($input: CreateWorkRulesInput!) { createWorkRules(input: $input) {
  id versions { version from lateGraceMinutes breaks { deduct tiers { over total } } overtime { daily { after class } weekly { after } }
    premiums { code from to on } openSpan { mode at } rounding { mode stepMinutes } limits { restShortMinutes } } } }`;
const VERSION = `mutation ($input: AddWorkRulesVersionInput!) { addWorkRulesVersion(input: $input) { version from lateGraceMinutes breaks { minPartMinutes } } }`;
const ASSIGN = `mutation ($input: AssignScheduleInput!) { assignSchedule(input: $input) { id from until } }`;
const ASSIGNMENTS = `query ($filter: AssignmentFilter) { scheduleAssignments(filter: $filter) { totalCount
  nodes { from until employee { employeeId } office { name } schedule { name } rules { name } } } }`;
const DAYS = `mutation ($input: SetDayPlansInput!) { setDayPlans(input: $input) { __typename } }`;
const HOLIDAYS = `mutation ($input: ImportHolidaysInput!) { importHolidays(input: $input) {
  added { date name from applied } same { date } changed { date } gone { date applied } } }`;
const ADD_HOLIDAY = `mutation ($input: AddHolidayInput!) { addHoliday(input: $input) { id date from kind source } }`;
const LIST_HOLIDAYS = `query ($officeId: ID!, $from: LocalDate!, $until: LocalDate!) {
  holidays(officeId: $officeId, from: $from, until: $until) { date name source } }`;
const ABSENCE = `mutation ($input: RecordAbsenceInput!) { recordAbsence(input: $input) { id from until kind minutesPerDay paid } }`;
const IMPORT = `mutation ($input: ImportAbsencesInput!) { importAbsences(input: $input) {
  added changed same cancelled errors { row externalId field message } } }`;

const DAY = { name: 'Day', segments: [{ from: '09:00', to: '17:30' }], breakMinutes: 30 };

describe('plans', () => {
  let service: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
  });
  beforeEach(async () => {
    clock.set(Date.parse('2026-03-02T08:00:00Z'));
    await service.reset();
  });
  afterAll(() => service.stop());

  /** The service may still know a face of a test before the last. */
  const enrol = () => register(service, { allowDuplicateFace: true });
  const id = async (query: string, input: object): Promise<string> => {
    const data = await service.ask<Record<string, { id: string }>>(query, { input });
    return Object.values(data)[0]?.id ?? '';
  };
  const fault = async (query: string, input: object) => {
    const { message, extensions } = await service.fault(query, { input });
    return { message, ...extensions };
  };
  const office = () =>
    id('mutation ($input: CreateOfficeInput!) { createOffice(input: $input) { id } }', {
      name: 'Berlin',
      timeZone: 'Europe/Berlin',
    });
  const week = async () => {
    const shiftId = await id(SHIFT, DAY);
    const days = [1, 2, 3, 4, 5].map((day) => ({ day, shiftId }));
    const scheduleId = await id(SCHEDULE, { name: 'Week', anchor: '2024-01-01', days });
    return { shiftId, scheduleId, rulesId: await id(RULES, { name: 'Ours' }) };
  };

  describe('shifts', () => {
    it('plan what lies between their times, less the break', async () => {
      const { createShift } = await service.ask(SHIFT, { input: DAY });
      expect(createShift).toMatchObject({ plannedMinutes: 480, segments: [{ from: '09:00', to: '17:30' }] });
      const night = { name: 'Night', segments: [{ from: '22:00', to: '06:00' }] };
      expect((await service.ask(SHIFT, { input: night }))['createShift']).toMatchObject({
        plannedMinutes: 480,
      });
      const duty = { name: 'Duty', segments: [{ from: '08:00', to: '08:00' }] };
      expect((await service.ask(SHIFT, { input: duty }))['createShift']).toMatchObject({
        plannedMinutes: 1440,
      });
      const flexible = {
        name: 'Flexible',
        kind: 'FLEXIBLE',
        frame: { from: '06:00', to: '20:00' },
        targetMinutes: 480,
      };
      expect((await service.ask(SHIFT, { input: flexible }))['createShift']).toMatchObject({
        plannedMinutes: 480,
      });
    });

    const range = (from: string, to: string) => ({ from, to });
    it.each([
      ['segments', { segments: [] }],
      ['segments', { segments: [range('08:00', '12:00'), range('11:00', '15:00')] }],
      ['segments', { segments: [range('08:00', '20:00'), range('20:00', '09:00')] }],
      ['segments', { segments: Array.from({ length: 5 }, (_, n) => range(`0${n}:00`, `0${n}:30`)) }],
      ['breakMinutes', { segments: [range('08:00', '12:00')], breakMinutes: 240 }],
      ['breakMinutes', { segments: [range('08:00', '12:00')], breakMinutes: -1 }],
      ['breakStartsAt', { segments: [range('08:00', '12:00')], breakMinutes: 30, breakStartsAt: '12:00' }],
      ['breakStartsAt', { segments: [range('08:00', '12:00')], breakStartsAt: '10:00' }],
      ['from', { segments: [range('25:00', '12:00')] }],
      ['to', { segments: [range('08:00', '12:00:30')] }],
      ['frame', { segments: [range('08:00', '12:00')], frame: range('08:00', '12:00') }],
      ['frame', { kind: 'FLEXIBLE', targetMinutes: 60 }],
      ['targetMinutes', { kind: 'FLEXIBLE', frame: range('08:00', '12:00') }],
      ['targetMinutes', { kind: 'FLEXIBLE', frame: range('08:00', '12:00'), targetMinutes: 1500 }],
      [
        'core',
        {
          kind: 'FLEXIBLE',
          frame: range('08:00', '18:00'),
          targetMinutes: 60,
          core: [range('07:00', '10:00')],
        },
      ],
      [
        'core',
        {
          kind: 'FLEXIBLE',
          frame: range('08:00', '18:00'),
          targetMinutes: 60,
          core: [range('16:00', '19:00')],
        },
      ],
      ['name', { name: ' ', segments: [range('08:00', '12:00')] }],
    ])('name %s, and its bound, of %j', async (field, values) => {
      const answer = await fault(SHIFT, { name: 'Bad', ...values });
      expect(answer).toMatchObject({ code: 'BAD_USER_INPUT', field });
      expect(answer.message).toMatch(new RegExp(`^${field}: .`));
    });

    it('change until a schedule names them, and are archived when none does', async () => {
      const { shiftId, scheduleId } = await week();
      const inUse = { code: 'CONFLICT', reason: 'IN_USE', field: 'id' };
      expect(await fault(UPDATE_SHIFT, { ...DAY, id: shiftId, name: 'Other' })).toMatchObject(inUse);
      const archive = 'mutation ($id: ID!) { archiveShift(id: $id) { archivedAt } }';
      expect((await service.fault(archive, { id: shiftId })).extensions).toMatchObject(inUse);
      await service.ask('mutation ($id: ID!) { archiveSchedule(id: $id) { archivedAt } }', {
        id: scheduleId,
      });
      expect(await service.ask(archive, { id: shiftId })).toMatchObject({
        archiveShift: { archivedAt: '2026-03-02T08:00:00.000Z' },
      });
      const input = { name: 'Late', anchor: '2024-01-01', days: [{ day: 1, shiftId }] };
      expect(await fault(SCHEDULE, input)).toMatchObject({ code: 'CONFLICT', field: 'shiftId' });
      const free = await id(SHIFT, DAY);
      expect(await id(UPDATE_SHIFT, { ...DAY, id: free, name: 'Other' })).toBe(free);
    });
  });

  describe('schedules', () => {
    it.each([
      ['cycleDays', { cycleDays: 0 }],
      ['cycleDays', { cycleDays: 367 }],
      ['days', { days: [] }],
      ['day', { days: [{ day: 8 }] }],
      ['day', { days: [{ day: 0 }] }],
      ['day', { days: [{ day: 1 }, { day: 1 }] }],
      ['anchor', { anchor: '1969-12-31' }],
      ['anchor', { anchor: '2101-01-01' }],
      ['anchor', { anchor: '2026-02-30' }],
    ])('name %s of %j', async (field, { days, ...values }: { days?: { day: number }[] } & object) => {
      const shiftId = await id(SHIFT, DAY);
      const given = (days ?? [{ day: 1 }]).map((day) => ({ ...day, shiftId }));
      const answer = await fault(SCHEDULE, { name: 'Bad', anchor: '2024-01-01', days: given, ...values });
      expect(answer).toMatchObject({ code: 'BAD_USER_INPUT', field });
    });

    it('do not change once they are assigned, and are archived when that is over', async () => {
      await enrol();
      const { shiftId, scheduleId, rulesId } = await week();
      const change = { id: scheduleId, name: 'Other', anchor: '2024-01-01', days: [{ day: 1, shiftId }] };
      expect(await id(UPDATE_SCHEDULE, change)).toBe(scheduleId);
      const assignment = await id(ASSIGN, { employeeId: 'EMP-1', scheduleId, rulesId, from: '2026-01-01' });
      const inUse = { code: 'CONFLICT', reason: 'IN_USE' };
      expect(await fault(UPDATE_SCHEDULE, change)).toMatchObject(inUse);
      const archive = 'mutation ($id: ID!) { archiveSchedule(id: $id) { archivedAt } }';
      expect((await service.fault(archive, { id: scheduleId })).extensions).toMatchObject(inUse);
      await service.ask('mutation ($input: EndAssignmentInput!) { endAssignment(input: $input) { until } }', {
        input: { id: assignment, until: '2026-03-01' },
      });
      await service.ask(archive, { id: scheduleId });
      const again = { employeeId: 'EMP-1', scheduleId, rulesId, from: '2026-04-01' };
      expect(await fault(ASSIGN, again)).toMatchObject({ code: 'CONFLICT', field: 'scheduleId' });
    });
  });

  describe('work rules', () => {
    it('begin with a preset, and differ where it is said', async () => {
      const fields = {
        breaks: { deduct: 'NONE' },
        overtime: { daily: [{ after: 'PLAN', class: 'OVERTIME_1' }] },
      };
      const input = { name: 'Ours', preset: 'GERMANY', fields };
      const { createWorkRules } = await service.ask(RULES, { input });
      expect(createWorkRules).toMatchObject({
        versions: [
          {
            ...{ version: 1, from: '1970-01-01', lateGraceMinutes: 0 },
            breaks: {
              deduct: 'NONE',
              tiers: [
                { over: 360, total: 30 },
                { over: 540, total: 45 },
              ],
            },
            overtime: { daily: [{ after: 'PLAN', class: 'OVERTIME_1' }], weekly: null },
            premiums: [
              { code: 'NIGHT', from: '23:00', to: '06:00', on: null },
              { on: ['SUNDAY'] },
              { on: ['HOLIDAY'] },
            ],
            limits: { restShortMinutes: 660 },
          },
        ],
      });
    });

    it('have versions that follow each other', async () => {
      const rulesId = await id(RULES, { name: 'Ours', preset: 'GERMANY', from: '2026-01-01' });
      const input = { rulesId, from: '2026-04-01', fields: { lateGraceMinutes: 5 } };
      expect(await service.ask(VERSION, { input })).toEqual({
        addWorkRulesVersion: {
          version: 2,
          from: '2026-04-01',
          lateGraceMinutes: 5,
          breaks: { minPartMinutes: 15 },
        },
      });
      expect(await fault(VERSION, input)).toMatchObject({
        code: 'CONFLICT',
        reason: 'OVERLAP',
        field: 'from',
      });
      const unknown = { ...input, rulesId: 'x' };
      expect(await fault(VERSION, unknown)).toMatchObject({ code: 'NOT_FOUND', field: 'rulesId' });
    });

    it.each([
      ['repeatMinutes', { repeatMinutes: 121 }],
      ['maxSpanMinutes', { maxSpanMinutes: 0 }],
      ['stepMinutes', { rounding: { stepMinutes: 0 } }],
      [
        'over',
        {
          breaks: {
            tiers: [
              { over: 540, total: 45 },
              { over: 360, total: 30 },
            ],
          },
        },
      ],
      ['tiers', { breaks: { tiers: Array.from({ length: 6 }, (_, n) => ({ over: n, total: n + 1 })) } }],
      [
        'after',
        { attribution: 'CALENDAR_DAY', overtime: { daily: [{ after: 'PLAN', class: 'OVERTIME_1' }] } },
      ],
      ['after', { overtime: { daily: [{ after: 1441, class: 'OVERTIME_1' }] } }],
      ['after', { overtime: { weekly: { after: 10_081, class: 'OVERTIME_1' } } }],
      ['code', { premiums: [{ code: 'night', from: '23:00', to: '06:00' }] }],
      [
        'code',
        {
          premiums: [
            { code: 'A', on: ['SUNDAY'] },
            { code: 'A', on: ['MONDAY'] },
          ],
        },
      ],
      ['on', { premiums: [{ code: 'A' }] }],
      ['to', { premiums: [{ code: 'A', from: '23:00' }] }],
      ['minutes', { openSpan: { mode: 'CLOSE_AFTER' } }],
      ['at', { openSpan: { mode: 'CLOSE_AT' } }],
      ['weekLongReferenceWeeks', { limits: { weekLongReferenceWeeks: 53 } }],
    ])('name %s of %j', async (field, fields) => {
      expect(await fault(RULES, { name: 'Bad', fields })).toMatchObject({ code: 'BAD_USER_INPUT', field });
    });
  });

  describe('assignments', () => {
    it('end the open one before, and refuse overlaps', async () => {
      await enrol();
      const officeId = await office();
      const { scheduleId, rulesId } = await week();
      const assign = (values: object) => id(ASSIGN, { scheduleId, rulesId, ...values });
      await assign({ employeeId: 'emp-1', from: '2026-01-01' });
      await assign({ employeeId: 'EMP-1', from: '2026-03-01', until: '2026-03-31' });
      await assign({ officeId, from: '2026-01-01' });
      const overlap = { code: 'CONFLICT', reason: 'OVERLAP' };
      const wrong = (values: object) =>
        fault(ASSIGN, { scheduleId, rulesId, employeeId: 'EMP-1', ...values });
      expect(await wrong({ from: '2026-03-31' })).toMatchObject(overlap);
      expect(await wrong({ from: '2025-01-01' })).toMatchObject(overlap);
      expect(await wrong({ from: '2026-04-01', until: '2026-03-31' })).toMatchObject({ field: 'until' });
      expect(await wrong({ officeId, from: '2026-04-01' })).toMatchObject({ field: 'employeeId' });
      expect(await wrong({ employeeId: null, from: '2026-04-01' })).toMatchObject({ field: 'employeeId' });
      expect(await wrong({ employeeId: 'X', from: '2026-04-01' })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await wrong({ rulesId: 'x', from: '2026-04-01' })).toMatchObject({ field: 'rulesId' });
      expect(await service.ask(ASSIGNMENTS, { filter: { employeeId: 'EMP-1' } })).toEqual({
        scheduleAssignments: {
          totalCount: 2,
          nodes: [
            expect.objectContaining({ from: '2026-01-01', until: '2026-02-28', office: null }),
            expect.objectContaining({ from: '2026-03-01', until: '2026-03-31', rules: { name: 'Ours' } }),
          ],
        },
      });
    });

    it('let one of two at once win', async () => {
      await enrol();
      const { scheduleId, rulesId } = await week();
      const input = { employeeId: 'EMP-1', scheduleId, rulesId, from: '2026-01-01', until: '2026-02-01' };
      const answers = await Promise.all([1, 2, 3].map(() => service.send(ASSIGN, { input })));
      expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    });
  });

  it('set single days, and take them back', async () => {
    await enrol();
    const { shiftId } = await week();
    const plan = { employeeId: 'EMP-1', date: '2026-03-07', shiftId, reason: 'Swap' };
    await service.ask(DAYS, { input: { plans: [plan, { ...plan, date: '2026-03-09', shiftId: null }] } });
    expect(await service.sql('SELECT date, shift_id FROM day_plans ORDER BY date')).toEqual([
      { date: '2026-03-07', shift_id: shiftId },
      { date: '2026-03-09', shift_id: null },
    ]);
    const reset = { plans: [{ employeeId: 'EMP-1', date: '2026-03-07' }], reset: true };
    await service.ask(DAYS, { input: reset });
    expect(await service.sql('SELECT FROM day_plans')).toHaveLength(1);
    const wrong = (plans: readonly object[]) => fault(DAYS, { plans });
    expect(await wrong([])).toMatchObject({ field: 'plans' });
    expect(await wrong(Array.from({ length: 501 }, () => plan))).toMatchObject({ field: 'plans' });
    expect(await wrong([plan, { ...plan, employeeId: 'emp-1' }])).toMatchObject({ field: 'plans' });
    for (const reason of [null, '', '  ', 'x'.repeat(501), 'a\u0000']) {
      expect(await wrong([{ ...plan, reason }])).toMatchObject({ code: 'BAD_USER_INPUT', field: 'reason' });
    }
    expect(await wrong([{ ...plan, shiftId: 'x' }])).toMatchObject({ code: 'NOT_FOUND', field: 'shiftId' });
    expect(await wrong([{ ...plan, employeeId: 'X' }])).toMatchObject({
      code: 'NOT_FOUND',
      field: 'employeeId',
    });
  });

  describe('holidays', () => {
    it('are imported for a region, again without effect, and the past only if confirmed', async () => {
      const officeId = await office();
      const input = { officeId, country: 'DE', state: 'BY', year: 2026 };
      const { importHolidays: first } = await service.ask<{
        importHolidays: Record<string, { date: string }[]>;
      }>(HOLIDAYS, { input });
      const added = first['added'] ?? [];
      expect(added).toContainEqual({
        date: '2026-01-06',
        name: 'Heilige Drei Könige',
        from: null,
        applied: false,
      });
      expect(added).toContainEqual({
        date: '2026-12-25',
        name: '1. Weihnachtstag',
        from: null,
        applied: true,
      });
      const list = async () =>
        (
          await service.ask<{ holidays: { date: string; source: string }[] }>(LIST_HOLIDAYS, {
            ...{ officeId, from: '2026-01-01', until: '2026-12-31' },
          })
        ).holidays;
      expect((await list()).every(({ date, source }) => date >= '2026-03-02' && source === 'DE-BY')).toBe(
        true,
      );
      await service.ask(HOLIDAYS, { input: { ...input, confirm: true } });
      expect(await list()).toHaveLength(added.length);
      await service.sql(`UPDATE holidays SET date = '2026-07-01' WHERE date = '2026-12-25'`);
      const { importHolidays: third } = await service.ask(HOLIDAYS, { input });
      expect(third).toMatchObject({
        added: [{ date: '2026-12-25' }],
        changed: [],
        gone: [{ date: '2026-07-01' }],
      });
    });

    it('of other types leave those of the types before', async () => {
      const officeId = await office();
      const of = async (types: string[]) => {
        const input = { officeId, country: 'DE', year: 2028, types };
        return (await service.ask<{ importHolidays: Record<string, object[]> }>(HOLIDAYS, { input }))
          .importHolidays;
      };
      const all = async () =>
        service.ask<{ holidays: object[] }>(LIST_HOLIDAYS, {
          ...{ officeId, from: '2028-01-01', until: '2028-12-31' },
        });
      const { added } = await of(['PUBLIC']);
      expect(await of(['BANK'])).toMatchObject({ gone: [] });
      expect((await all()).holidays.length).toBeGreaterThan(added?.length ?? Infinity);
      expect(await of(['PUBLIC'])).toMatchObject({ added: [], gone: [] });
      // One that is public no more, of which the library knows something else on that date.
      await service.sql(
        `UPDATE holidays SET date = '2028-02-14', name = 'Formerly' WHERE date = '2028-12-25'`,
      );
      expect(await of(['BANK'])).toMatchObject({ gone: [] });
      expect(await of(['PUBLIC'])).toMatchObject({ gone: [{ date: '2028-02-14' }] });
    });

    it('may begin in the day', async () => {
      const officeId = await office();
      const input = { officeId, country: 'AT', year: 2026, types: ['BANK'] };
      expect(await service.ask(HOLIDAYS, { input })).toMatchObject({
        importHolidays: {
          added: [
            { date: '2026-12-24', from: '14:00' },
            { date: '2026-12-31', from: '14:00' },
          ],
        },
      });
    });

    it.each([
      ['country', { country: 'XX' }],
      ['country', { country: 'constructor' }],
      ['state', { country: 'DE', state: 'ZZ' }],
      ['region', { country: 'DE', state: 'BY', region: 'ZZ' }],
      ['region', { country: 'DE', region: 'A' }],
      ['year', { country: 'DE', year: 1969 }],
      ['year', { country: 'DE', year: 2101 }],
      ['types', { country: 'DE', types: [] }],
    ])('name %s of %j', async (field, values) => {
      const input = { officeId: await office(), year: 2026, ...values };
      expect(await fault(HOLIDAYS, input)).toMatchObject({ code: 'BAD_USER_INPUT', field });
    });

    it('are one a date', async () => {
      const officeId = await office();
      const input = { officeId, date: '2026-05-04', name: 'Bridge', from: '12:00' };
      const { addHoliday } = await service.ask<{ addHoliday: { id: string } }>(ADD_HOLIDAY, { input });
      expect(addHoliday).toMatchObject({ from: '12:00', kind: 'COMPANY', source: 'manual' });
      expect(await fault(ADD_HOLIDAY, input)).toMatchObject({
        code: 'CONFLICT',
        reason: 'OVERLAP',
        field: 'date',
      });
      const remove = 'mutation ($id: ID!) { removeHoliday(id: $id) }';
      expect(await service.ask(remove, { id: addHoliday.id })).toEqual({ removeHoliday: true });
      expect((await service.fault(remove, { id: addHoliday.id })).extensions.code).toBe('NOT_FOUND');
    });
  });

  describe('absences', () => {
    it('are recorded once', async () => {
      await enrol();
      const input = { employeeId: 'EMP-1', from: '2026-03-03', until: '2026-03-05', kind: 'SICK' };
      expect(await service.ask(ABSENCE, { input })).toMatchObject({
        recordAbsence: {
          from: '2026-03-03',
          until: '2026-03-05',
          kind: 'SICK',
          minutesPerDay: null,
          paid: true,
        },
      });
      expect(await fault(ABSENCE, input)).toMatchObject({ code: 'CONFLICT', reason: 'OVERLAP' });
      expect(await fault(ABSENCE, { ...input, kind: 'sick' })).toMatchObject({ field: 'kind' });
      expect(await fault(ABSENCE, { ...input, minutesPerDay: 1441 })).toMatchObject({
        field: 'minutesPerDay',
      });
      expect(await fault(ABSENCE, { ...input, until: '2026-03-02' })).toMatchObject({ field: 'until' });
      expect(await fault(ABSENCE, { ...input, until: '2036-03-02' })).toMatchObject({ field: 'until' });
    });

    it('are imported all or none, with what is wrong as data', async () => {
      await enrol();
      const row = {
        externalId: 'a',
        employeeId: 'EMP-1',
        from: '2026-03-03',
        until: '2026-03-05',
        kind: 'SICK',
      };
      const run = async (...absences: object[]) =>
        (await service.ask(IMPORT, { input: { source: 'hr', absences } }))['importAbsences'];
      const wrong = [
        row,
        { ...row, externalId: 'b', employeeId: 'X' },
        { ...row, externalId: 'c', until: '2026-01-01' },
        ...['', ' ', 'x'.repeat(65), 'a\u0000'].map((externalId) => ({ ...row, externalId })),
      ];
      expect(await run(...wrong)).toMatchObject({
        added: 0,
        errors: [
          { row: 1, externalId: 'b', field: 'employeeId' },
          { row: 2, externalId: 'c', field: 'until' },
          ...[3, 4, 5, 6].map((row) => ({ row, field: 'externalId' })),
        ],
      });
      expect(await run(row)).toMatchObject({ added: 1, errors: [] });
      expect(await run(row)).toMatchObject({ added: 0, same: 1 });
      expect(await run({ ...row, until: '2026-03-06' })).toMatchObject({ changed: 1 });
      expect(await run({ ...row, cancelled: true })).toMatchObject({ cancelled: 1 });
      expect(await service.sql('SELECT FROM absences')).toEqual([]);
      expect(await fault(IMPORT, { source: 'hr', absences: [] })).toMatchObject({ field: 'absences' });
    });
  });

  describe('histories', () => {
    const UPDATE = `mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { employedFrom employedUntil
      officeHistory { from office { name } } } }`;

    it('know the office of each date', async () => {
      await enrol();
      const officeId = await office();
      const input = { employeeId: 'EMP-1', officeId, officeFrom: '2026-02-01' };
      expect(await service.ask(UPDATE, { input })).toMatchObject({
        updateEmployee: {
          officeHistory: [
            { from: null, office: null },
            { from: '2026-02-01', office: { name: 'Berlin' } },
          ],
        },
      });
      expect(await fault(UPDATE, { ...input, officeFrom: '2026-03-03' })).toMatchObject({
        field: 'officeFrom',
      });
      const zone = 'mutation ($input: UpdateOfficeInput!) { updateOffice(input: $input) { timeZone } }';
      await service.ask(zone, {
        input: { id: officeId, timeZone: 'Europe/Lisbon', timeZoneFrom: '2026-01-01' },
      });
      expect(await service.sql('SELECT time_zone, valid_from FROM office_zones ORDER BY valid_from')).toEqual(
        [
          { time_zone: 'Europe/Berlin', valid_from: '-infinity' },
          { time_zone: 'Europe/Lisbon', valid_from: '2026-01-01' },
        ],
      );
      const later = { id: officeId, timeZone: 'UTC', timeZoneFrom: '2026-03-03' };
      expect(await fault(zone, later)).toMatchObject({ field: 'timeZoneFrom' });
      expect(await fault(zone, { id: officeId, timeZone: 'Mars/Olympus' })).toMatchObject({
        field: 'timeZone',
      });
    });

    it('say to which office a punch belongs that is added for an earlier date', async () => {
      const [berlin, lisbon] = [await office(), await office()];
      await service.sql(`UPDATE offices SET time_zone = 'Pacific/Auckland' WHERE id = $1`, [lisbon]);
      await service.sql(`UPDATE office_zones SET time_zone = 'Pacific/Auckland' WHERE office_id = $1`, [
        lisbon,
      ]);
      await enrol();
      const move = (officeId: string, officeFrom: string) =>
        service.ask(UPDATE, { input: { employeeId: 'EMP-1', officeId, officeFrom } });
      await move(berlin, '2026-01-01');
      await move(lisbon, '2026-02-01');
      const add = (recordedAt: string) => ({ add: { type: 'LOGIN', recordedAt } });
      // In Auckland it is 13 hours later.
      const moments = [
        '2025-12-31T22:30:00Z',
        '2026-01-05T08:00:00Z',
        '2026-01-31T10:30:00Z',
        '2026-01-31T12:00:00Z',
      ];
      const input = { employeeId: 'EMP-1', reason: 'x', changes: moments.map(add) };
      await service.ask(
        'mutation ($input: CorrectAttendanceInput!) { correctAttendance(input: $input) { id } }',
        { input },
      );
      const punches = await service.sql<{ office_id: string | null }>(
        'SELECT office_id FROM attendances ORDER BY recorded_at',
      );
      expect(punches.map(({ office_id: id }) => id)).toEqual([null, berlin, berlin, lisbon]);
    });

    it('know from when until when somebody is employed', async () => {
      await enrol();
      const input = { employeeId: 'EMP-1', employedFrom: '2025-01-01', employedUntil: '2026-12-31' };
      expect(await service.ask(UPDATE, { input })).toMatchObject({
        updateEmployee: { employedFrom: '2025-01-01', employedUntil: '2026-12-31' },
      });
      expect(await fault(UPDATE, { ...input, employedUntil: '2024-12-31' })).toMatchObject({
        field: 'employedUntil',
      });
      const set = async (name: string) =>
        service.ask(`mutation { ${name}(employeeId: "EMP-1") { employedUntil } }`);
      expect(await set('deactivateEmployee')).toEqual({
        deactivateEmployee: { employedUntil: '2026-03-02' },
      });
      expect(await set('reactivateEmployee')).toEqual({ reactivateEmployee: { employedUntil: null } });
    });
  });
});
