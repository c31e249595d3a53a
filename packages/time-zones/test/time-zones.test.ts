/** Every zone that Intl knows against Temporal, around its changes from 2024 to 2030. */
import { Temporal } from 'temporal-polyfill';
import { changes, instantsOf, localOf, offsetAt, startOfDay } from '#src/index';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const [FROM, TO] = [Date.UTC(2024, 0, 1), Date.UTC(2031, 0, 1)];
const ZONES = Intl.supportedValuesOf('timeZone');

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
  const table = changes(zone).filter(({ at }) => at > FROM && at < TO);
  expect(table.map(({ at }) => at)).toEqual(temporalChanges(zone));
  for (const { at, offset } of table) {
    expect(temporalOffset(zone, at)).toBe(offset);
    for (const instant of [at - 1, at, at + 1, at + 90 * DAY]) {
      expect([instant, offsetAt(zone, instant)]).toEqual([instant, temporalOffset(zone, instant)]);
    }
  }
});

it.each(ZONES)('%s has the same instants of each local time around its gaps and folds', (zone) => {
  for (const { at } of changes(zone).filter(({ at }) => at > FROM && at < TO)) {
    // Also just inside, just outside, and in the middle of the hour that is skipped or repeated.
    for (const around of [-DAY, -HOUR, -HOUR / 2, -1, 0, 1, HOUR / 2, HOUR - 1, HOUR, DAY]) {
      for (const local of [localOf(zone, at - 1) + around, localOf(zone, at) + around]) {
        expect([local, instantsOf(zone, local)]).toEqual([local, temporalInstants(zone, local)]);
      }
    }
  }
});

it.each(ZONES)('%s begins its days when Temporal says so', (zone) => {
  const days = [FROM + 10 * DAY, FROM + 200 * DAY];
  for (const { at } of changes(zone).filter(({ at }) => at > FROM && at < TO)) {
    days.push(localOf(zone, at) - DAY, localOf(zone, at), localOf(zone, at) + DAY);
  }
  for (const local of days) {
    const expected = plain(local).toPlainDate().toZonedDateTime(zone).epochMilliseconds;
    expect([local, startOfDay(zone, local)]).toEqual([local, expected]);
  }
});

it('a day whose midnight is skipped begins with the end of the gap, one whose midnight is repeated with the first', () => {
  const at = (text: string): number => Date.parse(text);
  // Beirut goes forward at midnight, Havana back to midnight.
  expect(startOfDay('Asia/Beirut', at('2026-03-29T12:00Z'))).toBe(at('2026-03-28T22:00Z'));
  expect(instantsOf('Asia/Beirut', at('2026-03-29T00:30Z'))).toEqual([]);
  expect(startOfDay('America/Havana', at('2026-11-01T12:00Z'))).toBe(at('2026-11-01T04:00Z'));
  expect(instantsOf('America/Havana', at('2026-11-01T00:30Z'))).toHaveLength(2);
});

it('a date that a zone left out begins with the next one', () => {
  // Samoa had no 30 December 2011.
  expect(instantsOf('Pacific/Apia', Date.UTC(2011, 11, 30, 12))).toEqual([]);
  expect(startOfDay('Pacific/Apia', Date.UTC(2011, 11, 30, 12))).toBe(Date.UTC(2011, 11, 30, 10));
});

it('changes that are a week apart are both found, and offsets go on beyond the table', () => {
  const days = changes('America/Boa_Vista').map(({ at }) =>
    new Date(Math.max(at, 0)).toISOString().slice(0, 10),
  );
  expect(days).toEqual(expect.arrayContaining(['2000-10-08', '2000-10-15']));
  expect(offsetAt('Europe/Berlin', Date.UTC(1969, 0, 1))).toBe(HOUR);
  expect(offsetAt('Asia/Kolkata', Date.UTC(2150, 0, 1))).toBe(5.5 * HOUR);
});

it('a zone that Intl does not know is refused', () => {
  expect(() => changes('Mars/Olympus')).toThrow(RangeError);
});
