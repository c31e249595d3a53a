import { deriveBatch, type Batch } from '../days/derive-batch';
import { dayRows, exceptionRows, spanRows, type RowMaker } from './day-rows';
import { formatOf } from './format-of';
import type { ReportOrder } from './report-order';
import type { ReportNames } from './report-person';
import { periodRows, totalRows } from './total-rows';
import type { Format } from './table';

/** People whose part of a report is to be written. Plain data, so that a thread can get it. */
export interface ReportBatch {
  readonly batch: Batch;
  readonly order: ReportOrder;
  readonly names: ReportNames;
}

/** One person's part of a report. */
export interface PersonText {
  /** The employee's row id. */
  readonly id: string;
  readonly text: string;
  /** How many rows it has. */
  readonly rows: number;
  /** Whether punches have to be read from further back or on before it can be written. */
  readonly incomplete: boolean;
}

/** What the rows of a report are made by, and what becomes text of them. */
export function writerOf(order: ReportOrder, names: ReportNames): { maker: RowMaker; format: Format } {
  const maker = makerOf(order, names);
  return { maker, format: formatOf(order, maker.columns) };
}

/**
 * Derives and writes, so that a thread hands back text and not days, which have twenty times as many values. One person
 * after the other: the days of all of them would be some 20 MB.
 */
export function writePeople({ batch, order, names }: ReportBatch): PersonText[] {
  const { maker, format } = writerOf(order, names);
  return batch.people.map((row) => {
    const [derived] = deriveBatch({ ...batch, people: [row] });
    const { id, employeeId, officeId, sortKey: name } = row;
    if (derived === undefined || derived.incomplete) return { id, incomplete: true, rows: 0, text: '' };
    const office = officeId === null ? null : (names.offices.get(officeId) ?? null);
    const rows = maker.rows({ employeeId, name, office, days: derived.days });
    return { id, incomplete: false, rows: rows.length, text: format.rows(rows) };
  });
}

function makerOf({ kind, from, until, csv: { locale } }: ReportOrder, names: ReportNames): RowMaker {
  switch (kind) {
    case 'TIMESHEET_SPANS':
      return spanRows(names);
    case 'TIMESHEET_TOTALS':
      return totalRows(names, { from, until });
    case 'EXCEPTIONS':
      return exceptionRows(names, locale);
    case 'HOURS_BY_WEEK':
      return periodRows(names, 'week');
    case 'HOURS_BY_MONTH':
      return periodRows(names, 'month');
    case 'TIMESHEET_DAYS':
    case 'MUSTER':
      return dayRows(names, locale);
  }
}
