import { createHash } from 'node:crypto';
import { instantsOf, localOf, offsetAt } from '@rollcall/time-zones';
import { AttendanceType } from '../../entities/attendance.entity';

/** One of the people of the demo; photos are names of files in test/fixtures. */
export interface DemoPerson {
  readonly name: string;
  readonly employeeId: string;
  readonly enrolledWith: readonly string[];
  readonly punchesWith: readonly string[];
}

/** A planned punch. */
export interface PlannedPunch {
  readonly person: DemoPerson;
  /** Unique, and the same in every run. */
  readonly requestId: string;
  readonly type: AttendanceType;
  readonly at: Date;
  readonly photo: string;
}

export const DEMO_OFFICE = 'Head office (DEMO)';

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  {
    name: 'Grace Hopper',
    employeeId: 'DEMO-GH-1906',
    enrolledWith: ['grace-hopper.jpg', 'grace-hopper-3.jpg'],
    punchesWith: ['grace-hopper-2.jpg', 'grace-hopper-open.jpg'],
  },
  {
    name: 'Eileen Collins',
    employeeId: 'DEMO-EC-1956',
    enrolledWith: ['eileen-collins.jpg', 'eileen-collins-3.jpg'],
    punchesWith: ['eileen-collins-2.jpg', 'eileen-collins-open.jpg'],
  },
];

/** Working days before today. */
const DAYS = 5;
const MS_PER_DAY = 86_400_000;
const SATURDAY = 6;

/** A day's punches: minutes after midnight, and how many minutes later they may be. */
const DAY = [
  { type: AttendanceType.LOGIN, from: 8 * 60 + 20, spread: 50 },
  { type: AttendanceType.LOGOUT, from: 12 * 60, spread: 25 },
  { type: AttendanceType.LOGIN, from: 12 * 60 + 40, spread: 25 },
  { type: AttendanceType.LOGOUT, from: 16 * 60 + 50, spread: 70 },
] as const;

/**
 * The punches of the five working days before today and of today until now, oldest first. Times differ from day to day, but
 * not from run to run.
 */
export function planPunches(now: Date, timeZone: string): PlannedPunch[] {
  return daysUntil(now, timeZone)
    .flatMap((day) => DEMO_PEOPLE.flatMap((person) => dayOf(person, day, timeZone)))
    .filter(({ at }) => at <= now)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

function dayOf(person: DemoPerson, day: number, timeZone: string): PlannedPunch[] {
  const date = new Date(day).toISOString().slice(0, 10);
  return DAY.map(({ type, from, spread }, i) => {
    const requestId = `demo:${person.employeeId}:${date}:${i + 1}`;
    const chance = createHash('sha256').update(requestId).digest().readUInt32BE() / 2 ** 32;
    const seconds = Math.floor((from + chance * spread) * 60);
    const at = inZone(day + seconds * 1000, timeZone);
    return {
      person,
      requestId,
      type,
      at,
      photo: person.punchesWith[i % person.punchesWith.length] as string,
    };
  });
}

/** The working days before today, and today: the zone's dates as midnights in UTC. */
function daysUntil(now: Date, timeZone: string): number[] {
  const today = Math.floor(localOf(timeZone, now.getTime()) / MS_PER_DAY) * MS_PER_DAY;
  const days = isWorkingDay(today) ? [today] : [];
  for (let day = today - MS_PER_DAY, found = 0; found < DAYS; day -= MS_PER_DAY) {
    if (!isWorkingDay(day)) continue;
    days.unshift(day);
    found++;
  }
  return days;
}

const isWorkingDay = (day: number): boolean => new Date(day).getUTCDay() % SATURDAY !== 0;

/** The moment at which a clock in the zone shows this time. Clocks change at night, outside the demo's working hours. */
const inZone = (shown: number, timeZone: string): Date =>
  new Date(instantsOf(timeZone, shown)[0] ?? shown - offsetAt(timeZone, shown));
