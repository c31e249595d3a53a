import { decimalHours, hoursText, titleOf } from './hours';
import type { HoursStyle } from './report-order';
import type { Cell, Column, Format } from './table';

/** One JSON object a line. */
export function jsonFormat(columns: readonly Column[], hours: HoursStyle): Format {
  const titles = columns.map((column) => titleOf(column, hours));
  const valueOf = (cell: Cell, { kind }: Column): Cell => {
    if (kind !== 'minutes' || cell === null || hours === 'MINUTES') return cell;
    return hours === 'DECIMAL' ? decimalHours(Number(cell)) : hoursText(Number(cell), hours);
  };
  const line = (row: readonly Cell[]): string => {
    const entries = columns.map((column, i) => [titles[i], valueOf(row[i] ?? null, column)]);
    return `${JSON.stringify(Object.fromEntries(entries))}\n`;
  };
  return { head: '', rows: (rows) => rows.map(line).join(''), tail: '' };
}
