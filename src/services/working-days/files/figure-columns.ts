import type { DayFigures } from '@rollcall/working-days';
import type { Cell, Column } from './table';

const CLASSES = ['REGULAR', 'OVERTIME_1', 'OVERTIME_2', 'OVERTIME_3'] as const;

const minutes = (name: string): Column => ({ name, kind: 'minutes' });

/** Columns of all figures, a column for each premium. */
export const figureColumns = (premiums: readonly string[]): Column[] => [
  ...['presence', 'worked', 'planned', 'credited', 'expected', 'balance'].map(minutes),
  ...['break_punched', 'break_deducted', 'rounding', 'late', 'early_leave'].map(minutes),
  ...CLASSES.map((name) => minutes(name.toLowerCase())),
  ...premiums.map((code) => minutes(`premium_${code}`)),
];

/** The cells of `figureColumns`. */
export const figureCells = (figures: DayFigures, premiums: readonly string[]): Cell[] => [
  ...[figures.presenceMinutes, figures.workedMinutes, figures.plannedMinutes, figures.creditedMinutes],
  ...[figures.expectedMinutes, figures.balanceMinutes, figures.breakPunchedMinutes],
  ...[figures.breakDeductedMinutes, figures.roundingMinutes, figures.lateMinutes, figures.earlyLeaveMinutes],
  ...CLASSES.map((name) => figures.classes[name] ?? 0),
  ...premiums.map((code) => figures.premiums[code] ?? 0),
];
