import { ShiftKind, type Shift } from '../../../entities/shift.entity';
import type { TimeRange } from '../../../entities/local-scalars';
import { badInput } from '../../../errors';
import { minutesOf } from '../../dates/dates';

export type ShiftValues = Pick<
  Shift,
  'name' | 'kind' | 'segments' | 'breakMinutes' | 'breakStartsAt' | 'frame' | 'core' | 'targetMinutes'
>;

const DAY = 1440;
const MAX_SEGMENTS = 4;
const MAX_CORE = 3;

/** Minutes from `from` until the wall clock shows `to`; the same wall clock is a day later. */
const lengthOf = ({ from, to }: TimeRange): number =>
  (((minutesOf(to) - minutesOf(from)) % DAY) + DAY) % DAY || DAY;

/** Minutes from one wall clock to the next time that it is another; none if they are the same. */
const gapTo = (after: string, from: string): number => (minutesOf(from) - minutesOf(after) + DAY) % DAY;

/** From the start of the first to the end of the last, each beginning at or after the end before it. */
function reachOf(ranges: readonly TimeRange[]): number {
  let reach = 0;
  let end: string | null = null;
  for (const range of ranges) {
    reach += (end === null ? 0 : gapTo(end, range.from)) + lengthOf(range);
    end = range.to;
  }
  return reach;
}

/** Minutes that a shift plans, before any change of clocks. */
export function plannedMinutes({ kind, segments, breakMinutes, targetMinutes }: ShiftValues): number {
  if (kind === ShiftKind.FLEXIBLE) return targetMinutes ?? 0;
  return segments.reduce((sum, segment) => sum + lengthOf(segment), 0) - breakMinutes;
}

/** @throws RollcallError BAD_USER_INPUT naming the field and its bound */
export function checkShift(shift: ShiftValues): void {
  if (shift.kind === ShiftKind.FIXED) checkFixed(shift);
  else checkFlexible(shift);
}

function checkFixed(shift: ShiftValues): void {
  const { segments, breakMinutes, breakStartsAt } = shift;
  for (const field of ['frame', 'targetMinutes'] as const) {
    if (shift[field] !== null) throw badInput(field, 'is for FLEXIBLE shifts only');
  }
  if (shift.core.length > 0) throw badInput('core', 'is for FLEXIBLE shifts only');
  if (segments.length < 1 || segments.length > MAX_SEGMENTS) {
    throw badInput('segments', `must have 1 to ${MAX_SEGMENTS} entries`);
  }
  const reach = reachOf(segments);
  if (reach > DAY) {
    throw badInput(
      'segments',
      'must be in order, must not overlap, and must end within 24 hours of the first start',
    );
  }
  const worked = segments.reduce((sum, segment) => sum + lengthOf(segment), 0);
  if (breakMinutes < 0 || breakMinutes >= worked) {
    throw badInput('breakMinutes', `must be 0 to ${worked - 1}, less than the segments together`);
  }
  if (breakStartsAt === null) return;
  if (breakMinutes === 0) throw badInput('breakStartsAt', 'needs breakMinutes of at least 1');
  const begins = segments.some((segment) => gapTo(segment.from, breakStartsAt) < lengthOf(segment));
  if (!begins) throw badInput('breakStartsAt', 'must be within a segment');
}

function checkFlexible({
  segments,
  breakMinutes,
  breakStartsAt,
  frame,
  core,
  targetMinutes,
}: ShiftValues): void {
  if (segments.length > 0) throw badInput('segments', 'is for FIXED shifts only');
  if (breakMinutes !== 0) throw badInput('breakMinutes', 'is for FIXED shifts only');
  if (breakStartsAt !== null) throw badInput('breakStartsAt', 'is for FIXED shifts only');
  if (frame === null) throw badInput('frame', 'is required for FLEXIBLE shifts');
  const length = lengthOf(frame);
  if (targetMinutes === null) throw badInput('targetMinutes', 'is required for FLEXIBLE shifts');
  if (targetMinutes < 1 || targetMinutes > length) {
    throw badInput('targetMinutes', `must be 1 to ${length}, the length of the frame`);
  }
  if (core.length > MAX_CORE) throw badInput('core', `must have at most ${MAX_CORE} entries`);
  const [first] = core;
  if (first !== undefined && gapTo(frame.from, first.from) + reachOf(core) > length) {
    throw badInput('core', 'must be in order, must not overlap, and must be within the frame');
  }
}
