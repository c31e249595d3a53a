import type { Instant } from '../types';

/**
 * What can have happened, by the figure that it explains. Figure and code together stand for one sentence, so that
 * clients can translate it. Codes are never renamed.
 */
export const STEP_CODES = {
  PRESENCE: ['PRESENT', 'PRESENT_FIRST_TO_LAST', 'PRESENT_AUTO_CLOSED'],
  UNCOUNTED: ['BEFORE_PLAN', 'AFTER_PLAN'],
  ROUNDING: ['LOGIN_ROUNDED', 'LOGOUT_ROUNDED'],
  BREAK_PUNCHED: ['BREAK', 'BREAK_TOO_SHORT'],
  BREAK_PAID: ['PAID_REST'],
  BREAK_DEDUCTED: ['DEDUCTED_TO_THRESHOLD', 'DEDUCTED_FULL'],
  WORKED: [
    ...(['PRESENCE', 'UNCOUNTED', 'ROUNDING', 'BREAK_PAID', 'BREAK_DEDUCTED'] as const),
    ...(['ON_OTHER_DATES', 'CONTINUED'] as const),
  ],
  PLANNED: ['PLANNED', 'PLANNED_LESS_BREAK'],
  CREDITED: ['CREDITED_HOLIDAY', 'CREDITED_ABSENCE'],
  EXPECTED: ['PLANNED', 'CREDITED'],
  BALANCE: ['WORKED', 'EXPECTED'],
  LATE: ['LATE', 'LATE_FOR_PART'],
  EARLY_LEAVE: ['LEFT_EARLY', 'LEFT_PART_EARLY'],
  OVERTIME_APPROVED: ['APPROVED'],
  CLASS: ['REGULAR', 'OVERTIME'],
  PREMIUM: ['PREMIUM'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type StepFigure = keyof typeof STEP_CODES;

export type StepCode<F extends StepFigure = StepFigure> = (typeof STEP_CODES)[F][number];

/** A number of the sentence that no other field has. */
export interface StepValue {
  /**
   * OVER: minutes of work beyond which a break is required. REQUIRED_BREAK: its minutes. UNPAID_BREAK: minutes of the
   * shift's break. PART: which segment or core window, from 1.
   */
  readonly name: 'OVER' | 'REQUIRED_BREAK' | 'UNPAID_BREAK' | 'PART';
  readonly value: number;
}

/** One part of a figure. The steps of a figure, and of CLASS and PREMIUM those of one key, add up to it. */
export interface DayStep {
  readonly figure: StepFigure;
  /** Of CLASS the class, of PREMIUM the code; else null. */
  readonly key: string | null;
  readonly minutes: number;
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly code: StepCode;
  readonly values: readonly StepValue[];
  /** The field of the rules that decided, e.g. `breaks.tiers[0]`; empty: none. */
  readonly rule: string;
  /** One English sentence. */
  readonly text: string;
  /** Ids. */
  readonly punches: readonly string[];
}
