/** Real: the service over HTTP and the database of the run. Fake: the clock. */
import { DEFAULT_RULES } from '@rollcall/working-days';
import { Clock } from '../support/clock';
import { register } from '../support/operations';
import { TestService } from '../support/service';
import { assign, createOffice, planDates, WEEK_OF_DAYS } from '../support/working-days';

const FIELDS = `id status reason requestedBy decidedBy note employee { employeeId }
  changes { kind type recordedAt date minutes attendance { id } }
  preview { date before { status figures { workedMinutes breakDeductedMinutes } spans { start end } }
    after { status flags figures { workedMinutes breakDeductedMinutes } spans { start end login { id } logout { id } } } }`;
const REQUEST = `mutation ($input: RequestCorrectionInput!) { requestCorrection(input: $input) { ${FIELDS} } }`;
const DECIDE = `mutation ($input: DecideCorrectionInput!) { decideCorrection(input: $input) { ${FIELDS} } }`;
const WITHDRAW = `mutation ($id: ID!) { withdrawCorrection(id: $id) { ${FIELDS} } }`;
const CORRECT = `mutation ($input: CorrectAttendanceInput!) { correctAttendance(input: $input) { ${FIELDS} } }`;
const LIST = `query ($filter: CorrectionFilter) { corrections(filter: $filter) { totalCount nodes { id status } } }`;
const MANUAL = `mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) { id } }`;
const DAY = `query ($date: LocalDate!) { workDay(employeeId: "EMP-1", date: $date) {
  status flags fingerprint figures { workedMinutes overtimeApprovedMinutes classes { class minutes } } } }`;
const OVERTIME = `mutation ($input: DecideOvertimeInput!) { decideOvertime(input: $input) {
  date figures { overtimeApprovedMinutes } } }`;

interface View {
  readonly id: string;
  readonly status: string;
  readonly preview: readonly unknown[];
}

describe('corrections that are requested', () => {
  let service: TestService;
  let strict: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
    strict = await TestService.start({ now: clock.now, env: { CORRECTION_FOUR_EYES: 'true' } });
  });
  beforeEach(async () => {
    clock.set(Date.parse('2026-03-01T08:00:00Z'));
    for (const each of [service, strict]) {
      await each.reset();
      await register(each);
    }
    clock.set(Date.parse('2026-03-03T08:00:00Z'));
  });
  afterAll(async () => {
    await service.stop();
    await strict.stop();
  });

  const punch = async (type: string, recordedAt: string, at = service): Promise<string> => {
    const input = { employeeId: 'EMP-1', type, recordedAt, reason: 'x' };
    const made = await at.ask<{ recordManualAttendance: { id: string } }>(MANUAL, { input });
    return made.recordManualAttendance.id;
  };
  const add = (recordedAt: string, type = 'LOGOUT') => ({ add: { type, recordedAt } });
  const request = async (changes: readonly object[], at = service): Promise<View> => {
    const input = { employeeId: 'emp-1', changes, reason: 'Forgot' };
    return (await at.ask<{ requestCorrection: View }>(REQUEST, { input })).requestCorrection;
  };
  const decide = (id: string, approve = true, at = service) =>
    at.send<{ decideCorrection: View }>(DECIDE, { input: { id, approve, note: 'ok' } });

  it('show the day before and after, and change it when they are approved', async () => {
    const login = await punch('LOGIN', '2026-03-02T08:00:00Z');
    const made = await request([add('2026-03-02T16:30:00Z')]);
    expect(made).toMatchObject({
      ...{ status: 'REQUESTED', reason: 'Forgot', requestedBy: 'open', decidedBy: null },
      changes: [{ kind: 'ADD', type: 'LOGOUT', recordedAt: '2026-03-02T16:30:00.000Z', attendance: null }],
      preview: [
        {
          date: '2026-03-02',
          before: { figures: { workedMinutes: 0 } },
          after: {
            ...{ status: 'PRESENT', figures: { workedMinutes: 510 } },
            spans: [{ end: '2026-03-02T16:30:00.000Z', login: { id: login }, logout: null }],
          },
        },
      ],
    });
    expect(await service.sql('SELECT FROM attendances')).toHaveLength(1);
    const { data } = await decide(made.id);
    expect(data?.decideCorrection).toMatchObject({
      ...{ status: 'APPROVED', decidedBy: 'open', note: 'ok' },
      changes: [{ kind: 'ADD', attendance: { id: expect.any(String) as string } }],
      preview: [{ before: { figures: { workedMinutes: 0 } }, after: { figures: { workedMinutes: 510 } } }],
    });
    expect(await service.ask(DAY, { date: '2026-03-02' })).toMatchObject({
      workDay: { status: 'PRESENT', flags: ['MANUAL', 'CORRECTED'], figures: { workedMinutes: 510 } },
    });
    const events = await service.sql<{ action: string }>('SELECT action FROM audit_events ORDER BY sequence');
    expect(events.map(({ action }) => action).slice(-3)).toEqual([
      'correction.request',
      'attendance.manual',
      'correction.approve',
    ]);
  });

  it('void a punch and take back an automatic break', async () => {
    const id = await punch('LOGIN', '2026-03-02T07:00:00Z');
    await punch('LOGIN', '2026-03-02T08:00:00Z');
    await punch('LOGOUT', '2026-03-02T16:30:00Z');
    const rules = await service.ask<{ createWorkRules: { id: string } }>(
      `mutation { createWorkRules(input: { name: "DE", preset: GERMANY }) { id } }`,
    );
    const shift = await service.ask<{ createShift: { id: string } }>(
      `mutation { createShift(input: { name: "D", segments: [{ from: "08:00", to: "16:30" }], breakMinutes: 30 }) { id } }`,
    );
    const schedule = await service.ask<{ createSchedule: { id: string } }>(
      `mutation ($shiftId: ID!) { createSchedule(input: { name: "W", anchor: "2024-01-01", days: [{ day: 1, shiftId: $shiftId }] }) { id } }`,
      { shiftId: shift.createShift.id },
    );
    await service.ask(`mutation ($input: AssignScheduleInput!) { assignSchedule(input: $input) { id } }`, {
      input: {
        ...{ employeeId: 'EMP-1', from: '2026-01-01' },
        ...{ scheduleId: schedule.createSchedule.id, rulesId: rules.createWorkRules.id },
      },
    });
    const changes = [{ void: { attendanceId: id } }, { waiveBreak: { date: '2026-03-02', minutes: 30 } }];
    const made = await request(changes);
    expect(made).toMatchObject({
      changes: [
        { kind: 'VOID', attendance: { id } },
        { kind: 'WAIVE_BREAK', date: '2026-03-02', minutes: 30 },
      ],
      preview: [{ after: { figures: { workedMinutes: 510, breakDeductedMinutes: 0 } } }],
    });
    await decide(made.id);
    expect(await service.ask(DAY, { date: '2026-03-02' })).toMatchObject({
      workDay: { figures: { workedMinutes: 510 } },
    });
  });

  it('are decided once: of two at once one reads STALE', async () => {
    await punch('LOGIN', '2026-03-02T08:00:00Z');
    const { id } = await request([add('2026-03-02T16:30:00Z')]);
    const answers = await Promise.all([decide(id), decide(id), decide(id, false)]);
    const refused = answers.flatMap(({ errors }) => errors?.[0]?.extensions ?? []);
    expect(refused).toHaveLength(2);
    for (const fault of refused) expect(fault).toMatchObject({ code: 'CONFLICT', reason: 'STALE' });
    const withdrawn = await service.fault(WITHDRAW, { id });
    expect(withdrawn.extensions).toMatchObject({ code: 'CONFLICT', reason: 'STALE' });
  });

  it('are stale if punches of the day changed, and can be decided again', async () => {
    await punch('LOGIN', '2026-03-02T08:00:00Z');
    const { id } = await request([add('2026-03-02T16:30:00Z')]);
    // The next day is another one.
    await punch('LOGIN', '2026-03-03T07:00:00Z');
    await punch('LOGOUT', '2026-03-02T12:00:00Z');
    const first = await decide(id);
    expect(first.errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'CONFLICT', reason: 'STALE' },
      preview: [{ date: '2026-03-02', before: { workedMinutes: 240 } }],
    });
    expect((await decide(id)).data?.decideCorrection.status).toBe('APPROVED');
  });

  it('are rejected, withdrawn and listed', async () => {
    await punch('LOGIN', '2026-03-02T08:00:00Z');
    const first = await request([add('2026-03-02T16:30:00Z')]);
    const second = await request([add('2026-03-02T17:30:00Z')]);
    expect((await decide(first.id, false)).data?.decideCorrection).toMatchObject({
      status: 'REJECTED',
      preview: [],
    });
    expect(await service.ask(WITHDRAW, { id: second.id })).toMatchObject({
      withdrawCorrection: { status: 'WITHDRAWN' },
    });
    expect(await service.ask(LIST, { filter: { employeeId: 'EMP-1', status: 'REJECTED' } })).toEqual({
      corrections: { totalCount: 1, nodes: [{ id: first.id, status: 'REJECTED' }] },
    });
    expect(await service.ask(LIST, {})).toMatchObject({ corrections: { totalCount: 2 } });
    expect(await service.sql('SELECT FROM attendances')).toHaveLength(1);
  });

  it('at once have a preview, too', async () => {
    const id = await punch('LOGIN', '2026-03-02T08:00:00Z');
    const input = { changes: [{ void: { attendanceId: id } }], reason: 'x' };
    expect(await service.ask(CORRECT, { input })).toMatchObject({
      correctAttendance: { status: 'APPROVED', preview: [{ date: '2026-03-02', after: { spans: [] } }] },
    });
  });

  it.each([
    ['changes', { changes: [] }],
    ['changes', { changes: [{}] }],
    ['recordedAt', { changes: [{ add: { type: 'LOGIN', recordedAt: '2026-03-03T09:00:00Z' } }] }],
    ['recordedAt', { changes: [{ add: { type: 'LOGIN', recordedAt: '2025-03-01T09:00:00Z' } }] }],
    ['date', { changes: [{ waiveBreak: { date: '2026-03-05', minutes: 30 } }] }],
    ['minutes', { changes: [{ waiveBreak: { date: '2026-03-02', minutes: 0 } }] }],
    ['reason', { reason: ' ', changes: [{ waiveBreak: { date: '2026-03-02', minutes: 30 } }] }],
    ['employeeId', { employeeId: null, changes: [{ waiveBreak: { date: '2026-03-02', minutes: 30 } }] }],
  ])('name %s of %j', async (field, values) => {
    const { extensions } = await service.fault(REQUEST, {
      input: { employeeId: 'EMP-1', reason: 'x', ...values },
    });
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  it('cannot void what is voided, nor add what is there', async () => {
    const id = await punch('LOGIN', '2026-03-02T08:00:00Z');
    const of = (changes: readonly object[]) =>
      service.fault(REQUEST, { input: { employeeId: 'EMP-1', reason: 'x', changes } });
    expect((await of([add('2026-03-02T08:00:00Z', 'LOGIN')])).extensions).toMatchObject({ code: 'CONFLICT' });
    const twice = [{ void: { attendanceId: id } }, { void: { attendanceId: id } }];
    expect((await of(twice)).extensions).toMatchObject({ code: 'CONFLICT' });
    // The same time again in place of the voided one is another punch.
    await service.ask(CORRECT, { input: { changes: [{ void: { attendanceId: id } }], reason: 'x' } });
    expect((await of([{ void: { attendanceId: id } }])).extensions).toMatchObject({ code: 'CONFLICT' });
  });

  it('need another one with CORRECTION_FOUR_EYES', async () => {
    await punch('LOGIN', '2026-03-02T08:00:00Z', strict);
    const { id } = await request([add('2026-03-02T16:30:00Z')], strict);
    expect((await decide(id, true, strict)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await decide(id, false, strict)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const input = { employeeId: 'EMP-1', changes: [add('2026-03-02T16:30:00Z')], reason: 'x' };
    expect((await strict.fault(CORRECT, { input })).extensions.code).toBe('FORBIDDEN');
    await strict.sql(`UPDATE corrections SET requested_by = 'somebody else'`);
    expect((await decide(id, true, strict)).data?.decideCorrection.status).toBe('APPROVED');
  });

  it('approve overtime of the day that was looked at', async () => {
    await punch('LOGIN', '2026-03-02T08:00:00Z');
    await punch('LOGOUT', '2026-03-02T18:00:00Z');
    const day = async () =>
      (await service.ask<{ workDay: { fingerprint: string; figures: object } }>(DAY, { date: '2026-03-02' }))
        .workDay;
    const { fingerprint } = await day();
    const input = { employeeId: 'EMP-1', date: '2026-03-02', approvedMinutes: 0, fingerprint };
    const over = await service.fault(OVERTIME, { input: { ...input, approvedMinutes: 1 } });
    expect(over.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'approvedMinutes' });
    expect(await service.ask(OVERTIME, { input })).toMatchObject({ decideOvertime: { date: '2026-03-02' } });
    const stale = await service.fault(OVERTIME, { input: { ...input, fingerprint: 'x' } });
    expect(stale.extensions).toMatchObject({ code: 'CONFLICT', reason: 'STALE', field: 'fingerprint' });
  });

  it('show the days to the end of the week whose overtime they change', async () => {
    clock.set(Date.parse('2026-03-09T08:00:00Z'));
    for (const date of ['02', '03', '04', '05', '06']) {
      await punch('LOGIN', `2026-03-${date}T08:00:00Z`);
      await punch('LOGOUT', `2026-03-${date}T16:00:00Z`);
    }
    await assign(service, { employeeId: 'EMP-1' }, WEEK_OF_DAYS, {
      overtime: { ...DEFAULT_RULES.overtime, weekly: { after: 2400, class: 'OVERTIME_1' } },
    });
    const made = await request([add('2026-03-02T17:00:00Z', 'LOGIN'), add('2026-03-02T18:00:00Z')]);
    expect(made.preview).toMatchObject([{ date: '2026-03-02' }, { date: '2026-03-06' }]);
    const friday = async () => {
      const { workDay } = await service.ask<{ workDay: { figures: object } }>(DAY, { date: '2026-03-06' });
      return workDay.figures;
    };
    const classes = (OVERTIME_1: number) => ({
      classes: [
        { class: 'REGULAR', minutes: 480 - OVERTIME_1 },
        ...(OVERTIME_1 === 0 ? [] : [{ class: 'OVERTIME_1', minutes: OVERTIME_1 }]),
      ],
    });
    expect(await friday()).toMatchObject(classes(0));
    await decide(made.id);
    expect(await friday()).toMatchObject(classes(60));
  });

  it('do not wait for another look because somebody worked on a later day of the week', async () => {
    await punch('LOGIN', '2026-03-02T08:00:00Z');
    await punch('LOGOUT', '2026-03-02T16:00:00Z');
    await assign(service, { employeeId: 'EMP-1' }, WEEK_OF_DAYS, {
      overtime: { ...DEFAULT_RULES.overtime, weekly: { after: 600, class: 'OVERTIME_1' } },
    });
    const made = await request([add('2026-03-02T17:00:00Z', 'LOGIN'), add('2026-03-02T18:00:00Z')]);
    clock.set(Date.parse('2026-03-07T08:00:00Z'));
    await punch('LOGIN', '2026-03-06T08:00:00Z');
    await punch('LOGOUT', '2026-03-06T16:00:00Z');
    const { data, errors } = await decide(made.id);
    expect(errors).toBeUndefined();
    expect(data?.decideCorrection.preview).toMatchObject([{ date: '2026-03-02' }, { date: '2026-03-06' }]);
  });

  it('that add a punch twice are refused at once', async () => {
    const changes = [add('2026-03-02T16:30:00Z'), add('2026-03-02T16:30:00Z')];
    const input = { employeeId: 'EMP-1', changes, reason: 'x' };
    expect((await service.fault(REQUEST, { input })).extensions).toMatchObject({
      ...{ code: 'CONFLICT', field: 'recordedAt' },
    });
  });

  it('of an employee who is being erased are not found, by the field that the client gave', async () => {
    const { id } = await request([add('2026-03-02T16:30:00Z')]);
    await service.sql(`UPDATE employees SET erased_at = now(), active = false`);
    for (const [query, variables] of [
      [DECIDE, { input: { id, approve: true } }],
      [WITHDRAW, { id }],
    ] as const) {
      const { errors } = await service.send(query, variables);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'id' });
    }
  });
});

describe('corrections of a day', () => {
  let service: TestService;
  const clock = new Clock();
  beforeAll(async () => {
    clock.set(Date.parse('2026-06-01T06:00:00Z'));
    service = await TestService.start({ now: clock.now });
    const officeId = await createOffice(service, 'Berlin', 'Europe/Berlin');
    await register(service, { officeId, employedFrom: '2020-01-01' });
    await planDates(service, 'EMP-1', [
      { date: '2026-06-02', start: '00:00', end: '08:00' },
      { date: '2026-06-04', start: '22:00', end: '06:00' },
    ]);
    clock.set(Date.parse('2026-06-08T06:00:00Z'));
  });
  afterAll(() => service.stop());

  const CORRECTIONS = `query ($date: LocalDate!) { workDay(employeeId: "EMP-1", date: $date) { flags corrections { id } } }`;
  const of = async (date: string): Promise<string[]> => {
    const { workDay } = await service.ask<{ workDay: { corrections: { id: string }[] } }>(CORRECTIONS, {
      date,
    });
    return workDay.corrections.map(({ id }) => id);
  };
  const correct = async (...changes: object[]): Promise<string> => {
    const input = { employeeId: 'EMP-1', changes, reason: 'x' };
    const made = await service.ask<{ correctAttendance: { id: string } }>(
      'mutation ($input: CorrectAttendanceInput!) { correctAttendance(input: $input) { id } }',
      { input },
    );
    return made.correctAttendance.id;
  };
  const add = (type: string, recordedAt: string) => ({ add: { type, recordedAt } });

  it('are those of its punches, whatever the date of their moments', async () => {
    // Berlin is two hours ahead: half past eleven in the evening before, to eight.
    const early = await correct(add('LOGIN', '2026-06-01T21:45:00Z'), add('LOGOUT', '2026-06-02T06:00:00Z'));
    expect(await of('2026-06-02')).toEqual([early]);
    expect(await of('2026-06-01')).toEqual([]);
    const night = await correct(add('LOGIN', '2026-06-04T20:00:00Z'), add('LOGOUT', '2026-06-05T04:00:00Z'));
    expect(await of('2026-06-04')).toEqual([night]);
    expect(await of('2026-06-05')).toEqual([]);
  });

  it('are also those that void its punches, or wait', async () => {
    const [night] = await of('2026-06-04');
    const [logout] = await service.sql<{ id: string }>(
      `SELECT id FROM attendances WHERE recorded_at = '2026-06-05T04:00:00Z'`,
    );
    const voided = await correct({ void: { attendanceId: logout?.id } });
    expect(await of('2026-06-04')).toEqual([night, voided]);
    const input = { employeeId: 'EMP-1', changes: [add('LOGOUT', '2026-06-05T04:30:00Z')], reason: 'x' };
    const { requestCorrection: asked } = await service.ask<{ requestCorrection: View }>(REQUEST, { input });
    expect(await of('2026-06-04')).toEqual([night, voided, asked.id]);
    expect(await of('2026-06-05')).toEqual([]);
  });

  it('are dated together, and do not stand on other days whose punches have no partner', async () => {
    await correct(add('LOGIN', '2026-06-06T08:00:00Z'));
    const changes = [add('LOGIN', '2026-06-03T15:00:00Z'), add('LOGOUT', '2026-06-03T23:30:00Z')];
    const input = { employeeId: 'EMP-1', changes, reason: 'x' };
    const { requestCorrection: asked } = await service.ask<{ requestCorrection: View }>(REQUEST, { input });
    // In Berlin the LOGOUT is on the next date.
    expect(await of('2026-06-03')).toEqual([asked.id]);
    expect(await of('2026-06-04')).not.toContain(asked.id);
    expect(await of('2026-06-06')).not.toContain(asked.id);
  });
});
