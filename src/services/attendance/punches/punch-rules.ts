import { AttendanceType } from '../../../entities/attendance.entity';

/** By default a LOGIN that is open for longer no longer counts: the employee forgot to punch out. */
const OPEN_LOGIN_MAX_HOURS = 16;

const MS_PER_SECOND = 1000;
const MS_PER_HOUR = 3_600_000;

/** One of the employee's latest punches, as far as the rules need it. */
export interface RecentPunch extends EarlierPunch {
  readonly id: string;
}

/** What the rules look at of an earlier punch. */
interface EarlierPunch {
  readonly type: AttendanceType;
  readonly recordedAt: Date;
}

type PunchDecision<P extends EarlierPunch> =
  | { readonly record: AttendanceType }
  /** The punch repeats this earlier one, which is the answer. */
  | { readonly repeats: P };

/**
 * Decides what a punch becomes.
 * - Within the minimum interval the same direction again, or any punch without a direction, repeats the earlier one.
 * - A given direction is used.
 * - Otherwise directions alternate: LOGOUT closes a LOGIN of the last hours (`openLoginMaxHours`; elapsed time, so that night shifts
 *   cross midnight and clock changes do not matter); everything else is a LOGIN. The plan can decide otherwise.
 *
 * @param recent the employee's latest punches, newest first; two suffice, since by the first rule no more than one
 *   of each direction lies within the interval
 * @param minIntervalSeconds 0 turns the first rule off
 * @param following punches that were made after this one, which arrives late, oldest first; two suffice again. They can
 *   be the same punch, and say nothing of its direction
 * @param openLoginMaxHours how old a LOGIN may be that a LOGOUT closes
 * @param planned what the plan says; null: it was not asked
 */
export function decidePunch<P extends EarlierPunch>(
  recent: readonly P[],
  requested: AttendanceType | null,
  now: Date,
  minIntervalSeconds: number,
  following: readonly P[] = [],
  openLoginMaxHours = OPEN_LOGIN_MAX_HOURS,
  planned: AttendanceType | null = null,
): PunchDecision<P> {
  for (const punch of [...recent, ...following]) {
    const same = requested === null || punch.type === requested;
    // A punch far in the future means that the clock was set back, not that this one is a repetition.
    const apart = Math.abs(now.getTime() - punch.recordedAt.getTime());
    if (same && minIntervalSeconds > 0 && apart < minIntervalSeconds * MS_PER_SECOND) {
      return { repeats: punch };
    }
  }
  if (requested !== null) return { record: requested };
  if (planned !== null) return { record: planned };
  const last = recent[0];
  const open =
    last?.type === AttendanceType.LOGIN &&
    now.getTime() - last.recordedAt.getTime() <= openLoginMaxHours * MS_PER_HOUR;
  return { record: open ? AttendanceType.LOGOUT : AttendanceType.LOGIN };
}
