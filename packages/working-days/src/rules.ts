import type { LocalDate, LocalTime } from './local';

export type Weekday = 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY';
/** Every worked minute has exactly one class. */
export type TimeClass = 'REGULAR' | 'OVERTIME_1' | 'OVERTIME_2' | 'OVERTIME_3';
export type Pairing = 'EVERY_PAIR' | 'FIRST_TO_LAST';
/** SHIFT: all minutes belong to the day on which the shift began. CALENDAR_DAY: minutes are cut at `dayStartsAt`. */
export type Attribution = 'SHIFT' | 'CALENDAR_DAY';
export type RoundingMode = 'NONE' | 'NEAREST' | 'UP' | 'DOWN';
export type RoundingScope = 'DAY_EDGES' | 'EVERY_PUNCH';
export type BreakDeduction = 'TO_THRESHOLD' | 'FULL' | 'NONE';
export type OpenSpanMode = 'LEAVE_OPEN' | 'CLOSE_AT_SHIFT_END' | 'CLOSE_AFTER' | 'CLOSE_AT';
export type ClockChange = 'ELAPSED' | 'NOMINAL';
export type HolidayPlan = 'DROP' | 'KEEP';
export type OvertimeApproval = 'NONE' | 'REQUIRED';

export interface RoundingRule {
  readonly mode: RoundingMode;
  /** Minutes of the local wall clock, at least 1. */
  readonly stepMinutes: number;
  readonly scope: RoundingScope;
}

/** More than `over` minutes of work need `total` minutes of break. */
export interface BreakTier {
  readonly over: number;
  readonly total: number;
}

export interface BreakRules {
  /** In ascending order of `over`. */
  readonly tiers: readonly BreakTier[];
  readonly deduct: BreakDeduction;
  /** A shorter break does not count towards the required break. */
  readonly minPartMinutes: number;
  /** A gap of at most this many minutes is worked. */
  readonly paidUpToMinutes: number;
}

/** Minutes beyond `after` take the class. PLAN: beyond the expected minutes of the day. */
export interface DailyTier {
  readonly after: number | 'PLAN';
  readonly class: TimeClass;
}

export interface OvertimeRules {
  /** In ascending order of `after`. */
  readonly daily: readonly DailyTier[];
  readonly weekly: { readonly after: number; readonly class: TimeClass } | null;
  /** Class of minutes on a rest day; null: as on any day. */
  readonly restDays: TimeClass | null;
  /** Class of minutes on a holiday; null: as on any day. */
  readonly holidays: TimeClass | null;
  /** Fewer minutes beyond the lowest daily tier stay REGULAR. */
  readonly minimumMinutes: number;
}

/** Worked minutes inside the window, or on the days, or both if both are given. */
export interface PremiumRule {
  readonly code: string;
  readonly from?: LocalTime | null;
  /** Not after `from`: the next day. */
  readonly to?: LocalTime | null;
  readonly on?: readonly (Weekday | 'HOLIDAY')[] | null;
}

export interface OpenSpanRule {
  readonly mode: OpenSpanMode;
  /** CLOSE_AFTER: minutes after the LOGIN. */
  readonly minutes?: number | null;
  /** CLOSE_AT: the first such wall clock after the LOGIN. */
  readonly at?: LocalTime | null;
}

/** Warnings; null turns one off. */
export interface WorkLimits {
  readonly dayLongMinutes: number | null;
  readonly restShortMinutes: number | null;
  readonly weekLongMinutes: number | null;
  /** Weeks of the average of `weekLongMinutes`; null: 1. */
  readonly weekLongReferenceWeeks: number | null;
  readonly continuousLongMinutes: number | null;
}

/** What a version of work rules says. Durations are in whole minutes. */
export interface Rules {
  readonly pairing: Pairing;
  readonly repeatMinutes: number;
  readonly maxSpanMinutes: number;
  readonly attribution: Attribution;
  readonly dayStartsAt: LocalTime;
  readonly weekStartsOn: Weekday;
  readonly beforeMinutes: number;
  readonly afterMinutes: number;
  readonly sessionGapMinutes: number;
  readonly countEarly: boolean;
  readonly countLate: boolean;
  readonly lateGraceMinutes: number;
  readonly earlyGraceMinutes: number;
  readonly snapInMinutes: number;
  readonly snapOutMinutes: number;
  readonly rounding: RoundingRule;
  readonly breaks: BreakRules;
  readonly overtime: OvertimeRules;
  readonly premiums: readonly PremiumRule[];
  readonly openSpan: OpenSpanRule;
  readonly expectedOnClockChange: ClockChange;
  readonly holidayPlan: HolidayPlan;
  readonly absentAfterMinutes: number;
  readonly limits: WorkLimits;
  readonly overtimeApproval: OvertimeApproval;
}

/** A version holds from its date until the next one. The first also holds before its date. */
export interface RulesVersion extends Rules {
  readonly id: string;
  readonly version: number;
  readonly from: LocalDate;
}

/** A named set of rules, its versions in ascending order of `from`. */
export interface WorkRules {
  readonly id: string;
  readonly versions: readonly RulesVersion[];
}

/** What holds without an assignment. The numbers are those of the specification. */
export const DEFAULT_RULES: Rules = {
  pairing: 'EVERY_PAIR',
  repeatMinutes: 5,
  maxSpanMinutes: 960,
  attribution: 'SHIFT',
  dayStartsAt: '00:00',
  weekStartsOn: 'MONDAY',
  beforeMinutes: 240,
  afterMinutes: 480,
  sessionGapMinutes: 240,
  countEarly: true,
  countLate: true,
  lateGraceMinutes: 0,
  earlyGraceMinutes: 0,
  snapInMinutes: 0,
  snapOutMinutes: 0,
  rounding: { mode: 'NONE', stepMinutes: 1, scope: 'DAY_EDGES' },
  breaks: { tiers: [], deduct: 'TO_THRESHOLD', minPartMinutes: 0, paidUpToMinutes: 0 },
  overtime: { daily: [], weekly: null, restDays: null, holidays: null, minimumMinutes: 0 },
  premiums: [],
  openSpan: { mode: 'LEAVE_OPEN' },
  expectedOnClockChange: 'ELAPSED',
  holidayPlan: 'DROP',
  absentAfterMinutes: 0,
  limits: {
    dayLongMinutes: null,
    restShortMinutes: null,
    weekLongMinutes: null,
    weekLongReferenceWeeks: null,
    continuousLongMinutes: null,
  },
  overtimeApproval: 'NONE',
};
