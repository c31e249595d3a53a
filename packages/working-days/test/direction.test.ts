/** Cases of the direction with a plan, and what the specification adds to them. */
import { directionByPlan, type Person } from '#src/index';
import { DEFAULT_RULES } from '#src/index';
import file from './cases.json';

interface DirectionCase {
  readonly id: string;
  readonly title: string;
  readonly timeZone: string;
  readonly plan: readonly { readonly date: string; readonly start: string; readonly end: string }[];
  readonly last: { readonly at: string };
  readonly now: string;
  readonly expected: string;
}

// JSON has no literal types.
const CASES = file.cases.filter(({ kind }) => kind === 'direction') as unknown as DirectionCase[];

function personOf(
  { timeZone, plan }: Pick<DirectionCase, 'timeZone' | 'plan'>,
  maxSpanMinutes?: number,
): Person {
  const office = { id: 'o', zones: [{ from: null, timeZone }], assignments: [], holidays: [] };
  const version = { ...DEFAULT_RULES, ...{ id: 'v', version: 1, from: '1970-01-01' } };
  const rules = { id: 'r', versions: [{ ...version, maxSpanMinutes: maxSpanMinutes ?? 960 }] };
  const schedule = { id: 's', cycleDays: 7, anchor: '2024-01-01', days: {} };
  return {
    ...{ punches: [], absences: [], waivers: [], overtimeDecisions: [], offices: [{ from: null, office }] },
    employment: { from: null, until: null },
    assignments: maxSpanMinutes === undefined ? [] : [{ schedule, rules, from: '2020-01-01', until: null }],
    overrides: plan.map(({ date, start, end }) => ({
      date,
      shift: {
        ...{ id: date, name: date, kind: 'FIXED', breakMinutes: 0, breakStartsAt: null },
        segments: [{ from: start, to: end }],
      },
    })),
  };
}

const decide = (person: Person, login: string, now: string): string =>
  directionByPlan(person, { login: Date.parse(login), now: Date.parse(now), maxOpenMinutes: 960 });

it.each(CASES.map((one) => [`${one.id} ${one.title}`, one] as const))('%s', (_, one) => {
  expect(decide(personOf(one), one.last.at, one.now)).toBe(one.expected);
});

describe('the plan decides', () => {
  const timeZone = 'UTC';
  const long = [{ date: '2026-03-02', start: '08:00', end: '08:00' }];

  it('a LOGOUT after more than 16 hours of a shift of 24', () => {
    const person = personOf({ timeZone, plan: long }, 1500);
    expect(decide(person, '2026-03-02T08:00:00Z', '2026-03-03T08:00:00Z')).toBe('LOGOUT');
    expect(decide(person, '2026-03-02T08:00:00Z', '2026-03-03T09:00:00Z')).toBe('LOGOUT');
    expect(decide(person, '2026-03-02T08:00:00Z', '2026-03-03T09:01:00Z')).toBe('LOGIN');
  });

  it('not by the next shift while the first one can still end', () => {
    const plan = [
      { date: '2026-03-02', start: '14:00', end: '22:00' },
      { date: '2026-03-03', start: '06:00', end: '14:00' },
    ];
    const person = personOf({ timeZone, plan }, 960);
    expect(decide(person, '2026-03-02T14:00:00Z', '2026-03-03T05:50:00Z')).toBe('LOGOUT');
    expect(decide(person, '2026-03-02T14:00:00Z', '2026-03-03T06:00:00Z')).toBe('LOGOUT');
    expect(decide(person, '2026-03-02T14:00:00Z', '2026-03-03T06:01:00Z')).toBe('LOGIN');
  });

  it('a LOGIN by the rules if a span may be shorter than 16 hours', () => {
    const person = personOf({ timeZone, plan: [] }, 600);
    expect(decide(person, '2026-03-02T08:00:00Z', '2026-03-02T18:00:00Z')).toBe('LOGOUT');
    expect(decide(person, '2026-03-02T08:00:00Z', '2026-03-02T18:01:00Z')).toBe('LOGIN');
  });
});
