import { isRestDay } from './classes';
import { minuteOf, timeOf } from './dates';
import type { DayPlan } from './day-plan';
import { isMissingLogout, isOpen, type DaySpan } from './open-spans';
import type { KeptPunch } from './kept-punches';
import type { Punch } from './types';
import type { WorkingDay } from './working-day';

export type WorkDayStatus =
  | 'NOT_EMPLOYED'
  | 'INCOMPLETE'
  | 'IN_PROGRESS'
  | 'PRESENT'
  | 'HOLIDAY'
  | 'ON_LEAVE'
  | 'NO_PLAN'
  | 'REST_DAY'
  | 'ABSENT'
  | 'DUE'
  | 'SCHEDULED';

/** Which punches of a working day are missing. */
export interface Missing {
  readonly login: boolean;
  readonly logout: boolean;
}

export function missingOf(spans: readonly DaySpan[], plan: DayPlan): Missing {
  if (plan.rules.rules.pairing === 'EVERY_PAIR') {
    return {
      login: spans.some(({ login }) => login === null),
      logout: spans.some(isMissingLogout),
    };
  }
  const last = spans.findLast(({ logout, derivedEnd }) => logout !== null || derivedEnd !== null);
  const first = spans.find(({ login }) => login !== null);
  return {
    login: last !== undefined && (first === undefined || first.start > (last.derivedEnd ?? last.end)),
    logout: spans.some((span) => isMissingLogout(span) && span.start >= (last?.end ?? -Infinity)),
  };
}

/**
 * One status a day, the first that holds.
 * @param asOf the minute at which the question is asked
 */
export function statusOf(day: WorkingDay, missing: Missing, asOf: number): WorkDayStatus {
  const { plan, spans } = day;
  if (!plan.employed) return 'NOT_EMPLOYED';
  if (spans.length > 0) {
    if (missing.login || missing.logout) return 'INCOMPLETE';
    return spans.some(({ running }) => running) ? 'IN_PROGRESS' : 'PRESENT';
  }
  const { times, holiday, dropped, source } = plan;
  if (dropped || (holiday !== null && times === null)) return 'HOLIDAY';
  if (times === null) return source === 'NONE' ? 'NO_PLAN' : 'REST_DAY';
  const free = freeBy(day);
  if (free !== null) return free;
  const { lateGraceMinutes, absentAfterMinutes } = plan.rules.rules;
  if (asOf >= times.end + absentAfterMinutes) return 'ABSENT';
  const begin = plan.shift?.kind === 'FLEXIBLE' ? times.windows[0]?.start : times.start;
  return begin !== undefined && asOf - begin > lateGraceMinutes ? 'DUE' : 'SCHEDULED';
}

/** Why nothing of the plan is left to work; null: something is. A holiday that takes all of it goes before leave. */
function freeBy({ plan, expected: { planned, credits } }: WorkingDay): 'HOLIDAY' | 'ON_LEAVE' | null {
  const credited = credits.reduce((sum, { minutes }) => sum + minutes, 0);
  if (planned === 0 || credited < planned) return plan.onLeave ? 'ON_LEAVE' : null;
  return credits.some(({ absence }) => absence !== null) ? 'ON_LEAVE' : 'HOLIDAY';
}

/** The flags in the order in which they are given. */
export const FLAG_ORDER = [
  'LATE',
  'LEFT_EARLY',
  'MISSING_LOGIN',
  'MISSING_LOGOUT',
  'AUTO_CLOSED',
  'BREAK_SHORT',
  'UNPLANNED',
  'CONTINUED',
  'ON_HOLIDAY',
  'ON_LEAVE',
  'MANUAL',
  'ARRIVED_LATE',
  'CORRECTED',
  'DAY_LONG',
  'REST_SHORT',
  'WEEK_LONG',
  'CONTINUOUS_LONG',
] as const;

export type WorkDayFlag = (typeof FLAG_ORDER)[number];

/** The flags of a working day that depend on this day alone. */
export function ownFlags(day: WorkingDay, missing: Missing, voided: boolean): WorkDayFlag[] {
  const { plan, spans, punctuality, automatic } = day;
  const flags: WorkDayFlag[] = [];
  if (voided) flags.push('CORRECTED');
  if (spans.length === 0) return flags;
  if (punctuality.late.length > 0) flags.push('LATE');
  if (punctuality.early.length > 0) flags.push('LEFT_EARLY');
  if (missing.login) flags.push('MISSING_LOGIN');
  if (missing.logout) flags.push('MISSING_LOGOUT');
  if (spans.some(({ derivedEnd }) => derivedEnd !== null)) flags.push('AUTO_CLOSED');
  if (automatic.missing.length > 0) flags.push('BREAK_SHORT');
  if (!plan.employed || (isRestDay(plan) && plan.holiday === null)) flags.push('UNPLANNED');
  if (workedOnHoliday(day)) flags.push('ON_HOLIDAY');
  if (plan.onLeave) flags.push('ON_LEAVE');
  for (const { login, logout } of spans) {
    for (const kept of [login, logout]) if (kept !== null) flags.push(...flagsOf(kept, plan));
  }
  return flags.length < 2 ? flags : [...new Set(flags)];
}

/** What is special about a punch, and about its repeats: these are of the day, too. */
function flagsOf({ punch, repeats }: KeptPunch, plan: DayPlan): WorkDayFlag[] {
  const flags: WorkDayFlag[] = [];
  if (punch.manual === true) flags.push('MANUAL');
  for (const each of [punch, ...repeats]) {
    if (each.manual !== true && arrivedLate(each, plan)) flags.push('ARRIVED_LATE');
    if (each.corrected === true) flags.push('CORRECTED');
  }
  return flags;
}

/** On a half-day holiday only what is worked after it has begun. */
function workedOnHoliday({ plan, worked }: WorkingDay): boolean {
  if (plan.holiday !== null) return true;
  if (plan.halfHoliday === null) return false;
  const from = plan.zone.at(plan.day, timeOf(plan.halfHoliday.from ?? '00:00'));
  return worked.some(({ end }) => end > from);
}

/** Received after the end of the date on which it was made. */
function arrivedLate({ at, receivedAt = null }: Punch, { zone }: DayPlan): boolean {
  return receivedAt !== null && receivedAt >= zone.startOf(zone.dayAt(minuteOf(at)) + 1) * 60_000;
}

/** Since when somebody is there. */
export const openSince = (spans: readonly DaySpan[]): number | null =>
  spans.find((span) => isOpen(span) && span.running)?.login?.punch.at ?? null;
