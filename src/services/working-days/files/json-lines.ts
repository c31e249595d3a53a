import { decimalHours, hoursText, titleOf } from './hours';
import type { HoursStyle } from './report-order';
import type { Cell, Column, Table } from './table';

/** One JSON object a line. */
export async function* jsonLines(
  { columns, batches }: Table,
  hours: HoursStyle,
): AsyncGenerator<string, void, void> {
  const titles = columns.map((column) => titleOf(column, hours));
  const valueOf = (cell: Cell, { kind }: Column): Cell => {
    if (kind !== 'minutes' || cell === null || hours === 'MINUTES') return cell;
    return hours === 'DECIMAL' ? decimalHours(Number(cell)) : hoursText(Number(cell), hours);
  };
  for await (const rows of batches) {
    yield rows
      .map((row) => {
        const entries = columns.map((column, i) => [titles[i], valueOf(row[i] ?? null, column)]);
        return `${JSON.stringify(Object.fromEntries(entries))}\n`;
      })
      .join('');
  }
}
