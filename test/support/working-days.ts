import { randomUUID } from 'node:crypto';
import type { Rules } from '@rollcall/working-days';
import { register, type Asker } from './operations';
import type { TestService } from './service';

type CaseRules = Partial<Rules>;

/** Plans of a worked case of packages/working-days, as far as they are made here. */
interface PlannedCase {
  readonly timeZone: string;
  readonly shifts: Readonly<
    Record<
      string,
      {
        readonly segments: readonly (readonly [string, string])[];
        readonly breakMinutes: number;
        readonly breakStartsAt?: string;
      }
    >
  >;
  readonly plan: readonly {
    readonly from: string;
    readonly until: string | null;
    readonly cycleDays: number;
    readonly anchor: string;
    readonly days: Readonly<Record<string, string>>;
  }[];
  readonly rules: CaseRules;
  readonly holidays?: readonly { readonly date: string; readonly name: string; readonly from?: string }[];
  readonly absences?: readonly {
    readonly from: string;
    readonly until: string;
    readonly minutes: number | null;
    readonly kind: string;
  }[];
  readonly overrides?: readonly { readonly date: string; readonly shift: string | null }[];
  readonly employment?: { readonly from?: string };
}

/** Operations that make the plans of a case, as a client would. */
const SHIFT = 'mutation ($input: CreateShiftInput!) { createShift(input: $input) { id } }';
const SCHEDULE = 'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { id } }';
const RULES = 'mutation ($input: CreateWorkRulesInput!) { createWorkRules(input: $input) { id } }';
const ASSIGN = 'mutation ($input: AssignScheduleInput!) { assignSchedule(input: $input) { id } }';
const OFFICE = 'mutation ($input: CreateOfficeInput!) { createOffice(input: $input) { id } }';
const HOLIDAY = 'mutation ($input: AddHolidayInput!) { addHoliday(input: $input) { id } }';
const ABSENCE = 'mutation ($input: RecordAbsenceInput!) { recordAbsence(input: $input) { id } }';
const DAY_PLANS = 'mutation ($input: SetDayPlansInput!) { setDayPlans(input: $input) { __typename } }';

/** Makes something and answers its id. */
async function make(service: Asker, query: string, input: object): Promise<string> {
  const data = await service.ask<Record<string, { id: string }>>(query, { input });
  return Object.values(data)[0]?.id ?? '';
}

export const createOffice = (service: Asker, name: string, timeZone: string): Promise<string> =>
  make(service, OFFICE, { name, timeZone });

/** Everything of a case but its punches. @returns the employee's row id */
export async function plan(service: TestService, one: PlannedCase): Promise<string> {
  const officeId = await createOffice(service, 'Office', one.timeZone);
  const { employee } = await register(service, {
    officeId,
    employedFrom: one.employment?.from ?? '2000-01-01',
  });
  const shifts = new Map<string, string>();
  for (const [name, { segments, breakMinutes, breakStartsAt }] of Object.entries(one.shifts)) {
    const times = segments.map(([from, to]) => ({ from, to }));
    const input = { name, segments: times, breakMinutes, breakStartsAt: breakStartsAt ?? null };
    shifts.set(name, await make(service, SHIFT, input));
  }
  const rulesId = await make(service, RULES, { name: 'Rules', fields: one.rules });
  for (const { from, until, cycleDays, anchor, days } of one.plan) {
    const scheduleId = await make(service, SCHEDULE, {
      ...{ name: 'Schedule', cycleDays, anchor },
      days: Object.entries(days).map(([day, name]) => ({ day: Number(day), shiftId: shifts.get(name) })),
    });
    await make(service, ASSIGN, { employeeId: 'EMP-1', scheduleId, rulesId, from, until });
  }
  for (const { date, name, from = null } of one.holidays ?? []) {
    await make(service, HOLIDAY, { officeId, date, name, from });
  }
  for (const { from, until, minutes, kind } of one.absences ?? []) {
    const input = { employeeId: 'EMP-1', from, until, minutesPerDay: minutes, kind, paid: true };
    await make(service, ABSENCE, input);
  }
  const overrides = (one.overrides ?? []).map(({ date, shift }) => ({
    ...{ employeeId: 'EMP-1', date, reason: 'Swap' },
    shiftId: shift === null ? null : (shifts.get(shift) ?? null),
  }));
  if (overrides.length > 0) await make(service, DAY_PLANS, { plans: overrides });
  return employee.id;
}

/** Monday to Friday, 09:00 to 17:30. */
export const WEEK_OF_DAYS = {
  shift: { name: 'DAY', segments: [{ from: '09:00', to: '17:30' }], breakMinutes: 30 },
  ...{ cycleDays: 7, anchor: '2024-01-01', days: [1, 2, 3, 4, 5] },
};

/** Assigns one shift on some days of a cycle, and rules, to an employee or an office. */
export async function assign(
  service: Asker,
  subject: { readonly employeeId?: string; readonly officeId?: string },
  { shift, days, ...cycle }: typeof WEEK_OF_DAYS,
  rules: CaseRules = {},
): Promise<void> {
  const shiftId = await make(service, SHIFT, shift);
  const schedule = { name: 'Schedule', ...cycle, days: days.map((day) => ({ day, shiftId })) };
  const scheduleId = await make(service, SCHEDULE, schedule);
  const rulesId = await make(service, RULES, { name: 'Rules', fields: rules });
  await make(service, ASSIGN, { ...subject, scheduleId, rulesId, from: '2020-01-01' });
}

const DAY_MS = 86_400_000;

/** Plans a shift on each of some dates for an employee, and nothing on others. */
export async function planDates(
  service: Asker,
  employeeId: string,
  dates: readonly { readonly date: string; readonly start: string; readonly end: string }[],
  rules: CaseRules = {},
): Promise<void> {
  const anchor = dates[0]?.date ?? '';
  const days: { day: number; shiftId: string }[] = [];
  for (const { date, start, end } of dates) {
    const shiftId = await make(service, SHIFT, { name: date, segments: [{ from: start, to: end }] });
    days.push({ day: (Date.parse(date) - Date.parse(anchor)) / DAY_MS + 1, shiftId });
  }
  const scheduleId = await make(service, SCHEDULE, { name: 'Dates', cycleDays: 366, anchor, days });
  const rulesId = await make(service, RULES, { name: 'Rules', fields: rules });
  await make(service, ASSIGN, { employeeId, scheduleId, rulesId, from: '2020-01-01' });
}

/** A punch that is written without a face. */
export interface WrittenPunch {
  readonly type: string;
  readonly at: string;
  readonly manual?: boolean;
  readonly officeId?: string | null;
}

/** Writes punches of an employee straight into the table. @returns their ids, ascending */
export async function punch(
  service: TestService,
  employee: string,
  punches: readonly WrittenPunch[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const { type, at, manual = false, officeId = null } of punches) {
    const id = randomUUID();
    ids.push(id);
    await service.sql(
      `INSERT INTO attendances (id, employee_id, office_id, sequence, type, recorded_at, similarity,
         descriptor_source, manual_reason, manual_recorded_by, manual_entered_at)
       VALUES ($1, $2, $3, (SELECT coalesce(max(sequence), 0) + 1 FROM attendances WHERE employee_id = $2), $4, $5, $6,
         $7, $8, $9, $10)`,
      [
        ...[id, employee, officeId, type, at, manual ? null : 0.99],
        ...(manual ? ['manual', 'Forgotten', 'admin', at] : ['client', null, null, null]),
      ],
    );
  }
  return ids;
}

/** Voids a punch as a correction does. */
export const voidPunch = (service: TestService, attendanceId: string, at: string) =>
  service.sql(
    `INSERT INTO attendance_voids (id, attendance_id, reason, voided_by, voided_at) VALUES ($1, $2, 'Wrong', 'admin', $3)`,
    [randomUUID(), attendanceId, at],
  );
