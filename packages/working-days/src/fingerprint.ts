import { createHash } from 'node:crypto';
import type { DerivedDay } from './derived-day';

type Fingerprinted = Pick<DerivedDay, 'figures' | 'spans' | 'rules'>;

/** SHA-256, as hexadecimal digits, over figures, spans and the version of the rules of a day. */
export function fingerprintOf({ figures, spans, rules }: Fingerprinted): string {
  // What was approved is not part of it: a decision would change it.
  const minutes = Object.entries(figures).filter(
    (entry): entry is [string, number] =>
      typeof entry[1] === 'number' && entry[0] !== 'overtimeApprovedMinutes',
  );
  const { classes, premiums } = figures;
  const sorted = (record: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const what = [
    sorted(Object.fromEntries(minutes)),
    sorted(classes),
    sorted(premiums),
    spans.map(({ login, logout, start, end }) => [login, logout, start, end]),
    rules?.id ?? null,
  ];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}
