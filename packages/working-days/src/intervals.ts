/** Whole minutes since 1970-01-01T00:00Z; the end is not part of it. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

export const lengthOf = ({ start, end }: Interval): number => end - start;

export const totalOf = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, interval) => sum + lengthOf(interval), 0);

/** Minutes that two intervals share. */
export const overlapOf = (a: Interval, b: Interval): number =>
  Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));

/** What an interval shares with several that do not overlap each other. */
export const sharedWith = (interval: Interval, others: readonly Interval[]): number =>
  others.reduce((sum, other) => sum + overlapOf(interval, other), 0);

/** The part of an interval inside another; null: none. */
export function clip(interval: Interval, { start, end }: Interval): Interval | null {
  const part = { start: Math.max(interval.start, start), end: Math.min(interval.end, end) };
  return part.start < part.end ? part : null;
}

/** Intervals in order less a part. */
export function without(intervals: readonly Interval[], part: Interval): Interval[] {
  const left: Interval[] = [];
  for (const { start, end } of intervals) {
    if (part.end <= start || part.start >= end) {
      left.push({ start, end });
      continue;
    }
    if (start < part.start) left.push({ start, end: part.start });
    if (part.end < end) left.push({ start: part.end, end });
  }
  return left;
}

/** Intervals in order, those that touch or overlap made one, and those without length left out. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const all: Interval[] = [];
  for (const interval of intervals) {
    if (interval.start >= interval.end) continue;
    const last = all.at(-1);
    if (last !== undefined && interval.start <= last.end) {
      all[all.length - 1] = { start: last.start, end: Math.max(last.end, interval.end) };
    } else all.push(interval);
  }
  return all;
}
