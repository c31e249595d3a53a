import { csvFormat } from './csv';
import { jsonFormat } from './json-lines';
import type { ReportOrder } from './report-order';
import type { Column, Format } from './table';
import { sheetFormat } from './xlsx-sheet';

/** The format of a report; of a workbook that of its sheet. */
export function formatOf(
  { format, csv }: Pick<ReportOrder, 'format' | 'csv'>,
  columns: readonly Column[],
): Format {
  if (format === 'XLSX') return sheetFormat(columns, csv.hours);
  return format === 'CSV' ? csvFormat(columns, csv) : jsonFormat(columns, csv.hours);
}
