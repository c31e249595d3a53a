/** Every zone that Intl knows against Temporal, around its changes from 2024 to 2030. */
import { Temporal } from 'temporal-polyfill';
import { changes, instantsOf, localOf, offsetAt, startOfDay } from '#src/index';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const [FROM, TO] = [Date.UTC(2024, 0, 1), Date.UTC(2031, 0, 1)];
const ZONES = Intl.supportedValuesOf('timeZone');
/** One zone for each offset of 2024 with the changes after it: what is asked of a zone is answered from these alone. */
const DIFFERENT = [
  ...new Map(ZONES.map((zone) => [JSON.stringify([offsetAt(zone, FROM), changesOf(zone)]), zone])).values(),
];

/** Its changes from 2024 to 2030. */
function changesOf(zone: string) {
  return changes(zone).filter(({ at }) => at > FROM && at < TO);
}

const temporalOffset = (zone: string, instant: number): number =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;

/** A local time as Temporal has it. */
const plain = (local: number): Temporal.PlainDateTime =>
  Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC').toPlainDateTime();

/** The instants of a local time, as Temporal's two ways to resolve it tell them. */
function temporalInstants(zone: string, local: number): number[] {
  const time = plain(local);
  const both = (['earlier', 'later'] as const).map((disambiguation) =>
    time.toZonedDateTime(zone, { disambiguation }),
  );
  return [
    ...new Set(both.filter((at) => at.toPlainDateTime().equals(time)).map((at) => at.epochMilliseconds)),
  ];
}

/** The changes that Temporal finds. */
function temporalChanges(zone: string): number[] {
  const found: number[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(FROM).toZonedDateTimeISO(zone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds >= TO) return found;
    found.push(next.epochMilliseconds);
    at = next;
  }
}

it.each(ZONES)('%s changes its clocks when Temporal says so, and by as much', (zone) => {
  expect(offsetAt(zone, FROM)).toBe(temporalOffset(zone, FROM));
  const table = changesOf(zone);
  expect(table.map(({ at }) => at)).toEqual(temporalChanges(zone));
  for (const { at, offset } of table) {
    expect(temporalOffset(zone, at)).toBe(offset);
    const instants = [at - 1, at, at + 1, at + 90 * DAY];
    const [ours, theirs] = [offsetAt, temporalOffset].map((of) =>
      instants.map((instant) => of(zone, instant)),
    );
    expect([at, ours]).toEqual([at, theirs]);
  }
});

it.each(DIFFERENT)('%s has the same instants of each local time around its gaps and folds', (zone) => {
  for (const { at } of changesOf(zone)) {
    // Also just inside, just outside, and in the middle of the hour that is skipped or repeated.
    const locals = [-DAY, -HOUR, -HOUR / 2, -1, 0, 1, HOUR / 2, HOUR - 1, HOUR, DAY].flatMap((around) => [
      localOf(zone, at - 1) + around,
      localOf(zone, at) + around,
    ]);
    const [ours, theirs] = [instantsOf, temporalInstants].map((of) => locals.map((local) => of(zone, local)));
    expect([at, ours]).toEqual([at, theirs]);
  }
});

it.each(DIFFERENT)('%s begins its days when Temporal says so', (zone) => {
  const days = [FROM + 10 * DAY, FROM + 200 * DAY];
  for (const { at } of changesOf(zone)) {
    days.push(localOf(zone, at) - DAY, localOf(zone, at), localOf(zone, at) + DAY);
  }
  for (const local of days) {
    const expected = plain(local).toPlainDate().toZonedDateTime(zone).epochMilliseconds;
    expect([local, startOfDay(zone, local)]).toEqual([local, expected]);
  }
});
