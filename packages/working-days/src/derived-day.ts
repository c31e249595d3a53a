import type { PlanSource } from './day-plan';
import type { SpanAttribution } from './spans';
import type { DayStep } from './explain/step';
import type { TimeClass } from './rules';
import type { WorkDayFlag, WorkDayStatus } from './status';
import type { Absence, Holiday, Instant, LocalDate, Office, RulesVersion, Shift } from './types';

/** Whole minutes. `workedMinutes` = presence - uncounted + rounding + breakPaid - breakDeducted, except with CALENDAR_DAY. */
export interface DayFigures {
  readonly presenceMinutes: number;
  readonly uncountedMinutes: number;
  readonly roundingMinutes: number;
  readonly breakPunchedMinutes: number;
  readonly breakPaidMinutes: number;
  readonly breakDeductedMinutes: number;
  readonly workedMinutes: number;
  readonly plannedMinutes: number;
  readonly creditedMinutes: number;
  readonly expectedMinutes: number;
  /** Null with CALENDAR_DAY: a balance of single dates would say nothing. */
  readonly balanceMinutes: number | null;
  readonly lateMinutes: number;
  readonly earlyLeaveMinutes: number;
  /** Null: nothing was decided, or the decision is stale. */
  readonly overtimeApprovedMinutes: number | null;
  /** REGULAR always, and the others that are not 0. */
  readonly classes: Readonly<Partial<Record<TimeClass, number>>>;
  /** Those that are not 0, by code. */
  readonly premiums: Readonly<Record<string, number>>;
}

export interface DerivedSpan {
  /** Ids of the punches; null: missing. */
  readonly login: string | null;
  readonly logout: string | null;
  /** LOGIN and LOGOUT, or derived end, to the minute; null: missing. */
  readonly start: Instant | null;
  readonly end: Instant | null;
  /** The end is derived and no punch. */
  readonly autoClosed: boolean;
  readonly running: boolean;
  readonly attributedBy: SpanAttribution;
}

/** What one person worked on one date, and what was planned. */
export interface DerivedDay {
  readonly date: LocalDate;
  readonly timeZone: string;
  readonly office: Office | null;
  readonly source: PlanSource;
  readonly shift: Shift | null;
  readonly plannedStart: Instant | null;
  readonly plannedEnd: Instant | null;
  readonly status: WorkDayStatus;
  readonly flags: readonly WorkDayFlag[];
  readonly figures: DayFigures;
  /** The LOGIN of who is there now. */
  readonly openSince: Instant | null;
  readonly spans: readonly DerivedSpan[];
  /** Repeats, by id. */
  readonly ignoredPunches: readonly string[];
  readonly workedIntervals: readonly { readonly start: Instant; readonly end: Instant }[];
  readonly holiday: Holiday | null;
  readonly absences: readonly Absence[];
  /** Null: the defaults hold. */
  readonly rules: RulesVersion | null;
  /** The first day of its week. */
  readonly weekStart: LocalDate;
  /** The day's overtime decision; stale: the day has changed since. */
  readonly overtime: { readonly approvedMinutes: number; readonly stale: boolean } | null;
  /** What each figure is made of; empty unless asked for. */
  readonly steps: readonly DayStep[];
}
