import { AttendanceType } from '../../../entities/attendance.entity';
import type { RecentPunch } from './punch-rules';

/** One of an employee's latest punches, with what decides the order in which they were made. */
export interface LatestPunch extends RecentPunch {
  /** In the order of writing. */
  readonly sequence: number;
  /** Recorded as it was made: neither by hand nor offline. */
  readonly atOnce: boolean;
}

/**
 * Puts punches in the order in which they were made, newest first. Clocks are set, so times alone do not
 * decide. A punch that was recorded as it was made is older than every such punch recorded after it, and than now.
 * Other punches were made when they say, but not later than now.
 * @param punches in the order of writing, newest first
 */
export function newestFirst(punches: readonly LatestPunch[], now: Date): LatestPunch[] {
  const placed: { readonly punch: LatestPunch; readonly at: number }[] = [];
  let latest = now.getTime();
  for (const punch of punches) {
    const at = Math.min(punch.recordedAt.getTime(), punch.atOnce ? latest : now.getTime());
    if (punch.atOnce) latest = at;
    placed.push({ punch, at });
  }
  placed.sort((a, b) => b.at - a.at || b.punch.sequence - a.punch.sequence);
  const sorted: LatestPunch[] = [];
  for (const { punch } of placed) sorted.push(punch);
  return lastOfInstant(sorted);
}

/**
 * Puts the newest two punches in the order in which working days have them, if they are of one instant and of both directions:
 * the last one has the direction of the punch before them (`keptPunches` of packages/working-days).
 * @param newest newest first
 */
export function lastOfInstant<P extends RecentPunch>(newest: P[]): P[] {
  const [last, other, before] = newest;
  if (last === undefined || other === undefined) return newest;
  if (last.recordedAt.getTime() !== other.recordedAt.getTime() || last.type === other.type) return newest;
  return last.type === (before?.type ?? AttendanceType.LOGOUT) ? newest : [other, last, ...newest.slice(2)];
}
