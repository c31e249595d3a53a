import type { DayFigures, DerivedDay, TimeClass } from '@rollcall/working-days';

type Totals = {
  -readonly [K in keyof DayFigures]: DayFigures[K];
};

/** Sums of days. The balance is there for every rule: over a period it is right. */
export function sumFigures(days: readonly Pick<DerivedDay, 'figures'>[]): DayFigures {
  const sum = noFigures();
  for (const { figures } of days) addFigures(sum, figures);
  return sum;
}

export function noFigures(): Totals {
  return {
    presenceMinutes: 0,
    uncountedMinutes: 0,
    roundingMinutes: 0,
    breakPunchedMinutes: 0,
    breakPaidMinutes: 0,
    breakDeductedMinutes: 0,
    workedMinutes: 0,
    plannedMinutes: 0,
    creditedMinutes: 0,
    expectedMinutes: 0,
    balanceMinutes: 0,
    lateMinutes: 0,
    earlyLeaveMinutes: 0,
    overtimeApprovedMinutes: null,
    classes: { REGULAR: 0 },
    premiums: {},
  };
}

/** Adds figures to a sum, which is changed. */
export function addFigures(sum: Totals, figures: DayFigures): void {
  for (const name of SUMMED) sum[name] += figures[name];
  sum.balanceMinutes = sum.workedMinutes - sum.expectedMinutes;
  if (figures.overtimeApprovedMinutes !== null) {
    sum.overtimeApprovedMinutes = (sum.overtimeApprovedMinutes ?? 0) + figures.overtimeApprovedMinutes;
  }
  const classes: Partial<Record<TimeClass, number>> = { ...sum.classes };
  for (const [name, minutes] of Object.entries(figures.classes) as [TimeClass, number][]) {
    classes[name] = (classes[name] ?? 0) + minutes;
  }
  sum.classes = classes;
  const premiums = { ...sum.premiums };
  for (const [code, minutes] of Object.entries(figures.premiums)) {
    premiums[code] = (premiums[code] ?? 0) + minutes;
  }
  sum.premiums = premiums;
}

const SUMMED = [
  'presenceMinutes',
  'uncountedMinutes',
  'roundingMinutes',
  'breakPunchedMinutes',
  'breakPaidMinutes',
  'breakDeductedMinutes',
  'workedMinutes',
  'plannedMinutes',
  'creditedMinutes',
  'expectedMinutes',
  'lateMinutes',
  'earlyLeaveMinutes',
] as const;
