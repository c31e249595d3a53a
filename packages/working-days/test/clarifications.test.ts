/** Sentences of the specification about versions of rules, moves between offices, flexible shifts and leave. */
import {
  DEFAULT_RULES,
  deriveDays,
  type DerivedDay,
  type Office,
  type Person,
  type Rules,
  type Shift,
} from '#src/index';
import { fixed } from './support/scenario';

const FLEXIBLE: Shift = {
  ...{
    id: 'flex',
    name: 'FLEX',
    kind: 'FLEXIBLE',
    frame: { from: '06:00', to: '20:00' },
    targetMinutes: 480,
  },
  core: [
    { from: '10:00', to: '12:00' },
    { from: '14:00', to: '16:00' },
  ],
};

const office = (id: string, timeZone: string, holidays: Office['holidays'] = []): Office => ({
  ...{ id, zones: [{ from: null, timeZone }], assignments: [], holidays },
});

/** One shift on every day from 1 March 2026. Versions of rules by the date from which they hold. */
function personOf(
  punches: readonly string[],
  {
    shift = fixed(['09:00-17:00']),
    versions = { '1970-01-01': {} },
    ...rest
  }: {
    shift?: Shift | null;
    versions?: Readonly<Record<string, Partial<Rules>>>;
  } & Partial<Person> = {},
): Person {
  const all = Object.entries(versions).map(([from, rules], i) => ({
    ...{ ...DEFAULT_RULES, ...rules },
    ...{ id: `v${i + 1}`, version: i + 1, from },
  }));
  const schedule = {
    ...{ id: 's', cycleDays: 1, anchor: '2026-01-01' },
    days: shift === null ? {} : { 1: shift },
  };
  return {
    punches: punches.map((text, i) => {
      const [direction, at = ''] = text.split(' ');
      return { id: `p${i + 1}`, type: direction === 'in' ? 'LOGIN' : 'LOGOUT', at: Date.parse(at) };
    }),
    offices: [{ from: null, office: office('o', 'UTC') }],
    employment: { from: null, until: null },
    assignments: [{ schedule, rules: { id: 'r', versions: all }, from: '2026-01-01', until: null }],
    ...{ overrides: [], absences: [], waivers: [], overtimeDecisions: [] },
    ...rest,
  };
}

const days = (person: Person, from: string, until = from, asOf = '2026-04-20T12:00:00Z'): DerivedDay[] =>
  deriveDays(person, { from, until, asOf: Date.parse(asOf) });
const dayOf = (person: Person, date: string, asOf?: string): DerivedDay =>
  days(person, date, date, asOf)[0] as DerivedDay;

describe('versions of rules', () => {
  const versions = {
    '1970-01-01': { repeatMinutes: 5, lateGraceMinutes: 0 },
    '2026-03-04': {
      repeatMinutes: 60,
      lateGraceMinutes: 30,
      breaks: { ...DEFAULT_RULES.breaks, tiers: [{ over: 0, total: 30 }] },
    },
  };

  it('hold from their date on, and the first before its date too', () => {
    const person = personOf([], { versions: { '2026-03-03': { absentAfterMinutes: 1 }, '2026-03-05': {} } });
    expect(days(person, '2026-03-01', '2026-03-06').map(({ rules }) => rules?.version)).toEqual([
      1, 1, 1, 1, 2, 2,
    ]);
  });

  it('repeats and pairs go by the date of the LOGIN, all else by the working day', () => {
    // A night that begins on the 3rd, by the older version: the second LOGIN is no repeat.
    const night = fixed(['22:00-06:00']);
    const person = personOf(
      [
        'in 2026-03-03T22:10:00Z',
        'out 2026-03-04T02:00:00Z',
        'in 2026-03-04T02:30:00Z',
        'out 2026-03-04T06:00:00Z',
      ],
      { shift: night, versions },
    );
    const [third, fourth] = days(person, '2026-03-03', '2026-03-04');
    // The day is that of the shift, so the older version counts: late, and no automatic break.
    expect(third).toMatchObject({
      figures: { workedMinutes: 440, lateMinutes: 10, breakDeductedMinutes: 0, breakPunchedMinutes: 30 },
      rules: { version: 1 },
    });
    expect(fourth).toMatchObject({ spans: [], status: 'ABSENT' });
    // On the 4th a LOGIN half an hour later is a repeat.
    const repeated = personOf(
      ['in 2026-03-04T22:10:00Z', 'in 2026-03-04T22:40:00Z', 'out 2026-03-05T06:00:00Z'],
      {
        ...{ shift: night, versions },
      },
    );
    expect(dayOf(repeated, '2026-03-04')).toMatchObject({
      ...{ status: 'PRESENT', flags: [], ignoredPunches: ['p2'] },
      figures: { workedMinutes: 440, breakDeductedMinutes: 30, lateMinutes: 0 },
    });
  });
});

describe('a move to an office in another zone', () => {
  const [tokyo, lisbon] = [office('t', 'Asia/Tokyo'), office('l', 'Europe/Lisbon')];
  const person = (punches: readonly string[], first: Office, second: Office) =>
    personOf(punches, {
      offices: [
        { from: null, office: first },
        { from: '2026-03-04', office: second },
      ],
    });

  it('gives each date the zone of its own office, without gaps and overlaps', () => {
    // West: the 3rd ends in Lisbon's midnight, 33 hours after it began in Tokyo.
    const west = person(
      [
        'in 2026-03-03T00:00:00Z',
        'out 2026-03-03T08:00:00Z',
        'in 2026-03-03T22:00:00Z',
        'out 2026-03-03T23:00:00Z',
      ],
      tokyo,
      lisbon,
    );
    expect(days(west, '2026-03-03', '2026-03-04')).toMatchObject([
      {
        timeZone: 'Asia/Tokyo',
        plannedStart: Date.parse('2026-03-03T00:00:00Z'),
        figures: { workedMinutes: 540 },
      },
      { timeZone: 'Europe/Lisbon', plannedStart: Date.parse('2026-03-04T09:00:00Z'), status: 'ABSENT' },
    ]);
    // East: the 3rd ends in Tokyo's midnight, 15 hours after it began in Lisbon. What is worked then counts once.
    const east = person(['in 2026-03-03T14:00:00Z', 'out 2026-03-03T16:00:00Z'], lisbon, tokyo);
    const split = { ...east.assignments[0]!.rules.versions[0]!, attribution: 'CALENDAR_DAY' as const };
    const assignments = east.assignments.map((one) => ({ ...one, rules: { id: 'r', versions: [split] } }));
    const found = days({ ...east, assignments }, '2026-03-02', '2026-03-05');
    expect(found.map(({ figures }) => figures.workedMinutes)).toEqual([0, 60, 60, 0]);
  });
});

describe('flexible shifts', () => {
  it('count lateness and early leaving by core windows, each for itself', () => {
    const person = personOf(
      [
        'in 2026-03-03T10:20:00Z',
        'out 2026-03-03T11:45:00Z',
        'in 2026-03-03T13:50:00Z',
        'out 2026-03-03T15:30:00Z',
      ],
      { shift: FLEXIBLE },
    );
    const { figures, flags } = dayOf(person, '2026-03-03');
    expect(figures).toMatchObject({ plannedMinutes: 480, lateMinutes: 20, earlyLeaveMinutes: 15 + 30 });
    expect(flags).toEqual(['LATE', 'LEFT_EARLY']);
    // A core window without any punch is neither.
    const morning = personOf(['in 2026-03-03T09:00:00Z', 'out 2026-03-03T12:30:00Z'], { shift: FLEXIBLE });
    expect(dayOf(morning, '2026-03-03').figures).toMatchObject({ lateMinutes: 0, earlyLeaveMinutes: 0 });
  });

  it('are due after the first core window has begun, never without one, and absent after the frame', () => {
    const status = (shift: Shift, time: string) =>
      dayOf(personOf([], { shift }), '2026-03-03', `2026-03-03T${time}:00Z`).status;
    expect([status(FLEXIBLE, '10:00'), status(FLEXIBLE, '10:01'), status(FLEXIBLE, '19:59')]).toEqual([
      ...['SCHEDULED', 'DUE', 'DUE'],
    ]);
    expect(status(FLEXIBLE, '20:00')).toBe('ABSENT');
    const free = { ...FLEXIBLE, core: [] };
    expect([status(free, '19:59'), status(free, '20:00')]).toEqual(['SCHEDULED', 'ABSENT']);
  });
});

describe('holidays and leave', () => {
  const night = fixed(['22:00-06:00']);

  it('keep their shift for the working day of a span', () => {
    const punches = ['in 2026-03-03T22:00:00Z', 'out 2026-03-04T06:00:00Z'];
    const onLeave = personOf(punches, {
      shift: night,
      absences: [{ id: 'a', from: '2026-03-03', until: '2026-03-03', minutesPerDay: null }],
    });
    expect(dayOf(onLeave, '2026-03-03')).toMatchObject({
      ...{ flags: ['ON_LEAVE'], figures: { workedMinutes: 480, creditedMinutes: 480, balanceMinutes: 480 } },
    });
    const holidays = [{ id: 'h', date: '2026-03-03', name: 'H', from: null }];
    const onHoliday = personOf(punches, {
      shift: night,
      offices: [{ from: null, office: office('o', 'UTC', holidays) }],
    });
    expect(dayOf(onHoliday, '2026-03-03')).toMatchObject({
      ...{ flags: ['ON_HOLIDAY'], figures: { workedMinutes: 480, creditedMinutes: 480 } },
    });
    expect(dayOf(onHoliday, '2026-03-04')).toMatchObject({ spans: [] });
  });

  it('a continued part has the class of rest days of the day on which the shift began, that of holidays of its own', () => {
    const overtime = {
      ...DEFAULT_RULES.overtime,
      restDays: 'OVERTIME_1' as const,
      holidays: 'OVERTIME_2' as const,
    };
    const versions = { '1970-01-01': { attribution: 'CALENDAR_DAY' as const, overtime } };
    const punches = ['in 2026-03-03T20:00:00Z', 'out 2026-03-04T04:00:00Z'];
    const classes = (person: Person) =>
      days(person, '2026-03-03', '2026-03-04').map(({ figures }) => figures.classes);
    const rest = personOf(punches, { versions, overrides: [{ date: '2026-03-03', shift: null }] });
    expect(classes(rest)).toEqual([
      { REGULAR: 0, OVERTIME_1: 240 },
      { REGULAR: 0, OVERTIME_1: 240 },
    ]);
    const holidays = [{ id: 'h', date: '2026-03-04', name: 'H', from: null }];
    const holiday = personOf(punches, {
      versions,
      shift: night,
      offices: [{ from: null, office: office('o', 'UTC', holidays) }],
    });
    expect(classes(holiday)).toEqual([{ REGULAR: 240 }, { REGULAR: 0, OVERTIME_2: 240 }]);
  });
});

describe('breaks and clocks', () => {
  it('a gap is compared with minPartMinutes as a whole, also if a planned pause takes some of it', () => {
    const split = fixed(['09:00-12:00', '12:20-17:00']);
    const breaks = { ...DEFAULT_RULES.breaks, minPartMinutes: 15, tiers: [{ over: 360, total: 30 }] };
    const person = personOf(
      [
        'in 2026-03-03T09:00:00Z',
        'out 2026-03-03T11:55:00Z',
        'in 2026-03-03T12:25:00Z',
        'out 2026-03-03T17:00:00Z',
      ],
      { shift: split, versions: { '1970-01-01': { breaks } } },
    );
    // 30 minutes, of which 10 lie outside the pause: they are the punched break, and all 30 count as taken.
    expect(dayOf(person, '2026-03-03').figures).toMatchObject({
      ...{ breakPunchedMinutes: 10, breakDeductedMinutes: 0, workedMinutes: 450 },
    });
  });

  it('NOMINAL plans by the wall clock, ELAPSED by what passes', () => {
    const night = fixed(['22:00-06:00']);
    const planned = (expectedOnClockChange: 'ELAPSED' | 'NOMINAL') => {
      const offices = [{ from: null, office: office('o', 'Europe/Berlin') }];
      const person = personOf([], {
        shift: night,
        offices,
        versions: { '1970-01-01': { expectedOnClockChange } },
      });
      return ['2026-03-28', '2026-10-24'].map((date) => dayOf(person, date).figures.plannedMinutes);
    };
    expect(planned('ELAPSED')).toEqual([420, 540]);
    expect(planned('NOMINAL')).toEqual([480, 480]);
  });

  it('somebody who is not employed has no plan, and what they work counts', () => {
    const person = personOf(['in 2026-03-03T09:00:00Z', 'out 2026-03-03T12:00:00Z'], {
      employment: { from: '2026-03-04', until: null },
    });
    expect(dayOf(person, '2026-03-03')).toMatchObject({
      ...{ status: 'NOT_EMPLOYED', flags: ['UNPLANNED'], shift: null },
      figures: { workedMinutes: 180, expectedMinutes: 0, lateMinutes: 0 },
    });
  });
});
