import { hashOf, isSame } from '../../encryption/tokens';
import {
  CSV_STYLE,
  ENDINGS,
  REPORT_FORMATS,
  REPORT_KINDS,
  type CsvStyle,
  type ReportFormat,
  type ReportKind,
  type ReportOrder,
} from './report-order';

/** Taken into each signature: one of another purpose is never taken for one of these. */
const PURPOSE = 'rollcall-report-1';
const SIGNED = /^(.{1,6000})&expires=([1-9]\d{0,11})&signature=([A-Za-z0-9_-]{43})$/;
const FILE = /^([A-Z_]{1,32})\.([a-z]{1,8})$/;

/** What an address turned out to be. */
export type AdmittedReport =
  { readonly kind: 'good'; readonly order: ReportOrder } | { readonly kind: 'invalid' | 'expired' };

/** Makes addresses of reports, and reads those that were made here. An address is its own permission. */
export class ReportLinks {
  constructor(
    private readonly parts: {
      readonly key: Buffer;
      readonly ttlSeconds: number;
      readonly publicUrl: () => string;
      readonly now: () => Date;
    },
  ) {}

  make(order: ReportOrder): { url: string; expiresAt: Date } {
    const { key, ttlSeconds, publicUrl, now } = this.parts;
    const file = `${order.kind}.${ENDINGS[order.format]}`;
    const expires = Math.floor(now().getTime() / 1000) + ttlSeconds;
    const query = queryOf(order);
    const signature = sign(key, file, query, String(expires));
    return {
      url: `${publicUrl()}/reports/${file}?${query}&expires=${expires}&signature=${signature}`,
      expiresAt: new Date(expires * 1000),
    };
  }

  /**
   * @param file the last part of the path
   * @param query as it came, without the question mark: a parameter that is repeated, added or put elsewhere makes another
   */
  admit(file: string, query: string): AdmittedReport {
    const { key, now } = this.parts;
    const [, signed, expires, signature] = SIGNED.exec(query) ?? [];
    const [, kind, ending] = FILE.exec(file) ?? [];
    if (signed === undefined || expires === undefined || signature === undefined) return { kind: 'invalid' };
    if (!isSame(signature, sign(key, file, signed, expires))) return { kind: 'invalid' };
    if (Number(expires) * 1000 <= now().getTime()) return { kind: 'expired' };
    const format = REPORT_FORMATS.find((one) => ENDINGS[one] === ending);
    if (format === undefined || !REPORT_KINDS.includes(kind as ReportKind)) return { kind: 'invalid' };
    return { kind: 'good', order: orderOf(kind as ReportKind, format, new URLSearchParams(signed)) };
  }
}

const sign = (key: Buffer, ...parts: readonly string[]): string =>
  hashOf([PURPOSE, ...parts].join('\n'), key).toString('base64url');

function queryOf({ from, until, officeId, employees, csv, by }: ReportOrder): string {
  const query = new URLSearchParams({ from, until, by });
  if (officeId !== null) query.set('office', officeId);
  if (employees !== null) query.set('employees', employees.join('.'));
  for (const [name, value] of Object.entries(csv)) {
    if (value !== CSV_STYLE[name as keyof CsvStyle]) query.set(name, String(value));
  }
  return query.toString();
}

/** What `queryOf` wrote, which the signature proves. */
function orderOf(kind: ReportKind, format: ReportFormat, query: URLSearchParams): ReportOrder {
  const csv = Object.fromEntries(
    Object.entries(CSV_STYLE).map(([name, value]: [string, string | boolean]) => {
      const given = query.get(name);
      return [name, given === null ? value : typeof value === 'boolean' ? given === 'true' : given];
    }),
  ) as unknown as CsvStyle;
  return {
    ...{ kind, format, csv, from: query.get('from') ?? '', until: query.get('until') ?? '' },
    ...{ by: query.get('by') ?? '', officeId: query.get('office') },
    employees: query.get('employees')?.split('.') ?? null,
  };
}
