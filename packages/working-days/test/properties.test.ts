/** What holds for every day, whatever the punches, plans and rules. */
import fc from 'fast-check';
import { drawing } from '../../../test/support/effort';
import { deriveDays, isLoaded, type DayFigures, type DerivedDay, type DayStep } from '#src/index';
import { dateAfter, DAY_MS, drawn, type Drawn } from './support/people';

const RUNS = drawing(5000, 1000);

const derive = ({ person, from, until, asOf }: Drawn, steps = false): DerivedDay[] =>
  deriveDays(person, { from, until, asOf, steps });

const lengths = ({ workedIntervals }: DerivedDay): number =>
  workedIntervals.reduce((sum, { start, end }) => sum + (end - start) / 60_000, 0);

const sum = (record: Readonly<Record<string, number>>): number =>
  Object.values(record).reduce((all, minutes) => all + minutes, 0);

const every = (check: (given: Drawn) => void): void => fc.assert(fc.property(drawn, check), RUNS);

it('figures add up, and every worked minute has one class', () => {
  every((given) => {
    for (const day of derive(given)) {
      const { figures } = day;
      expect(figures.workedMinutes).toBe(lengths(day));
      expect(sum(figures.classes)).toBe(figures.workedMinutes);
      expect(figures.expectedMinutes).toBe(figures.plannedMinutes - figures.creditedMinutes);
      expect(figures.creditedMinutes).toBeLessThanOrEqual(figures.plannedMinutes);
      for (const minutes of sumsOf(figures)) expect(minutes).toBeGreaterThanOrEqual(0);
      if (given.rules.attribution !== 'SHIFT') continue;
      expect(figures.balanceMinutes).toBe(figures.workedMinutes - figures.expectedMinutes);
      expect(figures.workedMinutes).toBe(
        figures.presenceMinutes -
          figures.uncountedMinutes +
          figures.roundingMinutes +
          figures.breakPaidMinutes -
          figures.breakDeductedMinutes,
      );
    }
  });
});

/** Figures that are never negative. */
const sumsOf = (figures: DayFigures): number[] => [
  figures.presenceMinutes,
  figures.uncountedMinutes,
  figures.breakPunchedMinutes,
  figures.breakPaidMinutes,
  figures.breakDeductedMinutes,
  figures.workedMinutes,
  figures.plannedMinutes,
  figures.creditedMinutes,
  figures.lateMinutes,
  figures.earlyLeaveMinutes,
  ...Object.values(figures.classes),
  ...Object.values(figures.premiums),
];

it('no minute counts twice, neither on one date nor on two', () => {
  every((given) => {
    const worked = derive(given).flatMap(({ workedIntervals }) => workedIntervals);
    for (const { start, end } of worked) expect(start).toBeLessThan(end);
    worked
      .sort((a, b) => a.start - b.start)
      .forEach(({ start }, i) => expect(start).toBeGreaterThanOrEqual(worked[i - 1]?.end ?? start));
  });
});

it('worked intervals of a date are in order', () => {
  every((given) => {
    for (const { workedIntervals } of derive(given)) {
      workedIntervals.forEach(({ start }, i) => {
        expect(start).toBeGreaterThanOrEqual(workedIntervals[i - 1]?.end ?? start);
      });
    }
  });
});

it('the order in which punches arrive does not matter', () => {
  fc.assert(
    fc.property(drawn, fc.array(fc.nat(), { minLength: 24, maxLength: 24 }), (given, keys) => {
      const shuffled = given.person.punches
        .map((punch, i) => ({ punch, key: keys[i] ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ punch }) => punch);
      expect(derive({ ...given, person: { ...given.person, punches: shuffled } })).toEqual(derive(given));
    }),
    RUNS,
  );
});

it('a voided punch counts for nothing: void then add is add then void', () => {
  fc.assert(
    fc.property(drawn, fc.nat(), fc.nat(), (given, first, second) => {
      const { punches } = given.person;
      if (punches.length < 2) return;
      const [voided, added] = [punches[first % punches.length], punches[second % punches.length]];
      if (voided === undefined || added === undefined || voided === added) return;
      const others = punches.filter((punch) => punch !== voided && punch !== added);
      const gone = { ...voided, voided: true };
      const of = (all: typeof punches) => derive({ ...given, person: { ...given.person, punches: all } });
      const whole = of([...others, gone, added]);
      expect(of([...others, added, gone])).toEqual(whole);
      const plain = (days: DerivedDay[]) =>
        days.map((day) => ({ ...day, flags: day.flags.filter((flag) => flag !== 'CORRECTED') }));
      expect(plain(whole)).toEqual(of([...others, added]));
    }),
    RUNS,
  );
});

it('a range gives the same days as a longer one, wherever it is split', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1, max: 9 }), (given, at) => {
      const middle = dateAfter(given.from, at);
      const first = derive({ ...given, until: dateAfter(middle, -1) });
      expect([...first, ...derive({ ...given, from: middle })]).toEqual(derive(given));
    }),
    RUNS,
  );
});

it('punches beyond a cut do not matter', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 0, max: 6 }), (given, margin) => {
      const { from, until } = { from: dateAfter(given.from, 4), until: dateAfter(given.from, 5) };
      const loadedFrom = Date.parse(from) - margin * DAY_MS;
      const loadedUntil = Date.parse(until) + (margin + 1) * DAY_MS;
      const punches = given.person.punches.filter(({ at }) => at >= loadedFrom && at < loadedUntil);
      const part = { ...given, from, until, person: { ...given.person, punches } };
      const { back, on } = isLoaded(part.person, { from, until, loadedFrom, loadedUntil });
      if (back && on) expect(derive(part)).toEqual(derive({ ...given, from, until }));
    }),
    RUNS,
  );
});

/** Figures by the names that steps give them. */
const FIGURES: readonly (readonly [DayStep['figure'], (figures: DayFigures) => number])[] = [
  ['PRESENCE', (figures) => figures.presenceMinutes],
  ['UNCOUNTED', (figures) => figures.uncountedMinutes],
  ['ROUNDING', (figures) => figures.roundingMinutes],
  ['BREAK_PUNCHED', (figures) => figures.breakPunchedMinutes],
  ['BREAK_PAID', (figures) => figures.breakPaidMinutes],
  ['BREAK_DEDUCTED', (figures) => figures.breakDeductedMinutes],
  ['WORKED', (figures) => figures.workedMinutes],
  ['PLANNED', (figures) => figures.plannedMinutes],
  ['CREDITED', (figures) => figures.creditedMinutes],
  ['EXPECTED', (figures) => figures.expectedMinutes],
  ['BALANCE', (figures) => figures.balanceMinutes ?? 0],
  ['LATE', (figures) => figures.lateMinutes],
  ['EARLY_LEAVE', (figures) => figures.earlyLeaveMinutes],
];

it('the steps of a figure add up to it', () => {
  every((given) => {
    for (const { steps, figures } of derive(given, true)) {
      const of = (figure: string, key: string | null = null): number =>
        steps
          .filter((step) => step.figure === figure && step.key === key)
          .reduce((all, { minutes }) => all + minutes, 0);
      for (const [name, figure] of FIGURES) expect([name, of(name)]).toEqual([name, figure(figures)]);
      for (const [key, minutes] of Object.entries(figures.classes)) {
        expect([key, of('CLASS', key)]).toEqual([key, minutes]);
      }
      for (const [key, minutes] of Object.entries(figures.premiums)) {
        expect([key, of('PREMIUM', key)]).toEqual([key, minutes]);
      }
    }
  });
});

it('with TO_THRESHOLD a minute more at either end never makes less worked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 5, max: 300 }), { minLength: 1, maxLength: 7 }),
      fc.constantFrom(0, 15),
      drawn,
      (lengths, minPartMinutes, given) => {
        if (lengths.length % 2 === 0) return;
        const version = given.person.assignments[0]?.rules.versions[0];
        if (version === undefined) return;
        const breaks = { ...version.breaks, deduct: 'TO_THRESHOLD' as const, minPartMinutes };
        const rounding = { mode: 'NONE' as const, stepMinutes: 1, scope: 'DAY_EDGES' as const };
        const changes = { breaks, rounding, attribution: 'SHIFT' as const, maxSpanMinutes: 1500 };
        const rules = { id: 'r', versions: [{ ...version, ...changes }] };
        const worked = (early: number, late: number): { minutes: number; days: string[] } => {
          let at = Date.parse(`${dateAfter(given.from, 5)}T05:00:00Z`);
          const punches = [...lengths, 0].map((length, i) => {
            const edge = i === 0 ? -early : i === lengths.length ? late : 0;
            const punch = {
              ...{ id: `p${i}`, type: i % 2 === 0 ? ('LOGIN' as const) : ('LOGOUT' as const) },
              at: at + edge * 60_000,
            };
            at += length * 60_000;
            return punch;
          });
          const assignments = given.person.assignments.map((one) => ({ ...one, rules }));
          const person = { ...given.person, punches, assignments, waivers: [] };
          const days = derive({ ...given, person });
          return {
            minutes: days.reduce((all, { figures }) => all + figures.workedMinutes, 0),
            days: days.flatMap(({ date, spans }) => spans.map(() => date)),
          };
        };
        const before = worked(0, 0);
        for (const after of [worked(1, 0), worked(0, 1)]) {
          // A minute more can make a span another day's.
          if (after.days.join() !== before.days.join()) continue;
          expect(after.minutes).toBeGreaterThanOrEqual(before.minutes);
        }
      },
    ),
    RUNS,
  );
});

it('weekly overtime of a day does not depend on later days', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1, max: 8 }), (given, at) => {
      const until = dateAfter(given.from, at);
      const end = Date.parse(until) + 2 * DAY_MS;
      const whole = derive(given).slice(0, Math.max(0, at - 2));
      const punches = given.person.punches.filter((punch) => punch.at < end);
      const early = derive({ ...given, person: { ...given.person, punches } }).slice(0, Math.max(0, at - 2));
      expect(early.map(({ figures }) => figures.classes)).toEqual(
        whole.map(({ figures }) => figures.classes),
      );
    }),
    RUNS,
  );
});
