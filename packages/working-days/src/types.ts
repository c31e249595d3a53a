import type { Instant, LocalDate, LocalTime } from './local';
import type { WorkRules } from './rules';

export type * from './local';
export type * from './rules';

/** Wall clocks. `to` not after `from`: it is on the next day. */
export interface TimeRange {
  readonly from: LocalTime;
  readonly to: LocalTime;
}

/** 1 to 4 segments; each `from` is the first such wall clock at or after the end of the segment before it. */
export interface FixedShift {
  readonly id: string;
  readonly name: string;
  readonly kind: 'FIXED';
  readonly segments: readonly TimeRange[];
  /** Unpaid, planned. */
  readonly breakMinutes: number;
  readonly breakStartsAt: LocalTime | null;
}

/** A frame in which somebody comes and goes, with up to 3 windows of core time. */
export interface FlexibleShift {
  readonly id: string;
  readonly name: string;
  readonly kind: 'FLEXIBLE';
  readonly frame: TimeRange;
  readonly core: readonly TimeRange[];
  readonly targetMinutes: number;
}

export type Shift = FixedShift | FlexibleShift;

/** Day number of a date = (date - anchor) mod cycleDays + 1. A day without a shift is a rest day. */
export interface Schedule {
  readonly id: string;
  readonly cycleDays: number;
  readonly anchor: LocalDate;
  /** The shifts by day number, 1 to cycleDays. */
  readonly days: Readonly<Record<number, Shift>>;
}

/** Assignments of one subject do not overlap. */
export interface Assignment {
  readonly schedule: Schedule;
  readonly rules: WorkRules;
  readonly from: LocalDate;
  /** The last day; null: open. */
  readonly until: LocalDate | null;
}

/** A day plan: another shift for one date, or none. */
export interface Override {
  readonly date: LocalDate;
  readonly shift: Shift | null;
}

export interface Holiday {
  readonly id: string;
  readonly date: LocalDate;
  readonly name: string;
  /** A half day: the holiday begins at this wall clock. */
  readonly from: LocalTime | null;
}

export interface Absence {
  readonly id: string;
  readonly from: LocalDate;
  /** The last day. */
  readonly until: LocalDate;
  /** Null: the whole day. */
  readonly minutesPerDay: number | null;
  /** What the employer calls it. No figure depends on it. */
  readonly kind?: string;
}

/** What people of an office share. One object serves all of them. */
export interface Office {
  readonly id: string;
  /** IANA zones in ascending order of `from`; null: since ever. */
  readonly zones: readonly { readonly from: LocalDate | null; readonly timeZone: string }[];
  /** The default plan of people without an assignment. */
  readonly assignments: readonly Assignment[];
  readonly holidays: readonly Holiday[];
}

export interface Punch {
  readonly id: string;
  readonly type: 'LOGIN' | 'LOGOUT';
  /** When it was made. */
  readonly at: Instant;
  /** When the service received it; null or left out: at once. */
  readonly receivedAt?: Instant | null;
  /** Recorded by hand. */
  readonly manual?: boolean;
  /** It came by a correction. */
  readonly corrected?: boolean;
  /** A voided punch counts for nothing, but its day is CORRECTED. */
  readonly voided?: boolean;
}

/** Takes back deducted break of a day. */
export interface BreakWaiver {
  readonly date: LocalDate;
  readonly minutes: number;
}

/** Approved overtime of a day. It is stale if the day's fingerprint has changed. */
export interface OvertimeDecision {
  readonly date: LocalDate;
  readonly approvedMinutes: number;
  readonly fingerprint: string;
}

/** One person's facts and plans. Lists may be in any order unless a type says otherwise. */
export interface Person {
  readonly punches: readonly Punch[];
  /** Which office somebody had, in ascending order of `from`; null: since ever, or no office. */
  readonly offices: readonly { readonly from: LocalDate | null; readonly office: Office | null }[];
  readonly employment: { readonly from: LocalDate | null; readonly until: LocalDate | null };
  readonly assignments: readonly Assignment[];
  readonly overrides: readonly Override[];
  readonly absences: readonly Absence[];
  readonly waivers: readonly BreakWaiver[];
  readonly overtimeDecisions: readonly OvertimeDecision[];
}
