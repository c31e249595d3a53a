/** Real: the files that the service writes. */
import { csv } from '../../src/services/working-days/files/csv';
import { jsonLines } from '../../src/services/working-days/files/json-lines';
import { CSV_STYLE } from '../../src/services/working-days/files/report-order';
import type { Table } from '../../src/services/working-days/files/table';
import { PeopleCounter } from '../../web/src/hours/people-counter';

const ROWS = [
  ['A-1', 'Ann'],
  ['A-1', 'Ann'],
  ['A,2', 'Two\nlines "and" quotes'],
  ['A,2', 'Two\nlines "and" quotes'],
  ['A"3', 'Üc'],
];

const table = (): Table => ({
  columns: [
    { name: 'employee_id', kind: 'text' },
    { name: 'name', kind: 'text' },
  ],
  batches: (async function* () {
    yield* await Promise.resolve([ROWS]);
  })(),
});

async function fileOf(format: 'CSV' | 'JSON'): Promise<string> {
  let text = '';
  const pieces = format === 'CSV' ? csv(table(), CSV_STYLE) : jsonLines(table(), 'MINUTES');
  for await (const piece of pieces) text += piece;
  return text;
}

describe.each(['CSV', 'JSON'] as const)('the people of a report in %s', (format) => {
  it.each([1, 3, 7, 10_000])('are counted in pieces of %i characters', async (length) => {
    const text = await fileOf(format);
    const counter = new PeopleCounter(format);
    let people = counter.add('');
    for (let at = 0; at < text.length; at += length) people = counter.add(text.slice(at, at + length));
    expect(people).toBe(3);
  });
});
