import { MINUTES_OF_DAY, timeOf } from './dates';
import { totalOf, type Interval } from './intervals';
import type { Shift, TimeRange } from './types';
import type { Zone } from './zone';

/** When a shift is on one date. */
export interface ShiftTimes {
  /** FIXED: the segments. FLEXIBLE: the frame. */
  readonly segments: readonly Interval[];
  /** Where lateness counts. FIXED: the segments. FLEXIBLE: the core windows. */
  readonly windows: readonly Interval[];
  readonly start: number;
  readonly end: number;
  /** Where the planned break begins; null: anywhere. */
  readonly breakAt: number | null;
  /** Elapsed minutes of work that are planned. */
  readonly elapsed: number;
  /** The same by the wall clock, whatever the clocks do that night. */
  readonly nominal: number;
}

const known = new WeakMap<Shift, Map<Zone, Map<number, ShiftTimes>>>();

/** @param day the date on which the shift begins */
export function shiftTimes(shift: Shift, zone: Zone, day: number): ShiftTimes {
  let byZone = known.get(shift);
  if (byZone === undefined) known.set(shift, (byZone = new Map<Zone, Map<number, ShiftTimes>>()));
  let byDay = byZone.get(zone);
  if (byDay === undefined) byZone.set(zone, (byDay = new Map<number, ShiftTimes>()));
  let times = byDay.get(day);
  if (times === undefined) byDay.set(day, (times = timesOf(shift, zone, day)));
  return times;
}

function timesOf(shift: Shift, zone: Zone, day: number): ShiftTimes {
  if (shift.kind === 'FLEXIBLE') {
    const frame = placed([shift.frame], zone, day, null);
    const start = (frame[0] as Interval).start;
    const windows = placed(shift.core, zone, day, start);
    const minutes = shift.targetMinutes;
    return {
      ...{ segments: frame, windows, start, end: (frame[0] as Interval).end },
      ...{ breakAt: null, elapsed: minutes, nominal: minutes },
    };
  }
  const segments = placed(shift.segments, zone, day, null);
  const start = (segments[0] as Interval).start;
  const { breakMinutes, breakStartsAt } = shift;
  return {
    ...{ segments, windows: segments, start, end: (segments.at(-1) as Interval).end },
    breakAt: breakStartsAt === null ? null : nextAt(zone, day, timeOf(breakStartsAt), start).minute,
    elapsed: Math.max(0, totalOf(segments) - breakMinutes),
    nominal: Math.max(0, totalOf(nominalRanges(shift.segments)) - breakMinutes),
  };
}

/** Ranges as minutes of wall clocks since midnight of the first day, each at or after the end of the one before it. */
export function nominalRanges(ranges: readonly TimeRange[]): Interval[] {
  const all: Interval[] = [];
  let earliest = 0;
  for (const { from, to } of ranges) {
    const { start, end } = nominalRange(from, to);
    const days = Math.max(0, Math.ceil((earliest - start) / MINUTES_OF_DAY)) * MINUTES_OF_DAY;
    all.push({ start: start + days, end: end + days });
    earliest = end + days;
  }
  return all;
}

function nominalRange(from: string, to: string): Interval {
  const [start, end] = [timeOf(from), timeOf(to)];
  return { start, end: end > start ? end : end + MINUTES_OF_DAY };
}

/** Each `from` is the first such wall clock at or after the end before it. @param notBefore null: on the day itself */
function placed(ranges: readonly TimeRange[], zone: Zone, day: number, notBefore: number | null): Interval[] {
  const all: Interval[] = [];
  let earliest = notBefore;
  let on = day;
  for (const { from, to } of ranges) {
    const wall = nominalRange(from, to);
    const begin =
      earliest === null
        ? { day: on, minute: zone.at(on, wall.start) }
        : nextAt(zone, on, wall.start, earliest);
    const end = zone.at(begin.day + Math.floor(wall.end / MINUTES_OF_DAY), wall.end % MINUTES_OF_DAY);
    // Where the clocks go forward an end can come before its beginning.
    all.push({ start: begin.minute, end: Math.max(begin.minute, end) });
    earliest = Math.max(begin.minute, end);
    on = begin.day;
  }
  return all;
}

/** The first such wall clock at or after a minute. @param from a date before it */
export function nextAt(
  zone: Zone,
  from: number,
  time: number,
  notBefore: number,
): { day: number; minute: number } {
  for (let day = from; ; day++) {
    const minute = zone.at(day, time);
    if (minute >= notBefore) return { day, minute };
  }
}
