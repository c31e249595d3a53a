import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { csvFormat, csvRow } from '../../src/services/working-days/files/csv';
import { fileOf } from '../../src/services/working-days/files/format';
import { hoursText } from '../../src/services/working-days/files/hours';
import { jsonFormat } from '../../src/services/working-days/files/json-lines';
import { CSV_STYLE, type ReportOrder } from '../../src/services/working-days/files/report-order';
import { ReportLinks } from '../../src/services/working-days/files/report-links';
import type { Cell, Column, Format } from '../../src/services/working-days/files/table';
import { xlsx } from '../../src/services/working-days/files/xlsx';
import { sheetFormat } from '../../src/services/working-days/files/xlsx-sheet';
import { unzip } from '../support/unzip';

interface CsvCase {
  readonly kind: string;
  readonly columns: readonly string[];
  readonly row: Readonly<Record<string, Cell>>;
  readonly expected: string;
}

const CASES = join(__dirname, '..', '..', 'packages', 'working-days', 'test', 'cases.json');
const { cases } = JSON.parse(readFileSync(CASES, 'utf8')) as { cases: readonly CsvCase[] };

const COLUMNS: readonly Column[] = [
  { name: 'name', kind: 'text' },
  { name: 'date', kind: 'date' },
  { name: 'balance', kind: 'minutes' },
  { name: 'closed', kind: 'flag' },
];
// eslint-disable-next-line @typescript-eslint/require-await -- a table is asynchronous
async function* batches({ rows }: Format, cells: readonly (readonly Cell[])[]) {
  yield rows(cells);
}
const table = (format: Format, ...rows: readonly (readonly Cell[])[]): AsyncGenerator<string> =>
  fileOf(format, batches(format, rows));
const textOf = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
};

describe('files of reports', () => {
  it.each(cases.filter(({ kind }) => kind === 'csv'))('write the case $id', ({ columns, row, expected }) => {
    const kinds = columns.map((name): Column => ({
      name,
      kind: typeof row[name] === 'number' ? 'number' : 'text',
    }));
    expect(
      csvRow(
        columns.map((name) => row[name] ?? null),
        kinds,
        CSV_STYLE,
      ),
    ).toBe(expected);
  });

  it.each([
    [450, 'DECIMAL', '7.50'],
    [-60, 'DECIMAL', '-1.00'],
    [7460, 'DECIMAL', '124.33'],
    [1, 'DECIMAL', '0.02'],
    [-1, 'DECIMAL', '-0.02'],
    [0, 'DECIMAL', '0.00'],
    [20, 'DECIMAL', '0.33'],
    [40, 'DECIMAL', '0.67'],
    [450, 'HH_MM', '07:30'],
    [-5, 'HH_MM', '-00:05'],
    [6000, 'HH_MM', '100:00'],
    [-450, 'MINUTES', '-450'],
  ] as const)('write %d minutes as %s: %s', (minutes, style, text) => {
    expect(hoursText(minutes, style)).toBe(text);
  });

  it('guard formulas, quote separators and write every script', async () => {
    const cells = [
      ['@cmd', '2026-03-02', -60, false],
      ['Ann, "A"\n陳大文', null, null, true],
    ];
    const rows = table(csvFormat(COLUMNS, CSV_STYLE), ...cells);
    expect(await textOf(rows)).toBe(
      `name,date,balance_minutes,closed\r\n'@cmd,2026-03-02,-60,false\r\n"Ann, ""A""\n陳大文",,,true\r\n`,
    );
    const german = {
      ...CSV_STYLE,
      separator: 'SEMICOLON',
      decimal: 'COMMA',
      hours: 'DECIMAL',
      bom: true,
    } as const;
    expect(await textOf(table(csvFormat(COLUMNS, german), ['Ann, A', '2026-03-02', -60, false]))).toBe(
      '\uFEFFname;date;balance_hours;closed\r\nAnn, A;2026-03-02;-1,00;false\r\n',
    );
  });

  it('write one JSON object a line', async () => {
    const text = await textOf(table(jsonFormat(COLUMNS, 'DECIMAL'), ['=1', '2026-03-02', 450, false]));
    expect(text.endsWith('\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({ name: '=1', date: '2026-03-02', balance_hours: 7.5, closed: false });
  });

  it('write workbooks with numbers, dates and texts', async () => {
    const files = unzip(
      await buffer(xlsx(table(sheetFormat(COLUMNS, 'DECIMAL'), ['=1<&\u0001>', '2026-03-02', 450, true]))),
    );
    const sheet = files.get('xl/worksheets/sheet1.xml')?.toString('utf8');
    expect(sheet).toContain('state="frozen"');
    expect(sheet).toContain(
      '<row><c t="inlineStr"><is><t xml:space="preserve">=1&lt;&amp;&gt;</t></is></c>' +
        '<c s="1"><v>46083</v></c><c s="2"><v>7.5</v></c><c t="b"><v>1</v></c></row>',
    );
    expect([...files.keys()]).toContain('[Content_Types].xml');
  });

  it('write times below zero as text in workbooks, which have no such times', () => {
    const format = sheetFormat(COLUMNS, 'HH_MM');
    expect(format.rows([['A', null, -90, false]])).toContain('<t xml:space="preserve">-01:30</t>');
    expect(format.rows([['A', null, 90, false]])).toContain('<c s="3"><v>0.0625</v></c>');
  });
});

describe('links of reports', () => {
  let time = Date.parse('2026-03-02T08:00:00Z');
  const links = new ReportLinks({
    ...{ key: Buffer.alloc(32, 1), ttlSeconds: 900, publicUrl: () => 'https://x.example' },
    now: () => new Date(time),
  });
  const order: ReportOrder = {
    ...{ kind: 'TIMESHEET_DAYS', format: 'CSV', from: '2026-03-01', until: '2026-03-31', officeId: null },
    ...{ employees: ['a', 'b'], csv: { ...CSV_STYLE, bom: true, separator: 'TAB' }, by: 'key:1' },
  };
  const { url } = links.make(order);
  const { pathname, search } = new URL(url);
  const file = pathname.slice('/reports/'.length);
  const query = search.slice(1);

  it('say what they are for', () => {
    expect(links.admit(file, query)).toEqual({ kind: 'good', order });
  });

  it('are of no use if anything is changed', () => {
    const wrong = [
      [file, query.replace('2026-03-31', '2026-04-30')],
      [file, `${query}&from=2026-01-01`],
      [file, `from=2026-01-01&${query}`],
      [file, query.replace('by=key%3A1', 'by=key%3A2')],
      [file, query.replace(/expires=\d+/, 'expires=99999999999')],
      [file, query.replace(/signature=./, 'signature=_')],
      [file, query.replace(/&signature=.*/, '')],
      [file, ''],
      ['TIMESHEET_SPANS.csv', query],
      ['TIMESHEET_DAYS.xlsx', query],
      ['x'.repeat(5000), query],
    ] as const;
    expect(wrong.map(([name, text]) => links.admit(name, text).kind)).toEqual(wrong.map(() => 'invalid'));
  });

  it('expire', () => {
    time += 900_000;
    expect(links.admit(file, query)).toEqual({ kind: 'expired' });
  });
});
