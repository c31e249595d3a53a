/** To which working day a punch counts: the same as the days say, whoever is asked. */
import fc from 'fast-check';
import { drawing } from '../../../test/support/effort';
import { deriveDays, missingLogoutBefore, punchDates, type DerivedDay } from '#src/index';
import { dateAfter, DAY_MS, drawn, type Drawn } from './support/people';

const RUNS = drawing(5000, 400);
const EVER = { loadedFrom: -8.64e15, loadedUntil: 8.64e15 };

/** All days on which a punch of the person can count. */
const allDays = ({ person, from, until, asOf }: Drawn): DerivedDay[] =>
  deriveDays(person, { from: dateAfter(from, -9), until: dateAfter(until, 40), asOf });

const idsOf = ({ spans }: DerivedDay): string[] =>
  spans.flatMap(({ login, logout }) => [login, logout]).filter((id) => id !== null);

it('punches count to the day that lists them, and repeats to none', () => {
  fc.assert(
    fc.property(drawn, (given) => {
      const days = allDays(given);
      const listed = days.flatMap((day) => idsOf(day).map((id) => [id, day.date] as const));
      const dates = punchDates(given.person, { first: 0, last: 0, ...EVER });
      expect(dates).toEqual(new Map(listed));
      const ignored = days.flatMap(({ ignoredPunches }) => ignoredPunches);
      expect(dates?.size).toBe(given.person.punches.length - ignored.length);
    }),
    RUNS,
  );
});

it('punches beyond a cut do not matter', () => {
  let enough = 0;
  fc.assert(
    fc.property(drawn, fc.nat(), fc.integer({ min: 0, max: 6 }), (given, pick, margin) => {
      const { punches } = given.person;
      const one = punches[pick % Math.max(1, punches.length)];
      if (one === undefined) return;
      const loaded = {
        ...{ first: one.at, last: one.at },
        ...{ loadedFrom: one.at - margin * DAY_MS, loadedUntil: one.at + margin * DAY_MS + 1 },
      };
      const part = punches.filter(({ at }) => at >= loaded.loadedFrom && at < loaded.loadedUntil);
      const dates = punchDates({ ...given.person, punches: part }, loaded);
      if (dates === null) return;
      enough++;
      expect(dates.get(one.id)).toBe(punchDates(given.person, { ...loaded, ...EVER })?.get(one.id));
    }),
    RUNS,
  );
  expect(enough).toBeGreaterThan(RUNS.numRuns / 4);
});

it('a logout is missing before a LOGIN where the former working day says so', () => {
  let missing = 0;
  fc.assert(
    fc.property(drawn, (given) => {
      const worked = allDays(given).filter(({ spans }) => spans.length > 0);
      for (const [i, day] of worked.entries()) {
        const before = worked[i - 1];
        const expected = before?.flags.includes('MISSING_LOGOUT') === true ? before.date : null;
        for (const { login } of day.spans) {
          if (login === null) continue;
          expect(missingLogoutBefore(given.person, login)).toBe(expected);
          if (expected !== null) missing++;
        }
      }
    }),
    RUNS,
  );
  expect(missing).toBeGreaterThan(0);
});
