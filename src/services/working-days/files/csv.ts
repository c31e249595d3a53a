import { hoursText, titleOf } from './hours';
import type { CsvStyle } from './report-order';
import type { Cell, Column, Format } from './table';

const SEPARATORS = { COMMA: ',', SEMICOLON: ';', TAB: '\t' };
/** How a spreadsheet knows a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const BOM = '\uFEFF';

/** RFC 4180: quoted where it must be, so that every reader finds the same cells. */
function quoted(text: string, separator: string): string {
  return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cellText(cell: Cell, { kind }: Column, style: CsvStyle): string {
  if (cell === null) return '';
  if (kind === 'minutes') return hoursText(Number(cell), style.hours, style.decimal);
  if (kind !== 'text') return String(cell);
  const text = String(cell);
  return style.guard && FORMULA.test(text) ? `'${text}` : text;
}

/** One row, with its end. */
export function csvRow(cells: readonly Cell[], columns: readonly Column[], style: CsvStyle): string {
  const separator = SEPARATORS[style.separator];
  const texts = columns.map((column, i) => quoted(cellText(cells[i] ?? null, column, style), separator));
  return `${texts.join(separator)}\r\n`;
}

/** A table as CSV. */
export function csvFormat(columns: readonly Column[], style: CsvStyle): Format {
  const separator = SEPARATORS[style.separator];
  const titles = columns.map((column) => quoted(titleOf(column, style.hours), separator)).join(separator);
  return {
    head: `${style.bom ? BOM : ''}${titles}\r\n`,
    rows: (rows) => rows.map((row) => csvRow(row, columns, style)).join(''),
    tail: '',
  };
}
