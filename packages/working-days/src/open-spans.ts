import type { PlacedSpan } from './attribution';
import type { CompiledRules } from './compiled-rules';
import type { DayPlan } from './day-plan';
import { nextAt } from './shift-times';

/** A span of a working day with the end that the rules derive for a missing LOGOUT. */
export interface DaySpan extends PlacedSpan {
  /** Null: it has a LOGOUT, is running, or stays open. */
  readonly derivedEnd: number | null;
}

/** Ends forgotten spans as the rules of the working day say. What is added is never a punch. */
export function closeSpan(span: PlacedSpan, plan: DayPlan): DaySpan {
  const { login, logout, start, end, first, last, running, nextPunch, rules, day, by } = span;
  let derivedEnd: number | null = null;
  if (login !== null && logout === null && !running) {
    const wanted = wantedEnd(start, plan, plan.rules);
    const until = wanted === null ? start : Math.min(wanted, nextPunch ?? Infinity);
    if (until > start) derivedEnd = until;
  }
  return { login, logout, start, end, first, last, running, nextPunch, rules, day, by, derivedEnd };
}

function wantedEnd(login: number, plan: DayPlan, { rules, closeAt }: CompiledRules): number | null {
  switch (rules.openSpan.mode) {
    case 'LEAVE_OPEN':
      return null;
    case 'CLOSE_AT_SHIFT_END':
      return plan.times === null ? null : (plan.cutAt ?? plan.times.end);
    case 'CLOSE_AFTER':
      return login + (rules.openSpan.minutes ?? 0);
    case 'CLOSE_AT':
      return nextAt(plan.zone, plan.zone.dayAt(login), closeAt, login + 1).minute;
  }
}

/** A LOGIN that waits for its LOGOUT. */
export const isOpen = (span: PlacedSpan): boolean => span.login !== null && span.logout === null;

/** Whether the LOGOUT of a span is missing: it no longer runs, and the rules derive no end. */
export const isMissingLogout = (span: DaySpan): boolean =>
  isOpen(span) && !span.running && span.derivedEnd === null;
