import type { LocalDate, LocalTime } from './types';

/** Dates are whole days since 1970-01-01, and times whole minutes: the inner loops know no date objects. */
export const MINUTES_OF_DAY = 1440;
const MS_OF_DAY = 86_400_000;
const MS_OF_MINUTE = 60_000;

const days = new Map<LocalDate, number>();
const dates = new Map<number, LocalDate>();
/** There are some 48,000 dates from 1970 to 2100. */
const KEPT = 60_000;

/** @returns days since 1970-01-01 */
export function dayOf(date: LocalDate): number {
  let day = days.get(date);
  if (day === undefined) {
    day = Math.round(Date.parse(`${date}T00:00:00Z`) / MS_OF_DAY);
    if (days.size < KEPT) days.set(date, day);
  }
  return day;
}

export function dateOf(day: number): LocalDate {
  let date = dates.get(day);
  if (date === undefined) {
    date = new Date(day * MS_OF_DAY).toISOString().slice(0, 10);
    if (dates.size < KEPT) dates.set(day, date);
  }
  return date;
}

/** @returns minutes since midnight; seconds are cut off */
export const timeOf = (time: LocalTime): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Seconds are cut off at both ends of a span, which favours nobody. */
export const minuteOf = (instant: number): number => Math.floor(instant / MS_OF_MINUTE);

export const instantOf = (minute: number): number => minute * MS_OF_MINUTE;

/** 0 is Monday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** The first day of the week of a day. @param weekStart 0 is Monday */
export const weekStartOf = (day: number, weekStart: number): number =>
  day - ((weekdayOf(day) - weekStart + 7) % 7);
