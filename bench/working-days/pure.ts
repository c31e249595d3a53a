import {
  deriveDays,
  type Office,
  type Person,
  type Punch,
  type Rules,
  type Shift,
} from '@rollcall/working-days';
import { MONTH, RULES } from './seed';

const PEOPLE = 500;
const DAYS = 31;
/** V8 compiles during the first ones. */
const ROUNDS = 12;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Minutes after midnight, UTC. */
const TIMES = [415, 630, 660, 932];

const SHIFT: Shift = {
  ...{ id: 'shift', name: 'Day', kind: 'FIXED', breakMinutes: 30, breakStartsAt: null },
  segments: [{ from: '09:00', to: '17:30' }],
};
// The same rules as in the database, where they are JSON.
const rules = {
  id: 'rules',
  versions: [{ ...(RULES as unknown as Rules), id: 'version', version: 1, from: '1970-01-01' }],
};
const week = { 1: SHIFT, 2: SHIFT, 3: SHIFT, 4: SHIFT, 5: SHIFT };
const schedule = { id: 'week', cycleDays: 7, anchor: '2024-01-01', days: week };
const OFFICE: Office = {
  id: 'office',
  zones: [{ from: null, timeZone: 'Europe/Berlin' }],
  assignments: [{ schedule, rules, from: '2020-01-01', until: null }],
  holidays: [{ id: 'holiday', date: '2026-05-25', name: 'Holiday', from: null }],
};

function personOf(n: number): Person {
  const punches: Punch[] = [];
  const first = Date.parse(`${MONTH.from}T00:00:00Z`);
  for (let day = 0; day < DAYS; day++) {
    const midnight = first + day * DAY_MS;
    if (new Date(midnight).getUTCDay() % 6 === 0) continue;
    for (const [i, time] of TIMES.entries()) {
      const at = midnight + (time + ((n + day * 7) % 13)) * MINUTE_MS;
      punches.push({ id: `${n}-${day}-${i}`, type: i % 2 === 0 ? 'LOGIN' : 'LOGOUT', at });
    }
  }
  return {
    ...{ punches, offices: [{ from: null, office: OFFICE }], employment: { from: null, until: null } },
    ...{ assignments: [], overrides: [], absences: [], waivers: [], overtimeDecisions: [] },
  };
}

/** How many days of people `deriveDays` derives in a second of processor time, without steps; the median of some rounds. */
export function personDaysPerSecond(): number {
  const people = Array.from({ length: PEOPLE }, (_, n) => personOf(n));
  const query = { ...MONTH, asOf: Date.parse('2026-06-30T00:00:00Z') };
  const rates = Array.from({ length: ROUNDS }, () => {
    const begin = process.cpuUsage();
    for (const person of people) deriveDays(person, query);
    const { user, system } = process.cpuUsage(begin);
    return (PEOPLE * DAYS * 1e6) / (user + system);
  });
  return rates.slice(ROUNDS / 3).sort((a, b) => a - b)[ROUNDS / 3] as number;
}
