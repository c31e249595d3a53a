import { compile, type CompiledRules } from './compiled-rules';
import { dayOf, timeOf } from './dates';
import { clip, type Interval } from './intervals';
import { shiftTimes, type ShiftTimes } from './shift-times';
import type { Absence, Assignment, Holiday, Office, RulesVersion, Schedule, Shift } from './types';
import type { Zone } from './zone';

/** Where the plan of a date comes from. */
export type PlanSource = 'DAY' | 'EMPLOYEE' | 'OFFICE' | 'NONE';

/** What is planned for somebody on one date. */
export interface DayPlan {
  readonly day: number;
  readonly zone: Zone;
  readonly office: Office | null;
  readonly employed: boolean;
  readonly source: PlanSource;
  readonly shift: Shift | null;
  readonly times: ShiftTimes | null;
  readonly rules: CompiledRules;
  /** A holiday of the whole day. */
  readonly holiday: Holiday | null;
  /** A holiday that begins during the day. */
  readonly halfHoliday: Holiday | null;
  readonly absences: readonly Absence[];
  /** A whole-day absence. */
  readonly onLeave: boolean;
  /** The plan does not hold, because of a holiday. */
  readonly dropped: boolean;
  /** Where the plan ends, if a half-day holiday cuts it; null: where the shift ends. */
  readonly cutAt: number | null;
  /** The windows of `times` that hold: none on a dropped holiday, less what a half-day holiday cuts off. */
  readonly windows: readonly Interval[];
}

/** What a plan is made of. */
export interface PlanParts {
  readonly day: number;
  readonly zone: Zone;
  readonly office: Office | null;
  readonly employed: boolean;
  readonly source: PlanSource;
  readonly shift: Shift | null;
  readonly rules: CompiledRules;
  readonly holidays: readonly Holiday[];
  readonly absences: readonly Absence[];
}

export function planOf(parts: PlanParts): DayPlan {
  const { day, zone, office, employed, source, shift, rules, holidays, absences } = parts;
  const times = shift === null ? null : shiftTimes(shift, zone, day);
  const holiday = holidays.find(({ from }) => from === null) ?? null;
  const halfHoliday = holiday === null ? (holidays[0] ?? null) : null;
  const drops = rules.rules.holidayPlan === 'DROP' && times !== null;
  const cut = drops && halfHoliday !== null ? zone.at(day, timeOf(halfHoliday.from ?? '00:00')) : null;
  const cutAt = cut !== null && times !== null && cut < times.end ? cut : null;
  const dropped = drops && (holiday !== null || (cutAt !== null && cutAt <= times.start));
  const onLeave = absences.some(({ minutesPerDay }) => minutesPerDay === null);
  const windows = dropped || times === null ? NO_WINDOWS : cutWindows(times.windows, cutAt);
  return {
    day,
    zone,
    office,
    employed,
    source,
    shift,
    times,
    rules,
    holiday,
    halfHoliday,
    absences,
    onLeave,
    dropped,
    cutAt,
    windows,
  };
}

const NO_WINDOWS: readonly Interval[] = [];

function cutWindows(windows: readonly Interval[], cutAt: number | null): readonly Interval[] {
  if (cutAt === null) return windows;
  return windows.flatMap((window) => clip(window, { start: -Infinity, end: cutAt }) ?? []);
}

/** @returns null on a rest day of the schedule */
export function shiftOf({ days, anchor, cycleDays }: Schedule, day: number): Shift | null {
  const offset = (((day - dayOf(anchor)) % cycleDays) + cycleDays) % cycleDays;
  return days[offset + 1] ?? null;
}

export const assignmentOn = (assignments: readonly Assignment[], day: number): Assignment | null =>
  assignments.find(({ from, until }) => dayOf(from) <= day && (until === null || day <= dayOf(until))) ??
  null;

/** The version of an assignment's rules that holds on a date: the last that began, else the first. */
export function rulesOn(assignment: Assignment | null, day: number): CompiledRules {
  const versions: readonly RulesVersion[] = assignment?.rules.versions ?? [];
  const version = versions.findLast(({ from }) => dayOf(from) <= day) ?? versions[0] ?? null;
  return compile(version);
}
