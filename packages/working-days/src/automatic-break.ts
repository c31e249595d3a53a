import { lengthOf, totalOf, without, type Interval } from './intervals';
import type { BreakRules } from './rules';

/** A part of the automatic break. */
export interface Deduction extends Interval {
  /** Place among the tiers. */
  readonly tier: number;
}

/** What the tiers of the break rules do with a day. */
export interface AutomaticBreak {
  readonly deductions: readonly Deduction[];
  /** Break minutes that are missing, if the rules deduct nothing. */
  readonly missing: readonly { readonly tier: number; readonly minutes: number }[];
}

/**
 * The break that the law or the house wants, less what was taken.
 * @param worked in order
 * @param taken minutes of breaks that count
 * @param breakAt where the planned break begins; null: anywhere
 */
export function automaticBreak(
  worked: readonly Interval[],
  taken: number,
  { tiers, deduct }: BreakRules,
  breakAt: number | null,
): AutomaticBreak {
  const missing: { tier: number; minutes: number }[] = [];
  const deductions: Deduction[] = [];
  let left = [...worked];
  let [minutes, deducted] = [totalOf(worked), 0];
  tiers.forEach(({ over, total }, tier) => {
    if (minutes <= over) return;
    const need = Math.max(0, total - taken - deducted);
    if (need === 0) return;
    if (deduct === 'NONE') {
      missing.push({ tier, minutes: need });
      return;
    }
    const part = Math.min(need, deduct === 'FULL' ? minutes : minutes - over);
    for (const { start, end } of placed(left, part, over, breakAt)) {
      deductions.push({ start, end, tier });
      left = without(left, { start, end });
    }
    minutes -= part;
    deducted += part;
  });
  return { deductions, missing };
}

/** Takes deducted minutes back, the last first. */
export function waive(deductions: readonly Deduction[], minutes: number): Deduction[] {
  const left = [...deductions];
  for (let open = minutes; open > 0 && left.length > 0;) {
    const last = left.pop() as Deduction;
    const taken = Math.min(open, lengthOf(last));
    if (taken < lengthOf(last)) left.push({ ...last, end: last.end - taken });
    open -= taken;
  }
  return left;
}

/** Where a part of the break lies: at the planned time, else from where `over` minutes were reached. */
function placed(left: readonly Interval[], part: number, over: number, breakAt: number | null): Interval[] {
  if (breakAt !== null) {
    const planned = { start: breakAt, end: breakAt + part };
    if (left.some(({ start, end }) => start <= planned.start && planned.end <= end)) return [planned];
  }
  let at = 0;
  let reached = 0;
  for (; at < left.length - 1; at++) {
    const length = lengthOf(left[at] as Interval);
    if (reached + length > over) break;
    reached += length;
  }
  const { start, end } = left[at] as Interval;
  const from = Math.min(start + Math.max(0, over - reached), end);
  const parts: Interval[] = [];
  let open = part;
  const own = Math.min(open, end - start);
  // Before the end of the interval if too little follows.
  const begin = Math.min(from, end - own);
  parts.push({ start: begin, end: begin + own });
  open -= own;
  for (let i = at - 1; open > 0 && i >= 0; i--) {
    const before = left[i] as Interval;
    const taken = Math.min(open, lengthOf(before));
    parts.push({ start: before.end - taken, end: before.end });
    open -= taken;
  }
  for (let i = at + 1; open > 0 && i < left.length; i++) {
    const after = left[i] as Interval;
    const taken = Math.min(open, lengthOf(after));
    parts.push({ start: after.start, end: after.start + taken });
    open -= taken;
  }
  return parts.sort((a, b) => a.start - b.start);
}
