import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { decimalHours, titleOf } from './hours';
import type { HoursStyle } from './report-order';
import type { Cell, Column, Table } from './table';

/** What a sheet can have, its header included. */
export const MAX_XLSX_ROWS = 1_048_576;

const DAY_MS = 86_400_000;
/** Excel counts days from this one, since it takes 1900 for a leap year. */
const EPOCH = Date.UTC(1899, 11, 30);
/** Positions in `cellXfs` of STYLES. */
const DATE_STYLE = 1;
const HOURS_STYLE = 2;
const TIME_STYLE = 3;

/** A table as a workbook of one sheet, made while it is read: cells have their text within, so that no list of texts grows. */
export function xlsx(table: Table, hours: HoursStyle): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  for (const [name, text] of Object.entries(PARTS)) zip.addBuffer(Buffer.from(text), name);
  const sheet = Readable.from(sheetOf(table, hours));
  sheet.once('error', (error: Error) => output.destroy(error));
  // A client that goes away ends the work.
  output.once('close', () => sheet.destroy());
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml');
  zip.end();
  return output;
}

async function* sheetOf({ columns, batches }: Table, hours: HoursStyle): AsyncGenerator<string, void, void> {
  yield SHEET_START;
  const titles = columns.map((column) => textCell(titleOf(column, hours))).join('');
  yield `<row>${titles}</row>`;
  for await (const rows of batches) {
    yield rows
      .map(
        (row) => `<row>${columns.map((column, i) => cellOf(row[i] ?? null, column, hours)).join('')}</row>`,
      )
      .join('');
  }
  yield '</sheetData></worksheet>';
}

function cellOf(cell: Cell, { kind }: Column, hours: HoursStyle): string {
  if (cell === null || cell === '') return '<c/>';
  switch (kind) {
    case 'date':
      return numberCell((Date.parse(`${cell}T00:00:00Z`) - EPOCH) / DAY_MS, DATE_STYLE);
    case 'minutes':
      if (hours === 'MINUTES') return numberCell(Number(cell));
      return hours === 'DECIMAL'
        ? numberCell(decimalHours(Number(cell)), HOURS_STYLE)
        : numberCell(Number(cell) / 1440, TIME_STYLE);
    case 'number':
      return numberCell(Number(cell));
    case 'flag':
      return `<c t="b"><v>${cell === true ? 1 : 0}</v></c>`;
    case 'text':
      return textCell(String(cell));
  }
}

const numberCell = (value: number, style = 0): string =>
  `<c${style === 0 ? '' : ` s="${style}"`}><v>${value}</v></c>`;

/** A text of its own kind is never run as a formula. */
const textCell = (text: string): string =>
  `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** XML has no place for these, not even escaped. */
 
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu;
const escaped = (text: string): string =>
  text.replace(FORBIDDEN, '').replace(/[&<>]/g, (character) => ENTITIES[character] ?? '');

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const SHEET_START =
  `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
  '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>';

const PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    `${XML}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/></Types>`,
  '_rels/.rels':
    `${XML}<Relationships xmlns="${PACKAGE}/relationships">` +
    `<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml':
    `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
    '<sheet name="Report" sheetId="1" r:id="rId1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    `${XML}<Relationships xmlns="${PACKAGE}/relationships">` +
    `<Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>` +
    `<Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml':
    `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>` +
    '<numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><fonts count="1"><font/></fonts>' +
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders>' +
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>' +
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="2" applyNumberFormat="1"/>' +
    '<xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>',
};
