import type { HolidaysTypes } from 'date-holidays';
import type { LocalDate, LocalTime } from '../../../entities/local-scalars';
import { badInput } from '../../../errors';
import { addDays } from '../../dates/dates';

/** Where holidays are those of. */
export interface HolidayRegion {
  /** ISO 3166-1, for example DE. */
  readonly country: string;
  /** For example BY, as the country names it. */
  readonly state?: string | null | undefined;
  readonly region?: string | null | undefined;
}

export type HolidayType = HolidaysTypes.HolidayType;

/** A holiday as the library knows it. */
export interface KnownHoliday {
  readonly date: LocalDate;
  readonly name: string;
  readonly type: HolidayType;
  /** A half day begins at this wall clock; null: the whole day. */
  readonly startsAt: LocalTime | null;
}

const DAY_MS = 86_400_000;
/** A day on which clocks go forward is this much shorter. */
const HOUR_MS = 3_600_000;

/** How a region is written, as in DE-BY-A. */
export const sourceOf = ({ country, state, region }: HolidayRegion): string =>
  [country, state, region].filter((part) => part != null && part !== '').join('-');

/**
 * The holidays of a region in a year, one a date, in order. Loads the library when it is first asked for.
 * @throws RollcallError BAD_USER_INPUT if there is no such country, state or region
 */
export async function publicHolidays(
  where: HolidayRegion,
  year: number,
  types: readonly HolidayType[],
): Promise<readonly KnownHoliday[]> {
  const { default: Holidays } = await import('date-holidays');
  const { country, state, region } = where;
  const all = new Holidays();
  if (!has(all.getCountries(), country)) throw badInput('country', 'must be a country code, for example DE');
  if (state != null && !has(all.getStates(country), state)) {
    throw badInput('state', 'must be a state of the country, for example BY');
  }
  if (region != null && (state == null || !has(all.getRegions(country, state), region))) {
    throw badInput('region', 'must be a region of the state, for example A');
  }
  // One constructor of the library for each depth; `undefined` in place of a state is not the same.
  const calendar =
    state == null
      ? new Holidays(country)
      : region == null
        ? new Holidays(country, state)
        : new Holidays(country, state, region);
  const found = calendar.getHolidays(year).filter(({ type }) => types.includes(type));
  return onePerDate(found.flatMap(daysOf)).filter(({ date }) => date.startsWith(String(year)));
}

/** Own properties only: `constructor` is no country. */
const has = (codes: object | undefined, code: string): boolean =>
  codes !== undefined && Object.prototype.hasOwnProperty.call(codes, code);

/**
 * The library's `date` is the date at the place. Its `start` may be the evening before, and half days, or days that end
 * at noon, make a length that is no whole number.
 */
function daysOf({ date, start, end, name, type }: HolidaysTypes.Holiday): KnownHoliday[] {
  const first = date.slice(0, 10);
  const time = date.slice(11, 16);
  const startsAt = time === '' || time === '00:00' ? null : time;
  const days = Math.max(1, Math.floor((end.getTime() - start.getTime() + HOUR_MS) / DAY_MS));
  return Array.from({ length: days }, (_, n) => ({
    date: addDays(first, n),
    name: name.slice(0, 200),
    type,
    startsAt: n === 0 ? startsAt : null,
  }));
}

/** Where two fall on one date, whole days go before half ones, public ones before others, and names are joined. */
function onePerDate(holidays: readonly KnownHoliday[]): KnownHoliday[] {
  const byDate = new Map<LocalDate, KnownHoliday>();
  for (const holiday of holidays) {
    const { date, name, startsAt, type } = holiday;
    const other = byDate.get(date);
    const names = other === undefined || other.name === name ? name : `${other.name} / ${name}`;
    const whole = other !== undefined && (other.startsAt === null || startsAt === null);
    byDate.set(date, {
      date,
      name: names.slice(0, 200),
      type: type === 'public' ? type : (other?.type ?? type),
      startsAt: whole ? null : startsAt,
    });
  }
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}
