import { localOf } from '@rollcall/time-zones';
import type { LocalDate, LocalTime } from '../../entities/local-scalars';
import { badInput } from '../../errors';

const DAY_MS = 86_400_000;
/** '-infinity' of a history: since ever. */
export const SINCE_EVER = '-infinity';

/** The date in a zone at an instant. */
export const dateIn = (zone: string, at: Date): LocalDate =>
  new Date(localOf(zone, at.getTime())).toISOString().slice(0, 10);

/** The date so many days later. */
export const addDays = (date: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** How many days a range has, both ends included. */
export const daysIn = (from: LocalDate, until: LocalDate): number =>
  Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;

/** Minutes since midnight. */
export const minutesOf = (time: LocalTime): number =>
  Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/**
 * @param max days that a range may have
 * @throws RollcallError BAD_USER_INPUT (until)
 */
export function checkRange(from: LocalDate, until: LocalDate, max: number): void {
  if (until < from) throw badInput('until', 'must not be before from');
  if (daysIn(from, until) > max) throw badInput('until', `must be at most ${max} days from the first day`);
}
