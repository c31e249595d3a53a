import {
  DEFAULT_RULES,
  deriveDays,
  type DerivedDay,
  type Person,
  type Punch,
  type Rules,
  type Shift,
} from '#src/index';

/** A short way to write a case: everything in UTC, on Tuesday 3 March 2026 unless a punch names another day. */
const DATE = '2026-03-03';

export const fixed = (
  segments: readonly string[],
  breakMinutes = 0,
  breakStartsAt: string | null = null,
): Shift => ({
  ...{ id: 'shift', name: 'SHIFT', kind: 'FIXED', breakMinutes, breakStartsAt },
  segments: segments.map((segment) => ({ from: segment.slice(0, 5), to: segment.slice(6) })),
});

export interface Scenario {
  /** E.g. `in 09:00`, `out 4 01:30` for the 4th of March. */
  readonly punches: readonly string[];
  /** Null: a rest day. */
  readonly shift?: Shift | null;
  /** Shifts of other dates of March. */
  readonly shifts?: Readonly<Record<number, Shift | null>>;
  /** Without a schedule the defaults hold. */
  readonly planned?: boolean;
  readonly rules?: Partial<Rules>;
  readonly holiday?: string | null;
  readonly hasHoliday?: boolean;
  readonly absences?: readonly (number | null)[];
  readonly employment?: Person['employment'];
  readonly waived?: number;
  readonly asOf?: string;
  readonly change?: (punch: Punch) => Punch;
}

const at = (text: string, fallback: number): number => {
  const [day, time] = text.includes(' ') ? text.split(' ') : [String(fallback), text];
  const [clock = '', seconds = '00'] = [time?.slice(0, 5), time?.slice(6) || '00'];
  return Date.parse(`2026-03-${(day ?? '').padStart(2, '0')}T${clock}:${seconds}Z`);
};

function personOf(scenario: Scenario): Person {
  const { punches, shift = fixed(['09:00-17:30'], 30), shifts = {}, planned = true, rules = {} } = scenario;
  const { holiday = null, hasHoliday = holiday !== null, absences = [], waived = 0 } = scenario;
  const { employment = { from: null, until: null }, change = (punch: Punch) => punch } = scenario;
  const version = { ...DEFAULT_RULES, ...rules, ...{ id: 'v', version: 1, from: '1970-01-01' } };
  const office = {
    ...{ id: 'office', zones: [{ from: null, timeZone: 'UTC' }], assignments: [] },
    holidays: hasHoliday ? [{ id: 'h', date: DATE, name: 'Holiday', from: holiday }] : [],
  };
  const schedule = { id: 's', cycleDays: 7, anchor: '2024-01-01', days: {} };
  const dates = Object.entries({ 3: shift, ...shifts });
  return {
    ...{ offices: [{ from: null, office }], employment },
    assignments: planned
      ? [{ schedule, rules: { id: 'r', versions: [version] }, from: '2000-01-01', until: null }]
      : [],
    overrides: planned
      ? dates.map(([day, shift]) => ({ date: `2026-03-${day.padStart(2, '0')}`, shift }))
      : [],
    absences: absences.map((minutesPerDay, i) => ({ id: `a${i}`, from: DATE, until: DATE, minutesPerDay })),
    waivers: waived === 0 ? [] : [{ date: DATE, minutes: waived }],
    overtimeDecisions: [],
    punches: punches.map((text, i) => {
      const [direction = '', ...when] = text.split(' ');
      const type = direction === 'in' ? 'LOGIN' : 'LOGOUT';
      return change({ id: `p${i + 1}`, type, at: at(when.join(' '), 3) });
    }),
  };
}

/** The day of a scenario. @param date of March */
export function dayOf(scenario: Scenario, date = 3): DerivedDay {
  const on = `2026-03-${String(date).padStart(2, '0')}`;
  const asOf = at(scenario.asOf ?? '20 12:00', 3);
  const [day] = deriveDays(personOf(scenario), { from: on, until: on, asOf });
  return day as DerivedDay;
}
