import { decimalHours, hoursText, titleOf } from './hours';
import type { HoursStyle } from './report-order';
import type { Cell, Column, Format } from './table';

const DAY_MS = 86_400_000;
/** Excel counts days from this one, since it takes 1900 for a leap year. */
const EPOCH = Date.UTC(1899, 11, 30);
/** Positions in `cellXfs` of the workbook's styles. */
const DATE_STYLE = 1;
const HOURS_STYLE = 2;
const TIME_STYLE = 3;

/** A table as the one sheet of a workbook: cells have their text within, so that no list of texts grows. */
export function sheetFormat(columns: readonly Column[], hours: HoursStyle): Format {
  const titles = columns.map((column) => textCell(titleOf(column, hours))).join('');
  const rowOf = (row: readonly Cell[]): string =>
    `<row>${columns.map((column, i) => cellOf(row[i] ?? null, column, hours)).join('')}</row>`;
  return {
    head: `${SHEET_START}<row>${titles}</row>`,
    rows: (rows) => rows.map(rowOf).join(''),
    tail: '</sheetData></worksheet>',
  };
}

function cellOf(cell: Cell, { kind }: Column, hours: HoursStyle): string {
  if (cell === null || cell === '') return '<c/>';
  switch (kind) {
    case 'date':
      return numberCell((Date.parse(`${cell}T00:00:00Z`) - EPOCH) / DAY_MS, DATE_STYLE);
    case 'minutes':
      if (hours === 'MINUTES') return numberCell(Number(cell));
      if (hours === 'DECIMAL') return numberCell(decimalHours(Number(cell)), HOURS_STYLE);
      // Excel has no times below zero, and shows ##### for them.
      return Number(cell) < 0
        ? textCell(hoursText(Number(cell), hours))
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

/** An inline string is never run as a formula. */
const textCell = (text: string): string =>
  `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** XML has no place for these, not even escaped. */

const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu;
const escaped = (text: string): string =>
  text.replace(FORBIDDEN, '').replace(/[&<>]/g, (character) => ENTITIES[character] ?? '');

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const SHEET_START =
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
  '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>';
