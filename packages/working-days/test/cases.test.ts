/** The worked cases of the specification. */
import { deriveDays, type DerivedDay } from '#src/index';
import { CASES, personOf } from './support/cases';

const short = (instant: number): string => `${new Date(instant).toISOString().slice(0, 16)}Z`;

/** A day as the cases write it. */
function shown(day: DerivedDay): Record<string, unknown> {
  const { classes, premiums, balanceMinutes, ...figures } = day.figures;
  const minutes = Object.entries(figures).filter(([, value]) => value !== null);
  return {
    ...{ date: day.date, status: day.status, flags: day.flags, shift: day.shift?.name ?? null },
    ...Object.fromEntries(minutes),
    ...(balanceMinutes === null ? {} : { balanceMinutes }),
    ...{ classes, premiums },
    spans: day.spans.map(({ login, logout, attributedBy, autoClosed, end }) => ({
      ...{ in: login, out: logout, attributedBy },
      ...(autoClosed && end !== null ? { autoClosedAt: short(end) } : {}),
    })),
    workedIntervals: day.workedIntervals.map(({ start, end }) => [short(start), short(end)]),
  };
}

/** Sums of the days that a case lists, by week. */
function weeksOf(days: readonly DerivedDay[]): unknown[] {
  const weeks = new Map<string, { workedMinutes: number; classes: Record<string, number> }>();
  for (const { weekStart, figures } of days) {
    const week = weeks.get(weekStart) ?? { workedMinutes: 0, classes: {} };
    week.workedMinutes += figures.workedMinutes;
    for (const [name, minutes] of Object.entries(figures.classes)) {
      week.classes[name] = (week.classes[name] ?? 0) + minutes;
    }
    weeks.set(weekStart, week);
  }
  return [...weeks].map(([weekStart, sums]) => ({ weekStart, ...sums }));
}

const all = CASES.flatMap((one) => one.expected.map((expected) => ({ one, expected })));

it.each(all.map((each) => [`${each.one.id} ${each.one.title}, as of ${each.expected.asOf}`, each] as const))(
  '%s',
  (_, { one, expected }) => {
    const asOf = Date.parse(expected.asOf);
    const person = personOf(one, asOf);
    const dates = [...one.days].sort();
    const from = dates[0] as string;
    const until = dates.at(-1) as string;
    const derived = deriveDays(person, { from, until, asOf, steps: true });
    const days = derived.filter(({ date }) => one.days.includes(date));
    // Classes tell of weekly overtime already.
    const known = expected.days.map((day) =>
      Object.fromEntries(Object.entries(day).filter(([name]) => name !== 'weeklyOvertimeMinutes')),
    );
    expect(days.map((day) => ({ ...shown(day), flags: [...day.flags].sort() }))).toEqual(
      known.map((day) => ({ ...day, flags: [...(day['flags'] as string[])].sort() })),
    );
    expect(weeksOf(days)).toEqual(expected.weeks);
    expect(days.flatMap(({ ignoredPunches }) => ignoredPunches)).toEqual(expected.ignoredPunches);
    // Each date alone gives the same.
    for (const day of days) {
      expect(deriveDays(person, { from: day.date, until: day.date, asOf, steps: true })).toEqual([day]);
    }
  },
);
