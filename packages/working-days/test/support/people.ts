import fc from 'fast-check';
import { DEFAULT_RULES, type Person, type Punch, type Rules, type Shift } from '#src/index';

/** People whose plans, rules and punches are drawn at random. */

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Zones whose clocks change in every way: at midnight, by half an hour, never. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Havana',
  'Africa/Cairo',
  'Pacific/Kiritimati',
  'America/Santiago',
];

/** A date near a change of the clocks, or any other. */
const date = fc.oneof(
  fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-12-31'),
  fc
    .integer({ min: Date.UTC(2024, 0, 10) / DAY_MS, max: Date.UTC(2030, 11, 20) / DAY_MS })
    .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10)),
);

const time = fc
  .integer({ min: 0, max: 95 })
  .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);

const shift: fc.Arbitrary<Shift> = fc.oneof(
  fc
    .record({ from: time, to: time, breakMinutes: fc.constantFrom(0, 30, 60), at: fc.option(time) })
    .map(({ from, to, breakMinutes, at }) => ({
      ...{ id: 's', name: 'S', kind: 'FIXED' as const, segments: [{ from, to }], breakMinutes },
      breakStartsAt: at,
    })),
  fc.constant<Shift>({
    ...{ id: 't', name: 'T', kind: 'FIXED', breakMinutes: 0, breakStartsAt: null },
    segments: [
      { from: '09:00', to: '12:00' },
      { from: '16:00', to: '21:00' },
    ],
  }),
  fc.constant<Shift>({
    ...{ id: 'f', name: 'F', kind: 'FLEXIBLE', frame: { from: '06:00', to: '20:00' }, targetMinutes: 480 },
    core: [{ from: '10:00', to: '15:00' }],
  }),
);

const rules: fc.Arbitrary<Rules> = fc
  .record({
    pairing: fc.constantFrom('EVERY_PAIR' as const, 'FIRST_TO_LAST' as const),
    attribution: fc.constantFrom('SHIFT' as const, 'SHIFT' as const, 'CALENDAR_DAY' as const),
    dayStartsAt: fc.constantFrom('00:00', '06:00'),
    weekStartsOn: fc.constantFrom('MONDAY' as const, 'SUNDAY' as const, 'THURSDAY' as const),
    countEarly: fc.boolean(),
    countLate: fc.boolean(),
    snapInMinutes: fc.constantFrom(0, 7),
    snapOutMinutes: fc.constantFrom(0, 7),
    rounding: fc.record({
      mode: fc.constantFrom('NONE' as const, 'NEAREST' as const, 'UP' as const, 'DOWN' as const),
      stepMinutes: fc.constantFrom(1, 5, 15),
      scope: fc.constantFrom('DAY_EDGES' as const, 'EVERY_PUNCH' as const),
    }),
    deduct: fc.constantFrom('TO_THRESHOLD' as const, 'FULL' as const, 'NONE' as const),
    minPartMinutes: fc.constantFrom(0, 15),
    paidUpToMinutes: fc.constantFrom(0, 20),
    weekly: fc.option(fc.constantFrom({ after: 600, class: 'OVERTIME_1' as const })),
    // REGULAR as well: what a company does not pay for.
    firstTier: fc.constantFrom('OVERTIME_1' as const, 'OVERTIME_1' as const, 'REGULAR' as const),
    restDays: fc.option(fc.constantFrom('OVERTIME_2' as const, 'REGULAR' as const)),
    openSpan: fc.constantFrom<Rules['openSpan']>(
      { mode: 'LEAVE_OPEN' },
      { mode: 'CLOSE_AT_SHIFT_END' },
      { mode: 'CLOSE_AFTER', minutes: 90 },
      { mode: 'CLOSE_AT', at: '18:00' },
    ),
    lateGraceMinutes: fc.constantFrom(0, 5),
    maxSpanMinutes: fc.constantFrom(600, 960, 1500),
  })
  .map(({ deduct, minPartMinutes, paidUpToMinutes, weekly, restDays, firstTier, ...rest }) => ({
    ...DEFAULT_RULES,
    ...rest,
    breaks: {
      ...{ deduct, minPartMinutes, paidUpToMinutes },
      tiers: [
        { over: 360, total: 30 },
        { over: 540, total: 45 },
      ],
    },
    overtime: {
      daily: [
        { after: rest.attribution === 'SHIFT' ? ('PLAN' as const) : 480, class: firstTier },
        { after: 600, class: 'OVERTIME_2' as const },
      ],
      ...{ weekly, restDays, holidays: 'OVERTIME_3' as const, minimumMinutes: 0 },
    },
    premiums: [
      { code: 'NIGHT', from: '23:00', to: '06:00' },
      { code: 'SUNDAY', on: ['SUNDAY' as const] },
      { code: 'HOLIDAY', on: ['HOLIDAY' as const] },
    ],
  }));

/** Times between punches: of repeats, of breaks, of work, and of nights. */
const gap = fc.oneof(
  fc.integer({ min: 0, max: 6 * 60_000 }),
  fc.integer({ min: 5, max: 90 }).map((n) => n * MINUTE_MS),
  fc.integer({ min: 90, max: 600 }).map((n) => n * MINUTE_MS),
  fc.integer({ min: 600, max: 2000 }).map((n) => n * MINUTE_MS),
);

/** Mostly in turn, as people punch; now and then one is missing. */
function punchesOf(start: number, steps: readonly { gap: number; skips: boolean }[]): Punch[] {
  let at = start;
  let login = true;
  return steps.map(({ gap, skips }, i) => {
    at += gap;
    const type = login ? 'LOGIN' : 'LOGOUT';
    login = skips ? login : !login;
    return { id: `p${String(i).padStart(3, '0')}`, type, at };
  });
}

export interface Drawn {
  readonly person: Person;
  readonly rules: Rules;
  /** Ten days. */
  readonly from: string;
  readonly until: string;
  readonly asOf: number;
}

export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

/** Somebody and ten days. */
export const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    from: date,
    shift,
    rules,
    works: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 7 }),
    steps: fc.array(fc.record({ gap, skips: fc.integer({ min: 0, max: 9 }).map((n) => n === 0) }), {
      maxLength: 24,
    }),
    holiday: fc.option(fc.record({ day: fc.integer({ min: 0, max: 9 }), from: fc.option(time) })),
    absent: fc.option(
      fc.record({ day: fc.integer({ min: 0, max: 9 }), minutes: fc.option(fc.constant(120)) }),
    ),
    waived: fc.option(fc.integer({ min: 0, max: 9 })),
  })
  .map(({ zone, from, shift, rules, works, steps, holiday, absent, waived }) => {
    const on = (days: number): string => dateAfter(from, days);
    const version = { ...rules, ...{ id: 'v', version: 1, from: '1970-01-01' } };
    const schedule = {
      ...{ id: 'w', cycleDays: 7, anchor: '2024-01-01' },
      days: Object.fromEntries(works.map((day) => [day, shift])),
    };
    const office = {
      ...{ id: 'o', zones: [{ from: null, timeZone: zone }], assignments: [] },
      holidays: holiday === null ? [] : [{ id: 'h', date: on(holiday.day), name: 'H', from: holiday.from }],
    };
    const person: Person = {
      punches: punchesOf(Date.parse(`${from}T00:00:00Z`) - DAY_MS, steps),
      offices: [{ from: null, office }],
      employment: { from: null, until: null },
      assignments: [{ schedule, rules: { id: 'r', versions: [version] }, from: '2000-01-01', until: null }],
      overrides: [],
      absences:
        absent === null
          ? []
          : [{ id: 'a', from: on(absent.day), until: on(absent.day), minutesPerDay: absent.minutes }],
      waivers: waived === null ? [] : [{ date: on(waived), minutes: 10 }],
      overtimeDecisions: [],
    };
    return { person, rules: version, from, until: on(9), asOf: Date.parse(on(40)) };
  });
