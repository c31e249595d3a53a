import { localOf, offsetAt } from '@rollcall/time-zones';

const MINUTE_MS = 60_000;
const two = (number: number): string => String(number).padStart(2, '0');

/** An instant on the clocks of a zone, with their offset, as in 2026-03-02T09:00+01:00. */
export function localTime(instant: number | null, zone: string): string | null {
  if (instant === null) return null;
  const offset = Math.round(offsetAt(zone, instant) / MINUTE_MS);
  const amount = Math.abs(offset);
  const local = new Date(localOf(zone, instant)).toISOString().slice(0, 16);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(amount / 60))}:${two(amount % 60)}`;
}

/** The name of the weekday of a date. */
export function weekdayIn(locale: string): (date: string) => string {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  const names = Array.from({ length: 7 }, (_, day) => format.format(new Date(Date.UTC(2024, 0, 7 + day))));
  return (date) => names[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';
}
