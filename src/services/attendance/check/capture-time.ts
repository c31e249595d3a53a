import { AttendanceFlag } from '../../../entities/attendance.entity';
import { RollcallError } from '../../../errors';
import type { Requester } from '../../access/requester';
import type { Check } from './check';

/** How long a kiosk may have been offline: a working day, and not long enough to make up last week's. */
const MAX_OFFLINE_MS = 12 * 3_600_000;
/** How far a kiosk's clock may be off before that counts. */
const CLOCK_TOLERANCE_MS = 60_000;
/** How long a check may be on its way, on the slowest line. */
const LONGEST_TRANSFER_MS = 300_000;
/** A check that ended in a fault may be sent again for so long, from every key. */
const RESEND_MS = 600_000;

/** Why the time of a saved check cannot be taken as it is. */
type UntimelyReason =
  | 'TIME_UNEXPLAINED'
  | 'TOO_OLD'
  | 'AHEAD'
  | 'OFFLINE_NOT_ALLOWED'
  | 'BEFORE_KEY'
  | 'BEFORE_EMPLOYEE'
  | 'BEFORE_BEACON'
  | 'BEACON_INVALID'
  | 'WAS_ONLINE'
  | 'TOO_CLOSE';

/** A saved check whose time a person has to decide about. */
export class Untimely extends RollcallError {
  constructor(
    readonly reason: UntimelyReason,
    /** Why, for the person who decides. */
    readonly note: string,
  ) {
    super('BAD_USER_INPUT', `capturedAt: ${note}`, { field: 'capturedAt' });
  }
}

/** When a punch was made. */
interface PunchTime {
  readonly at: Date;
  readonly flags: AttendanceFlag[];
}

/**
 * When a punch was made: now, or when its photo was taken. A clock that is off by a known offset is corrected; one that
 * is a little ahead makes no punch in the future. To be asked once it is known that the check is no retry: one of those
 * gets its first answer, however late.
 * @throws Untimely
 */
export function punchTime(check: Check, { mayPunchOffline }: Requester, now: Date): PunchTime {
  const { capturedAt } = check;
  if (capturedAt == null) return { at: now, flags: [] };
  const offset = offsetOf(check, now);
  const corrected = Math.abs(offset) > CLOCK_TOLERANCE_MS;
  const at = capturedAt.getTime() + (corrected ? offset : 0);
  const age = now.getTime() - at;
  if (age < -CLOCK_TOLERANCE_MS)
    throw new Untimely('AHEAD', 'must not be more than 60 seconds in the future');
  if (age > MAX_OFFLINE_MS) throw new Untimely('TOO_OLD', 'must not be more than 12 hours ago');
  if (age > RESEND_MS && !mayPunchOffline) {
    throw new Untimely('OFFLINE_NOT_ALLOWED', 'only keys with allowOffline can send older punches');
  }
  return {
    at: new Date(Math.min(at, now.getTime())),
    flags: corrected ? [AttendanceFlag.TIME_CORRECTED] : [],
  };
}

/**
 * What is to be added to the device's clock, in milliseconds. Clients that say nothing of their clock are believed.
 * @throws Untimely if the clock is not as the device believes
 */
function offsetOf({ deviceTime, clockOffsetMs }: Check, now: Date): number {
  if (deviceTime == null) return clockOffsetMs ?? 0;
  const unexplained = () => new Untimely('TIME_UNEXPLAINED', "the device's clock cannot be explained");
  if (clockOffsetMs == null) throw unexplained();
  // The check may have been on its way for a while, which looks as if the clock were behind.
  const difference = now.getTime() - deviceTime.getTime() - clockOffsetMs;
  if (difference < -CLOCK_TOLERANCE_MS || difference > CLOCK_TOLERANCE_MS + LONGEST_TRANSFER_MS) {
    throw unexplained();
  }
  return clockOffsetMs;
}
