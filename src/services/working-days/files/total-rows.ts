import type { DerivedDay } from '@rollcall/working-days';
import { sumFigures } from '../days/sum-figures';
import { PERSON_COLUMNS, personCells, type RowMaker } from './day-rows';
import { figureCells, figureColumns } from './figure-columns';
import type { ReportNames } from './report-person';
import type { Column } from './table';

/** All there are: together they are the days of the range. */
const STATUSES = [
  ...(['PRESENT', 'INCOMPLETE', 'IN_PROGRESS', 'ABSENT', 'ON_LEAVE', 'HOLIDAY', 'REST_DAY'] as const),
  ...(['NO_PLAN', 'DUE', 'SCHEDULED', 'NOT_EMPLOYED'] as const),
];
const date = (name: string): Column => ({ name, kind: 'date' });

/** One row for each person: days by status, and sums. */
export function totalRows(names: ReportNames, { from, until }: { from: string; until: string }): RowMaker {
  const { premiums } = names;
  return {
    columns: [
      ...PERSON_COLUMNS,
      ...[date('from'), date('until')],
      ...STATUSES.map((status): Column => ({ name: `days_${status.toLowerCase()}`, kind: 'number' })),
      ...figureColumns(premiums),
    ],
    rows: (person) => [
      [
        ...[...personCells(person, names), from, until],
        ...STATUSES.map((status) => person.days.filter((day) => day.status === status).length),
        ...figureCells(sumFigures(person.days), premiums),
      ],
    ],
  };
}

/** One row for each person and week or month. Weeks begin on the day that the work rules say. */
export function periodRows(names: ReportNames, by: 'week' | 'month'): RowMaker {
  const { premiums } = names;
  const keyOf = (day: DerivedDay): string => (by === 'week' ? day.weekStart : day.date.slice(0, 7));
  return {
    columns: [
      ...PERSON_COLUMNS,
      by === 'week' ? date('week') : { name: 'month', kind: 'text' },
      ...[date('from'), date('until')],
      ...figureColumns(premiums),
    ],
    rows: (person) => {
      const periods = new Map<string, DerivedDay[]>();
      for (const day of person.days) periods.set(keyOf(day), [...(periods.get(keyOf(day)) ?? []), day]);
      return [...periods].map(([key, days]) => [
        ...[...personCells(person, names), key, days[0]?.date ?? null, days.at(-1)?.date ?? null],
        ...figureCells(sumFigures(days), premiums),
      ]);
    },
  };
}
