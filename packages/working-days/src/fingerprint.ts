import { createHash } from 'node:crypto';
import type { DerivedDay } from '#src/derived-day';

type Fingerprinted = Pick<DerivedDay, 'figures' | 'spans' | 'rules'>;

/** SHA-256, as hexadecimal digits, over figures, spans and the version of the rules of a day. */
export function fingerprintOf({ figures, spans, rules }: Fingerprinted): string {
  const { overtimeApprovedMinutes: _, classes, premiums, ...minutes } = figures;
  const sorted = (record: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const what = [
    sorted(minutes as Record<string, number>),
    sorted(classes as Record<string, number>),
    sorted(premiums),
    spans.map(({ login, logout, start, end }) => [login, logout, start, end]),
    rules?.id ?? null,
  ];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}
