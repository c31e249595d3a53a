import type { LocalDate } from '../../../entities/local-scalars';

export const REPORT_KINDS = [
  'TIMESHEET_DAYS',
  'TIMESHEET_SPANS',
  'TIMESHEET_TOTALS',
  'EXCEPTIONS',
  'HOURS_BY_WEEK',
  'HOURS_BY_MONTH',
  'MUSTER',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export const REPORT_FORMATS = ['CSV', 'XLSX', 'JSON', 'HTML'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** How minutes are written. */
export type HoursStyle = 'MINUTES' | 'DECIMAL' | 'HH_MM';

/** How a CSV file is written. */
export interface CsvStyle {
  readonly separator: 'COMMA' | 'SEMICOLON' | 'TAB';
  readonly decimal: 'POINT' | 'COMMA';
  readonly hours: HoursStyle;
  readonly bom: boolean;
  /** Whether text that a spreadsheet would run gets an apostrophe before it. */
  readonly guard: boolean;
  /** The language of weekdays, BCP 47. */
  readonly locale: string;
}

export const CSV_STYLE: CsvStyle = {
  separator: 'COMMA',
  decimal: 'POINT',
  hours: 'MINUTES',
  bom: false,
  guard: true,
  locale: 'en',
};

/** What a report is about. Row ids, not the company's: it stays the same if one is changed. */
export interface ReportOrder {
  readonly kind: ReportKind;
  readonly format: ReportFormat;
  readonly from: LocalDate;
  readonly until: LocalDate;
  readonly officeId: string | null;
  /** null: everybody. */
  readonly employees: readonly string[] | null;
  readonly csv: CsvStyle;
  /** Who made the link. */
  readonly by: string;
}

/** Endings of files, as they are in addresses. */
export const ENDINGS: Readonly<Record<ReportFormat, string>> = {
  CSV: 'csv',
  XLSX: 'xlsx',
  JSON: 'jsonl',
  HTML: 'html',
};
