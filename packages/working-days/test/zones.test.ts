/** Every zone that Intl knows over its changes from 2024 to 2030, those alike once: nights lose and gain no minute. */
import { changes, localOf } from '@rollcall/time-zones';
import { DEFAULT_RULES, deriveDays, type Person } from '#src/index';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const [FROM, TO] = [Date.UTC(2024, 0, 2), Date.UTC(2030, 11, 30)];

/** Somebody who works the night around a change, from 5 hours before to 6 hours after it. */
function nightWorker(timeZone: string, change: number): Person {
  const office = { id: 'o', zones: [{ from: null, timeZone }], assignments: [], holidays: [] };
  const version = {
    ...DEFAULT_RULES,
    ...{ id: 'v', version: 1, from: '1970-01-01', attribution: 'CALENDAR_DAY' as const },
    premiums: [
      { code: 'MORNING', from: '00:00', to: '12:00' },
      { code: 'EVENING', from: '12:00', to: '00:00' },
    ],
  };
  const schedule = { id: 's', cycleDays: 7, anchor: '2024-01-01', days: {} };
  return {
    ...{ absences: [], waivers: [], overrides: [], overtimeDecisions: [], offices: [{ from: null, office }] },
    employment: { from: null, until: null },
    assignments: [{ schedule, rules: { id: 'r', versions: [version] }, from: '2000-01-01', until: null }],
    punches: [
      { id: '1', type: 'LOGIN', at: change - 5 * HOUR_MS },
      { id: '2', type: 'LOGOUT', at: change + 6 * HOUR_MS },
    ],
  };
}

const dateOf = (local: number, days = 0): string =>
  new Date(local + days * DAY_MS).toISOString().slice(0, 10);

const changesOf = (zone: string) => changes(zone).filter(({ at }) => at > FROM && at < TO);
/** One zone for each list of changes: days know a zone by nothing else. */
const DIFFERENT = [
  ...new Map(
    Intl.supportedValuesOf('timeZone').map((zone) => [JSON.stringify(changesOf(zone)), zone]),
  ).values(),
];

it.each(DIFFERENT)('%s', (zone) => {
  for (const { at } of changesOf(zone)) {
    const local = localOf(zone, at);
    const range = { from: dateOf(local, -2), until: dateOf(local, 2), asOf: at + 10 * DAY_MS };
    const days = deriveDays(nightWorker(zone, at), range);
    const sum = (of: (day: (typeof days)[number]) => number): number =>
      days.reduce((all, day) => all + of(day), 0);
    expect([at, sum(({ figures }) => figures.workedMinutes)]).toEqual([at, 660]);
    // Two windows that together are a day: each minute is in one.
    expect([
      at,
      sum(({ figures }) => (figures.premiums['MORNING'] ?? 0) + (figures.premiums['EVENING'] ?? 0)),
    ]).toEqual([...[at, 660]]);
    // Each part lies on the date that clocks show.
    for (const { date, workedIntervals } of days) {
      for (const { start, end } of workedIntervals) {
        expect([dateOf(localOf(zone, start)), dateOf(localOf(zone, end - MINUTE_MS))]).toEqual([date, date]);
      }
    }
  }
});
