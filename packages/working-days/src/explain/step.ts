import type { Instant } from '../types';

export type StepFigure =
  | 'PRESENCE'
  | 'UNCOUNTED'
  | 'ROUNDING'
  | 'BREAK_PUNCHED'
  | 'BREAK_PAID'
  | 'BREAK_DEDUCTED'
  | 'WORKED'
  | 'PLANNED'
  | 'CREDITED'
  | 'EXPECTED'
  | 'BALANCE'
  | 'LATE'
  | 'EARLY_LEAVE'
  | 'OVERTIME_APPROVED'
  | 'CLASS'
  | 'PREMIUM';

/** One part of a figure. The steps of a figure, and of CLASS and PREMIUM those of one key, add up to it. */
export interface DayStep {
  readonly figure: StepFigure;
  /** Of CLASS the class, of PREMIUM the code; else null. */
  readonly key: string | null;
  readonly minutes: number;
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Stable, for translations of the text. */
  readonly code: string;
  /** The field of the rules that decided, e.g. `breaks.tiers[0]`; empty: none. */
  readonly rule: string;
  /** One English sentence. */
  readonly text: string;
  /** Ids. */
  readonly punches: readonly string[];
}
