/** Real: the files that the service writes. */
import { formatOf } from '../../src/services/working-days/files/format-of';
import { CSV_STYLE } from '../../src/services/working-days/files/report-order';
import type { Column } from '../../src/services/working-days/files/table';
import { PeopleCounter } from '../../web/src/hours/people-counter';

const ROWS = [
  ['A-1', 'Ann'],
  ['A-1', 'Ann'],
  ['A,2', 'Two\nlines "and" quotes'],
  ['A,2', 'Two\nlines "and" quotes'],
  ['A"3', 'Üc'],
];

const COLUMNS: readonly Column[] = [
  { name: 'employee_id', kind: 'text' },
  { name: 'name', kind: 'text' },
];

function fileOf(format: 'CSV' | 'JSON'): string {
  const { head, rows, tail } = formatOf({ format, csv: CSV_STYLE }, COLUMNS);
  return head + rows(ROWS) + tail;
}

describe.each(['CSV', 'JSON'] as const)('the people of a report in %s', (format) => {
  it.each([1, 3, 7, 10_000])('are counted in pieces of %i characters', (length) => {
    const text = fileOf(format);
    const counter = new PeopleCounter(format);
    let people = counter.add('');
    for (let at = 0; at < text.length; at += length) people = counter.add(text.slice(at, at + length));
    expect(people).toBe(3);
  });
});
