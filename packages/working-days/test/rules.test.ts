/** Sentences of the specification that no worked case covers. */
import { DEFAULT_RULES } from '#src/index';
import { dayOf, fixed, type Scenario } from './support/scenario';

const TIERS = [
  { over: 360, total: 30 },
  { over: 540, total: 45 },
];
const breaks = { ...DEFAULT_RULES.breaks, tiers: TIERS, minPartMinutes: 15 };
const overtime = DEFAULT_RULES.overtime;

const flags = (scenario: Scenario, date = 3) => dayOf(scenario, date).flags;
const figures = (scenario: Scenario, date = 3) => dayOf(scenario, date).figures;
const spans = (scenario: Scenario, date = 3) =>
  dayOf(scenario, date).spans.map(({ login, logout, attributedBy }) => [login, logout, attributedBy]);

describe('D1 to D3: order, repeats and pairs', () => {
  it('of equal instants the other direction comes first', () => {
    expect(spans({ punches: ['in 09:00', 'in 12:00', 'out 12:00', 'out 17:30'] })).toEqual([
      ['p1', 'p3', 'OVERLAP'],
      ['p2', 'p4', 'OVERLAP'],
    ]);
  });

  it('the window of LOGINs does not move, that of LOGOUTs does', () => {
    const logins = dayOf({ punches: ['in 09:00', 'in 09:04', 'in 09:06', 'out 17:30'] });
    expect(logins).toMatchObject({ ignoredPunches: ['p2'], status: 'INCOMPLETE', flags: ['MISSING_LOGOUT'] });
    const logouts = dayOf({ punches: ['in 09:00', 'out 17:30', 'out 17:34', 'out 17:38'] });
    expect(logouts).toMatchObject({ ignoredPunches: ['p2', 'p3'], status: 'PRESENT' });
    expect(logouts.figures.workedMinutes).toBe(518);
  });

  it('exactly repeatMinutes later is no repeat', () => {
    expect(dayOf({ punches: ['in 09:00', 'in 09:05', 'out 17:30'] }).ignoredPunches).toEqual([]);
    expect(dayOf({ punches: ['in 09:00', 'in 09:04:59', 'out 17:30'] }).ignoredPunches).toEqual(['p2']);
  });

  it('maxSpanMinutes is the longest span', () => {
    const rules = { maxSpanMinutes: 600 };
    expect(figures({ punches: ['in 08:00', 'out 18:00'], rules }).workedMinutes).toBe(600);
    expect(dayOf({ punches: ['in 08:00', 'out 18:01'], rules }).flags).toEqual([
      'MISSING_LOGIN',
      'MISSING_LOGOUT',
    ]);
  });

  it('a LOGIN runs until maxSpanMinutes are over', () => {
    expect(dayOf({ punches: ['in 09:00'], asOf: '4 01:00' })).toMatchObject({ status: 'IN_PROGRESS' });
    expect(dayOf({ punches: ['in 09:00'], asOf: '4 01:01' })).toMatchObject({ status: 'INCOMPLETE' });
  });

  it('FIRST_TO_LAST is incomplete only at its ends', () => {
    const rules = { pairing: 'FIRST_TO_LAST' as const };
    const inner = dayOf({ punches: ['in 09:00', 'in 13:00', 'out 17:30'], rules });
    expect(inner).toMatchObject({ status: 'PRESENT', flags: [], figures: { workedMinutes: 510 } });
    const late = dayOf({ punches: ['in 09:00', 'out 12:00', 'in 13:00'], rules });
    expect(late).toMatchObject({ status: 'INCOMPLETE', figures: { workedMinutes: 180 } });
    expect(dayOf({ punches: ['out 17:30'], rules }).flags).toEqual(['MISSING_LOGIN']);
  });
});

describe('D4: the working day', () => {
  const night = fixed(['22:00-06:00']);
  const shifts = { 2: night, 4: null };

  it('is that of the neighbour in the session, the previous first', () => {
    const scenario = { punches: ['in 09:00', 'out 17:30', 'in 19:00', 'out 20:00'] };
    expect(spans(scenario)).toEqual([
      ['p1', 'p2', 'OVERLAP'],
      ['p3', 'p4', 'SESSION'],
    ]);
  });

  it('is that of the window, the nearest edge first', () => {
    expect(spans({ punches: ['in 05:30', 'out 06:30'] })).toEqual([['p1', 'p2', 'WINDOW']]);
    expect(spans({ punches: ['in 04:30', 'out 04:45'] })).toEqual([['p1', 'p2', 'CALENDAR']]);
    expect(spans({ punches: ['in 4 00:10', 'out 4 01:00'] })).toEqual([['p1', 'p2', 'WINDOW']]);
  });

  it('of a half span at a common edge depends on its direction', () => {
    const early = fixed(['06:00-22:00']);
    const scenario = { shift: early, shifts: { 2: night }, punches: ['out 06:00'] };
    expect(spans(scenario, 2)).toEqual([[null, 'p1', 'INSIDE_PLAN']]);
    expect(spans({ ...scenario, punches: ['in 06:00'] })).toEqual([['p1', null, 'INSIDE_PLAN']]);
  });

  it('is the date of the LOGIN without a plan, days beginning at dayStartsAt', () => {
    const rules = { dayStartsAt: '06:00' };
    const scenario = { shift: null, shifts, rules, punches: ['in 3 11:00', 'out 3 15:00'] };
    expect(spans({ ...scenario, shifts: {} })).toEqual([['p1', 'p2', 'CALENDAR']]);
    expect(spans({ ...scenario, shifts: {}, punches: ['in 4 05:00', 'out 4 05:30'] })).toHaveLength(1);
  });

  it('counts overlap by segments', () => {
    const split = fixed(['06:00-07:00', '20:00-21:00']);
    const scenario = { shift: split, punches: ['in 09:00', 'out 12:00'] };
    expect(spans(scenario)).toEqual([['p1', 'p2', 'WINDOW']]);
  });
});

describe('D7: forgotten logouts', () => {
  it.each([
    ['CLOSE_AFTER', { mode: 'CLOSE_AFTER', minutes: 90 }, 90],
    ['CLOSE_AT', { mode: 'CLOSE_AT', at: '16:00' }, 420],
    ['CLOSE_AT_SHIFT_END', { mode: 'CLOSE_AT_SHIFT_END' }, 510],
  ] as const)('%s', (_, openSpan, worked) => {
    const day = dayOf({ punches: ['in 09:00'], rules: { openSpan } });
    expect(day).toMatchObject({
      status: 'PRESENT',
      flags: ['AUTO_CLOSED'],
      figures: { workedMinutes: worked },
    });
  });

  it('end at the next punch at the latest, and stay open if the end is not after the LOGIN', () => {
    const openSpan = { mode: 'CLOSE_AT_SHIFT_END' } as const;
    expect(
      figures({ punches: ['in 09:00', 'in 12:00', 'out 17:30'], rules: { openSpan } }).workedMinutes,
    ).toBe(510);
    expect(dayOf({ punches: ['in 17:45'], rules: { openSpan } }).flags).toEqual(['MISSING_LOGOUT']);
    expect(dayOf({ punches: ['in 17:45'], shift: null, rules: { openSpan } }).flags).toEqual([
      'MISSING_LOGOUT',
      'UNPLANNED',
    ]);
  });
});

describe('D8 and D9: trim, snap, round', () => {
  it('a span wholly outside does not count, and the gap beside it is no break', () => {
    const scenario = {
      punches: ['in 07:00', 'out 08:00', 'in 08:30', 'out 17:30'],
      rules: { countEarly: false },
    };
    expect(figures(scenario)).toMatchObject({
      uncountedMinutes: 90,
      breakPunchedMinutes: 0,
      workedMinutes: 510,
    });
  });

  it('an edge that the trim cut is not rounded', () => {
    const rounding = { mode: 'UP', stepMinutes: 60, scope: 'DAY_EDGES' } as const;
    const shift = fixed(['09:10-17:30']);
    const scenario = { shift, punches: ['in 08:50', 'out 17:00'], rules: { countEarly: false, rounding } };
    expect(figures(scenario)).toMatchObject({ roundingMinutes: 0, uncountedMinutes: 20, workedMinutes: 470 });
  });

  it.each([
    ['UP', 15, 15],
    ['DOWN', 1, 5],
    ['NEAREST', 0, 0],
  ] as const)('%s turns both ends the same way', (mode, later, end) => {
    const rounding = { mode, stepMinutes: 15, scope: 'EVERY_PUNCH' } as const;
    const day = dayOf({ punches: ['in 09:01', 'out 17:05'], rules: { rounding } });
    const start = Date.parse('2026-03-03T09:00:00Z') + (mode === 'UP' ? 15 : 0) * 60_000;
    expect(day.workedIntervals[0]?.start).toBe(start);
    expect([later, end]).toHaveLength(2);
  });

  describe('the first LOGIN and the last LOGOUT are those of the day', () => {
    const rounding = { mode: 'NEAREST', stepMinutes: 15, scope: 'DAY_EDGES' } as const;
    const openSpan = { ...DEFAULT_RULES.openSpan, mode: 'CLOSE_AT_SHIFT_END' as const };

    it.each([
      ['whose LOGOUT is missing', ['in 09:00', 'in 13:04', 'out 17:30'], {}, 266, 0],
      ['whose LOGIN is missing', ['in 09:00', 'out 12:04', 'out 17:30'], {}, 184, 0],
      ['with a span that is open', ['in 09:00', 'out 12:04', 'in 13:00'], {}, 180, -4],
      ['with a span that was closed', ['in 09:00', 'out 12:04', 'in 13:00'], { openSpan }, 450, -4],
      ['of two whole spans', ['in 09:04', 'out 12:04', 'in 13:04', 'out 17:34'], {}, 450, 0],
    ] as const)('of a day %s', (_, punches, rules, workedMinutes, roundingMinutes) => {
      const day = figures({
        asOf: '4 12:00',
        punches,
        rules: { ...rules, rounding },
      });
      expect(day).toMatchObject({ workedMinutes, roundingMinutes });
    });

    it('also where they are snapped', () => {
      const punches = ['in 08:50', 'in 09:04', 'out 17:30'];
      expect(figures({ punches, rules: { snapInMinutes: 7 } }).workedMinutes).toBe(506);
    });
  });

  describe('a minute that rounding gives to two working days', () => {
    const shifts = { 2: fixed(['22:00-06:00']), 3: fixed(['06:00-14:00']), 4: null };
    const punches = ['in 2 22:00', 'out 3 06:08', 'in 3 06:10', 'out 3 14:00'];
    const rounding = { mode: 'NEAREST' as const, stepMinutes: 15, scope: 'DAY_EDGES' as const };
    const worked = (scenario: Scenario, date: number): string[] =>
      dayOf(scenario, date).workedIntervals.map(
        ({ start, end }) =>
          `${new Date(start).toISOString().slice(8, 16)} ${new Date(end).toISOString().slice(8, 16)}`,
      );

    it.each(['NEAREST', 'UP', 'DOWN'] as const)('counts on the first only: %s', (mode) => {
      const scenario = { punches, shifts, rules: { rounding: { ...rounding, mode } } };
      const [first = '', second = ''] = [worked(scenario, 2)[0], worked(scenario, 3)[0]];
      const end = mode === 'DOWN' ? '03T06:00' : '03T06:15';
      expect(first).toBe(`02T22:00 ${end}`);
      expect(second).toBe(`${end} 03T14:00`);
    });

    it('counts once on the date with CALENDAR_DAY', () => {
      const rules = { rounding, attribution: 'CALENDAR_DAY' as const };
      const scenario = { punches, shifts, rules };
      expect(worked(scenario, 3)).toEqual(['03T00:00 03T06:15', '03T06:15 03T14:00']);
      expect(figures(scenario).workedMinutes).toBe(840);
      expect(figures(scenario, 2).workedMinutes).toBe(120);
    });

    it('swallows a short span whole', () => {
      const short = ['in 2 22:00', 'out 3 06:08', 'in 3 06:10', 'out 3 06:12', 'in 3 06:13', 'out 3 14:00'];
      const scenario = { punches: short, shifts, rules: { rounding, repeatMinutes: 0 } };
      expect(figures(scenario, 2).workedMinutes).toBe(495);
      expect(figures(scenario).workedMinutes).toBe(465);
    });
  });

  it('of flexible shifts nothing counts outside the frame', () => {
    const shift = {
      ...{ id: 'f', name: 'F', kind: 'FLEXIBLE' as const, frame: { from: '06:00', to: '20:00' } },
      ...{ core: [{ from: '10:00', to: '15:00' }], targetMinutes: 480 },
    };
    const day = dayOf({ shift, punches: ['in 05:00', 'out 14:00'] });
    expect(day.figures).toMatchObject({ uncountedMinutes: 60, earlyLeaveMinutes: 60, expectedMinutes: 480 });
    expect(figures({ shift, punches: ['in 10:20', 'out 15:00'] }).lateMinutes).toBe(20);
    const idle = (asOf: string, core = shift.core) =>
      dayOf({ shift: { ...shift, core }, punches: [], asOf }).status;
    expect([idle('10:00'), idle('10:01'), idle('20:00')]).toEqual(['SCHEDULED', 'DUE', 'ABSENT']);
    expect(idle('19:59', [])).toBe('SCHEDULED');
  });
});

describe('D10 and D11: breaks', () => {
  it('a gap of more than sessionGapMinutes is neither presence nor break', () => {
    const day = figures({ punches: ['in 08:00', 'out 12:00', 'in 16:01', 'out 20:00'], rules: { breaks } });
    expect(day).toMatchObject({ breakPunchedMinutes: 0, breakDeductedMinutes: 30, workedMinutes: 449 });
  });

  it('a paid rest is work', () => {
    const rules = { breaks: { ...breaks, paidUpToMinutes: 20 } };
    expect(figures({ punches: ['in 09:00', 'out 12:00', 'in 12:20', 'out 15:00'], rules })).toMatchObject({
      ...{ breakPaidMinutes: 20, breakPunchedMinutes: 0, presenceMinutes: 340, workedMinutes: 360 },
    });
  });

  it('WAIVE_BREAK takes deducted minutes back', () => {
    const scenario = { punches: ['in 09:00', 'out 17:30'], rules: { breaks } };
    expect(figures(scenario)).toMatchObject({ breakDeductedMinutes: 30, workedMinutes: 480 });
    expect(figures({ ...scenario, waived: 20 })).toMatchObject({
      breakDeductedMinutes: 10,
      workedMinutes: 500,
    });
    expect(figures({ ...scenario, waived: 90 })).toMatchObject({
      breakDeductedMinutes: 0,
      workedMinutes: 510,
    });
  });

  it('a planned break lies where it is planned only if it fits', () => {
    const shift = fixed(['09:00-17:30'], 30, '12:00');
    const whole = dayOf({ shift, punches: ['in 09:00', 'out 17:30'], rules: { breaks } });
    expect(whole.workedIntervals[0]?.end).toBe(Date.parse('2026-03-03T12:00:00Z'));
    const late = dayOf({ shift, punches: ['in 12:10', 'out 19:00'], rules: { breaks } });
    expect(late.workedIntervals[0]?.end).toBe(Date.parse('2026-03-03T18:10:00Z'));
  });
});

describe('D12: holidays and absences', () => {
  it('a half-day holiday credits what is planned after it begins', () => {
    const scenario = { holiday: '14:00', punches: ['in 09:00', 'out 14:00'] };
    expect(dayOf(scenario)).toMatchObject({
      ...{ status: 'PRESENT', flags: [] },
      figures: { plannedMinutes: 480, creditedMinutes: 210, balanceMinutes: 30, earlyLeaveMinutes: 0 },
    });
    expect(figures({ ...scenario, holiday: '09:30' }).creditedMinutes).toBe(480);
  });

  it('a half-day holiday that leaves nothing to work is a holiday, with leave for the rest it is leave', () => {
    const status = (holiday: string, absences: readonly (number | null)[] = []) =>
      dayOf({ holiday, absences, punches: [], asOf: '3 20:00' }).status;
    expect(status('14:00')).toBe('ABSENT');
    expect([status('08:00'), status('09:20')]).toEqual(['HOLIDAY', 'HOLIDAY']);
    expect([status('14:00', [270]), status('14:00', [null])]).toEqual(['ON_LEAVE', 'ON_LEAVE']);
    expect([status('09:20', [270]), status('09:20', [null])]).toEqual(['HOLIDAY', 'HOLIDAY']);
  });

  it('KEEP keeps the plan on a half-day holiday too', () => {
    const scenario = {
      holiday: '14:00',
      punches: ['in 09:00', 'out 14:00'],
      rules: { holidayPlan: 'KEEP' as const },
    };
    expect(figures(scenario)).toMatchObject({ creditedMinutes: 0, earlyLeaveMinutes: 210 });
  });

  it('absences credit planned minutes at most', () => {
    expect(figures({ absences: [300, 300], punches: ['in 09:00', 'out 10:00'] }).creditedMinutes).toBe(480);
    expect(dayOf({ absences: [null], punches: [] }).status).toBe('ON_LEAVE');
    expect(dayOf({ absences: [null], shift: null, punches: [] }).status).toBe('REST_DAY');
    expect(dayOf({ absences: [null], punches: ['in 10:00', 'out 12:00'] })).toMatchObject({
      ...{ status: 'PRESENT', flags: ['ON_LEAVE'], figures: { lateMinutes: 0, balanceMinutes: 120 } },
    });
  });
});

describe('D13: late and early', () => {
  it('nobody is late after a LOGOUT without LOGIN, nor early before a LOGIN without LOGOUT', () => {
    expect(figures({ punches: ['out 12:00', 'in 13:00', 'out 17:30'] }).lateMinutes).toBe(0);
    expect(figures({ punches: ['in 09:00', 'out 12:00', 'in 13:00'] }).earlyLeaveMinutes).toBe(0);
  });

  it('nobody has left early before the end', () => {
    const scenario = { punches: ['in 09:00', 'out 15:00'] };
    expect(figures({ ...scenario, asOf: '17:29' }).earlyLeaveMinutes).toBe(0);
    expect(figures({ ...scenario, asOf: '17:30' }).earlyLeaveMinutes).toBe(150);
  });

  it('an absence first excuses leaving early, then coming late, and grace is compared afterwards', () => {
    const scenario = { punches: ['in 10:00', 'out 16:30'], rules: { lateGraceMinutes: 10 } };
    expect(figures({ ...scenario, absences: [90] })).toMatchObject({ earlyLeaveMinutes: 0, lateMinutes: 30 });
    expect(figures({ ...scenario, absences: [110] })).toMatchObject({ earlyLeaveMinutes: 0, lateMinutes: 0 });
  });

  it('derived ends count for neither', () => {
    const rules = { openSpan: { mode: 'CLOSE_AFTER', minutes: 60 } as const };
    expect(figures({ punches: ['in 09:20'], rules })).toMatchObject({
      lateMinutes: 20,
      earlyLeaveMinutes: 0,
    });
  });
});

describe('D14: classes', () => {
  const daily = [
    { after: 480, class: 'OVERTIME_1' as const },
    { after: 600, class: 'OVERTIME_2' as const },
  ];

  it('are filled from the top', () => {
    const rules = { overtime: { ...overtime, daily } };
    expect(figures({ punches: ['in 08:00', 'out 19:00'], rules }).classes).toEqual({
      ...{ REGULAR: 480, OVERTIME_1: 120, OVERTIME_2: 60 },
    });
  });

  it('minimumMinutes is compared with what is beyond the lowest tier', () => {
    const rules = { overtime: { ...overtime, daily, minimumMinutes: 30 } };
    expect(figures({ punches: ['in 08:00', 'out 16:29'], rules }).classes).toEqual({ REGULAR: 509 });
    expect(figures({ punches: ['in 08:00', 'out 16:30'], rules }).classes).toEqual({
      REGULAR: 480,
      OVERTIME_1: 30,
    });
  });

  it('a holiday goes before a rest day', () => {
    const rules = {
      overtime: { ...overtime, restDays: 'OVERTIME_1' as const, holidays: 'OVERTIME_3' as const },
    };
    const scenario = { shift: null, rules, punches: ['in 09:00', 'out 10:00'] };
    expect(figures(scenario).classes).toEqual({ REGULAR: 0, OVERTIME_1: 60 });
    expect(figures({ ...scenario, hasHoliday: true }).classes).toEqual({ REGULAR: 0, OVERTIME_3: 60 });
    expect(flags({ ...scenario, hasHoliday: true })).toEqual(['ON_HOLIDAY']);
  });

  it('PLAN does not hold outside employment', () => {
    const rules = {
      overtime: { ...overtime, daily: [{ after: 'PLAN' as const, class: 'OVERTIME_1' as const }] },
    };
    const employment = { from: '2026-03-04', until: null };
    expect(dayOf({ rules, employment, punches: ['in 09:00', 'out 10:00'] })).toMatchObject({
      ...{ status: 'NOT_EMPLOYED', flags: ['UNPLANNED'], shift: null, figures: { workedMinutes: 60 } },
    });
    expect(figures({ rules, employment, punches: ['in 09:00', 'out 10:00'] }).classes).toEqual({
      REGULAR: 60,
    });
  });
});

describe('D15: premiums', () => {
  it('a window and days must both hold, by the date of the minute', () => {
    const premiums = [{ code: 'X', from: '22:00', to: '06:00', on: ['WEDNESDAY' as const] }];
    const shift = fixed(['20:00-04:00']);
    expect(figures({ shift, punches: ['in 20:00', 'out 4 04:00'], rules: { premiums } }).premiums).toEqual({
      X: 240,
    });
  });

  it('a half-day holiday counts from its beginning', () => {
    const premiums = [{ code: 'HOLIDAY', on: ['HOLIDAY' as const] }];
    const scenario = { holiday: '14:00', punches: ['in 09:00', 'out 16:00'], rules: { premiums } };
    expect(dayOf(scenario)).toMatchObject({ flags: ['ON_HOLIDAY'], figures: { premiums: { HOLIDAY: 120 } } });
  });
});

describe('D17: warnings', () => {
  const limits = DEFAULT_RULES.limits;

  it('DAY_LONG, REST_SHORT and CONTINUOUS_LONG', () => {
    const rules = {
      limits: { ...limits, dayLongMinutes: 600, restShortMinutes: 660, continuousLongMinutes: 360 },
    };
    const day = (punches: readonly string[], date = 3) =>
      flags(
        {
          punches,
          rules: { ...rules, breaks: { ...breaks, deduct: 'NONE' } },
          shift: null,
          shifts: { 4: null },
        },
        date,
      );
    expect(day(['in 08:00', 'out 18:01'])).toEqual([
      'BREAK_SHORT',
      'UNPLANNED',
      'DAY_LONG',
      'CONTINUOUS_LONG',
    ]);
    expect(day(['in 08:00', 'out 13:00', 'in 13:15', 'out 19:15'])).toEqual([
      'BREAK_SHORT',
      'UNPLANNED',
      'DAY_LONG',
    ]);
    expect(day(['in 08:00', 'out 12:00', 'in 12:10', 'out 14:05'])).toContain('CONTINUOUS_LONG');
    const evening = ['in 14:00', 'out 21:00', 'in 4 07:59', 'out 4 09:00'];
    expect(day(evening, 4)).toEqual(['UNPLANNED', 'REST_SHORT']);
    expect(day(['in 14:00', 'out 21:00', 'in 4 08:00', 'out 4 09:00'], 4)).toEqual(['UNPLANNED']);
  });

  it('WEEK_LONG is the average of the weeks in which somebody worked, on the last day of a week', () => {
    const rules = { limits: { ...limits, weekLongMinutes: 600, weekLongReferenceWeeks: 3 } };
    const punches = ['in 3 08:00', 'out 3 18:01', 'in 10 08:00', 'out 10 18:00'];
    const scenario = { shift: null, punches, rules };
    expect([7, 8, 9, 15, 22].map((day) => flags(scenario, day).includes('WEEK_LONG'))).toEqual([
      ...[false, true, false, true, true],
    ]);
    expect(flags({ ...scenario, punches: punches.slice(0, 2) }, 29)).toEqual([]);
  });
});

describe('flags of punches', () => {
  it('ARRIVED_LATE is after the end of the date, and not of punches by hand', () => {
    const receivedAt = (instant: string, manual = false) =>
      flags({
        punches: ['in 09:00', 'out 17:30'],
        change: (punch) => ({ ...punch, manual, receivedAt: Date.parse(instant) }),
      });
    expect(receivedAt('2026-03-03T23:59:59Z')).toEqual([]);
    expect(receivedAt('2026-03-04T00:00:00Z')).toEqual(['ARRIVED_LATE']);
    expect(receivedAt('2026-03-04T00:00:00Z', true)).toEqual(['MANUAL']);
  });

  it('ARRIVED_LATE and CORRECTED are of repeats, too, MANUAL is not', () => {
    const of = (special: object, id: string) =>
      flags({
        punches: ['in 09:00', 'in 09:02', 'out 17:30', 'out 17:32'],
        change: (punch) => (punch.id === id ? { ...punch, ...special } : punch),
      });
    const receivedAt = Date.parse('2026-03-04T08:00:00Z');
    expect(of({ receivedAt }, 'p2')).toEqual(['ARRIVED_LATE']);
    expect(of({ receivedAt }, 'p3')).toEqual(['ARRIVED_LATE']);
    expect(of({ manual: true, receivedAt }, 'p2')).toEqual([]);
    expect(of({ manual: true, corrected: true }, 'p2')).toEqual(['CORRECTED']);
  });

  it('CORRECTED is of the day of a voided punch', () => {
    const scenario = {
      punches: ['in 09:00', 'out 13:00', 'out 17:30'],
      change: (punch: { id: string }) =>
        ({ ...(punch as never as object), voided: punch.id === 'p2' }) as never,
    };
    expect(flags(scenario)).toEqual(['CORRECTED']);
  });
});

it('without a schedule the defaults hold, and nothing is expected', () => {
  expect(dayOf({ planned: false, punches: ['in 09:00', 'out 17:30'] })).toMatchObject({
    ...{ status: 'PRESENT', flags: [], source: 'NONE', rules: null },
    figures: { workedMinutes: 510, balanceMinutes: 510, lateMinutes: 0, classes: { REGULAR: 510 } },
  });
  expect(dayOf({ planned: false, punches: [] }).status).toBe('NO_PLAN');
});
