import { dateOf, MINUTES_OF_DAY } from '../dates';
import type { Zone } from '../zone';

const two = (n: number): string => String(n).padStart(2, '0');

/** HH:MM by the clocks of a zone; another date than the day's own is named. */
export function clockText(minute: number, zone: Zone, day: number): string {
  const local = zone.localOf(minute);
  const on = Math.floor(local / MINUTES_OF_DAY);
  const time = local - on * MINUTES_OF_DAY;
  const text = `${two(Math.floor(time / 60))}:${two(time % 60)}`;
  return on === day ? text : `${text} on ${dateOf(on)}`;
}

/** E.g. `1 minute`, `30 minutes`. */
export const minutesText = (minutes: number): string =>
  `${Math.abs(minutes)} minute${Math.abs(minutes) === 1 ? '' : 's'}`;
