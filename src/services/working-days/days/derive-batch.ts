import { deriveLoaded, type DerivedDay } from '@rollcall/working-days';
import { SharedCalendar } from './parse-calendar';
import { parsePerson } from './parse-person';
import type { PersonRow } from './person-rows';
import { sumsOf, type PersonSums } from './person-sums';

/** A question about people, and which parts of the answer are needed. Plain data, so that a thread can get it. */
interface BatchQuery {
  readonly from: string;
  /** The last date. */
  readonly until: string;
  /** Milliseconds since 1970. */
  readonly asOf: number;
  readonly steps: boolean;
  /** Sums take the place of days: a thread hands back some hundred bytes of a person, not 30 KB. */
  readonly sumsOnly: boolean;
  readonly withoutWeekLong: boolean;
  /** Between which instants punches were read. */
  readonly loadedFrom: number;
  readonly loadedUntil: number;
  /** Only days with one of these statuses and one of these flags; null: any. */
  readonly statuses: readonly string[] | null;
  readonly flags: readonly string[] | null;
  /** Only days on which the person has this office; null: any. */
  readonly officeId: string | null;
}

export interface Batch {
  readonly calendar: string;
  readonly people: readonly PersonRow[];
  readonly query: BatchQuery;
}

export interface PersonDays {
  /** The employee's row id. */
  readonly id: string;
  readonly sortKey: string;
  /** Empty with `sumsOnly`. */
  readonly days: readonly DerivedDay[];
  /** Only with `sumsOnly`. */
  readonly sums?: PersonSums;
  /** Whether punches have to be read from further back or on before the days can be derived. */
  readonly incomplete: boolean;
}

/** The last calendar: the batches of one list share it. */
let parsed: { readonly text: string; readonly plain: boolean; readonly calendar: SharedCalendar } | null =
  null;

/** @param plain without the warning of long weeks */
export function calendarOf(text: string, plain: boolean): SharedCalendar {
  if (parsed?.text !== text || parsed.plain !== plain) {
    parsed = { text, plain, calendar: new SharedCalendar(text, plain) };
  }
  return parsed.calendar;
}

/** Derives the days of a batch of people. */
export function deriveBatch({ calendar: text, people, query }: Batch): PersonDays[] {
  const calendar = calendarOf(text, query.withoutWeekLong);
  return people.map(({ id, sortKey, facts }) => {
    const days = deriveLoaded(parsePerson(facts, calendar), query);
    if (days === null) return { id, sortKey, days: [], incomplete: true };
    const found = matching(days, query);
    if (query.sumsOnly) return { id, sortKey, days: [], sums: sumsOf(found), incomplete: false };
    return { id, sortKey, days: found, incomplete: false };
  });
}

function matching(days: readonly DerivedDay[], { statuses, flags, officeId }: BatchQuery): DerivedDay[] {
  return days.filter(
    (day) =>
      (statuses === null || statuses.includes(day.status)) &&
      (flags === null || day.flags.some((flag) => flags.includes(flag))) &&
      (officeId === null || day.office?.id === officeId),
  );
}
