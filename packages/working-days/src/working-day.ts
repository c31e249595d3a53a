import { automaticBreak, waive, type AutomaticBreak, type Deduction } from './automatic-break';
import { gapsOf, type Gap } from './breaks';
import type { CountedSpan } from './counted';
import type { DayPlan } from './day-plan';
import { expectedOf, type Expected } from './expected';
import { lengthOf, merged, totalOf, without, type Interval } from './intervals';
import type { DaySpan } from './open-spans';
import { punctualityOf, type Punctuality } from './punctuality';

/** A working day before its minutes are classed: every quantity with what it is made of. */
export interface WorkingDay {
  readonly plan: DayPlan;
  readonly spans: readonly DaySpan[];
  readonly counted: readonly CountedSpan[];
  readonly gaps: readonly Gap[];
  readonly automatic: AutomaticBreak;
  /** The automatic break less what was waived. */
  readonly deductions: readonly Deduction[];
  readonly expected: Expected;
  readonly punctuality: Punctuality;
  /** Worked intervals in order. */
  readonly worked: readonly Interval[];
}

/**
 * @param counted the times of presence of the spans
 * @param waived minutes of deducted break that an approved correction takes back
 * @param asOf the minute at which the question is asked
 */
export function workingDay(
  plan: DayPlan,
  spans: readonly DaySpan[],
  counted: readonly CountedSpan[],
  waived: number,
  asOf: number,
): WorkingDay {
  const expected = expectedOf(plan);
  if (spans.length === 0) return { plan, spans, expected, ...NOTHING };
  const gaps = gapsOf(counted, plan);
  const present = merged(
    [...counted.flatMap(({ counted }) => counted ?? []), ...gaps.filter(({ paid }) => paid)].sort(
      (a, b) => a.start - b.start,
    ),
  );
  const taken = gaps.reduce((sum, { takenMinutes }) => sum + takenMinutes, 0);
  const automatic = automaticBreak(present, taken, plan.rules.rules.breaks, plan.times?.breakAt ?? null);
  const deductions = waive(automatic.deductions, waived);
  const worked = deductions.reduce((left, part) => without(left, part), present);
  const punctuality = punctualityOf(plan, spans, asOf);
  return { plan, spans, counted, gaps, automatic, deductions, expected, punctuality, worked };
}

const NOTHING = {
  counted: [],
  gaps: [],
  automatic: { deductions: [], missing: [] },
  deductions: [],
  punctuality: { late: [], early: [] },
  worked: [],
};

/** Minutes of presence and what the rules make of them. */
export interface PresenceFigures {
  readonly presenceMinutes: number;
  readonly uncountedMinutes: number;
  readonly roundingMinutes: number;
  readonly breakPunchedMinutes: number;
  readonly breakPaidMinutes: number;
  readonly breakDeductedMinutes: number;
}

export function presenceFigures({ counted, gaps, deductions }: WorkingDay): PresenceFigures {
  let [present, trimmed, rounded] = [0, 0, 0];
  for (const one of counted) {
    present += lengthOf(one.present);
    if (one.trimmed !== null) trimmed += lengthOf(one.trimmed);
    if (one.counted !== null) rounded += lengthOf(one.counted);
  }
  let [punched, paid] = [0, 0];
  for (const gap of gaps) {
    punched += gap.breakMinutes;
    if (gap.paid) paid += lengthOf(gap);
  }
  return {
    presenceMinutes: present,
    uncountedMinutes: present - trimmed,
    roundingMinutes: rounded - trimmed,
    breakPunchedMinutes: punched,
    breakPaidMinutes: paid,
    breakDeductedMinutes: totalOf(deductions),
  };
}
