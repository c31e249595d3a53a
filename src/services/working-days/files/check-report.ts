import type { LocalDate } from '../../../entities/local-scalars';
import { badInput } from '../../../errors';
import { checkRange } from '../../dates/dates';
import { CSV_STYLE, type CsvStyle, type ReportFormat, type ReportKind } from './report-order';

/** What a client asks for. */
export interface ReportInput {
  readonly kind: ReportKind;
  readonly format: ReportFormat;
  readonly from?: LocalDate | null | undefined;
  readonly until?: LocalDate | null | undefined;
  readonly officeId?: string | null | undefined;
  /** The company's own ids. */
  readonly employeeIds?: readonly string[] | null | undefined;
  readonly csv?: { readonly [K in keyof CsvStyle]?: CsvStyle[K] | null | undefined } | null | undefined;
}

/** A leap year. */
const MAX_DAYS = 366;
/** More would not fit into an address. */
const MAX_EMPLOYEES = 50;

/**
 * @param today for a muster, which has no range
 * @throws RollcallError BAD_USER_INPUT naming the field and its bound
 */
export function checkReport(
  input: ReportInput,
  today: LocalDate,
): { from: LocalDate; until: LocalDate; csv: CsvStyle } {
  const { kind, format, from = null, until = null, officeId = null, employeeIds = null } = input;
  if (format === 'HTML' && kind !== 'MUSTER') throw badInput('format', 'HTML is for MUSTER only');
  const csv = styleOf(input.csv);
  if (kind === 'MUSTER') {
    if (officeId === null) throw badInput('officeId', 'is required for MUSTER');
    if (employeeIds !== null) throw badInput('employeeIds', 'must be omitted for MUSTER');
    if (from !== null || until !== null) throw badInput('from', 'must be omitted for MUSTER');
    return { from: today, until: today, csv };
  }
  if (from === null) throw badInput('from', 'is required');
  if (until === null) throw badInput('until', 'is required');
  checkRange(from, until, MAX_DAYS);
  if (officeId !== null && employeeIds !== null) {
    throw badInput('employeeIds', 'must not be given together with officeId');
  }
  if (employeeIds !== null && (employeeIds.length < 1 || employeeIds.length > MAX_EMPLOYEES)) {
    throw badInput('employeeIds', `must have 1 to ${MAX_EMPLOYEES} entries`);
  }
  return { from, until, csv };
}

function styleOf(given: ReportInput['csv']): CsvStyle {
  const set = Object.entries(given ?? {}).filter(([, value]) => value != null);
  const style: CsvStyle = { ...CSV_STYLE, ...(Object.fromEntries(set) as Partial<CsvStyle>) };
  if (!isLocale(style.locale)) throw badInput('locale', 'must be a language, for example en or de-AT');
  if (style.separator === 'COMMA' && style.decimal === 'COMMA' && style.hours === 'DECIMAL') {
    throw badInput('separator', 'must not be COMMA with a decimal COMMA');
  }
  return style;
}

function isLocale(locale: string): boolean {
  if (locale.length > 35) return false;
  try {
    return Intl.getCanonicalLocales(locale).length === 1;
  } catch {
    return false;
  }
}
