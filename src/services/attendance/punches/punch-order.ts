import type { RecentPunch } from './punch-rules';

/** One of an employee's latest punches, with what tells the order in which they were made. */
export interface LatestPunch extends RecentPunch {
  /** In the order of writing. */
  readonly sequence: number;
  /** Recorded as it was made: neither by hand nor offline. */
  readonly atOnce: boolean;
}

/**
 * Puts punches in the order in which they were made, newest first. Clocks are set, so times alone do not tell: a punch
 * that was recorded as it was made was made before whatever was so recorded after it, and before now. Others were made
 * when they say, but not later than now.
 */
export function newestFirst(punches: readonly LatestPunch[], now: Date): LatestPunch[] {
  const atOnce = punches.filter((punch) => punch.atOnce).sort((a, b) => b.sequence - a.sequence);
  const madeAt = new Map<LatestPunch, number>();
  let latest = now.getTime();
  for (const punch of atOnce) {
    latest = Math.min(latest, punch.recordedAt.getTime());
    madeAt.set(punch, latest);
  }
  const time = (punch: LatestPunch): number =>
    madeAt.get(punch) ?? Math.min(punch.recordedAt.getTime(), now.getTime());
  return [...punches].sort((a, b) => time(b) - time(a) || b.sequence - a.sequence);
}
