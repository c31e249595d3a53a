import { changes, instantsOf, offsetAt, startOfDay } from '#src/index';

const HOUR = 3_600_000;

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
