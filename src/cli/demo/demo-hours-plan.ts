import { instantsOf, localOf, offsetAt } from '@rollcall/time-zones';
import { AttendanceType } from '../../entities/attendance.entity';
import type { LocalDate } from '../../entities/local-scalars';
import { DEMO_PEOPLE, type DemoPerson, type PlannedPunch } from './demo-plan';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const SATURDAY = 6;

/** What is special about the working days before the demo's week. */
export interface DemoHours {
  /** Nobody works. */
  readonly holiday: LocalDate;
  /** One is on leave, and the other forgets to log out. */
  readonly leave: LocalDate;
  /** One works at night, and the other does not come. */
  readonly night: LocalDate;
  readonly punches: readonly PlannedPunch[];
}

const [HOPPER, COLLINS] = DEMO_PEOPLE as [DemoPerson, DemoPerson];
/** Whose leave and night shift it is. */
export const ON_LEAVE = HOPPER.employeeId;

/** @param first the moment of the first ordinary punch of the demo */
export function planHours(first: Date, timeZone: string): DemoHours {
  const day = Math.floor(localOf(timeZone, first.getTime()) / DAY_MS) * DAY_MS;
  const [holiday, leave, night] = workingDaysBefore(day);
  const punch = (
    person: DemoPerson,
    name: string,
    type: AttendanceType,
    shown: number,
    i: number,
  ): PlannedPunch => ({
    ...{ person, type, requestId: `demo:${person.employeeId}:${name}`, at: inZone(shown, timeZone) },
    photo: person.punchesWith[i] as string,
  });
  const { LOGIN, LOGOUT } = AttendanceType;
  return {
    ...{ holiday: dateOf(holiday), leave: dateOf(leave), night: dateOf(night) },
    punches: [
      punch(HOPPER, 'night:1', LOGIN, night + (21 * 60 + 54) * MINUTE_MS, 0),
      punch(HOPPER, 'night:2', LOGOUT, night + DAY_MS + (6 * 60 + 3) * MINUTE_MS, 1),
      punch(COLLINS, 'forgotten:1', LOGIN, leave + (8 * 60 + 52) * MINUTE_MS, 0),
    ],
  };
}

/** The three working days before a day, the nearest first. */
function workingDaysBefore(day: number): [number, number, number] {
  const found: number[] = [];
  for (let before = day - DAY_MS; found.length < 3; before -= DAY_MS) {
    if (new Date(before).getUTCDay() % SATURDAY !== 0) found.push(before);
  }
  return found as [number, number, number];
}

const dateOf = (day: number): LocalDate => new Date(day).toISOString().slice(0, 10);

/** The moment at which a clock in the zone shows this. */
const inZone = (shown: number, timeZone: string): Date =>
  new Date(instantsOf(timeZone, shown)[0] ?? shown - offsetAt(timeZone, shown));
