import type { ClassPart } from './classes';
import { dateOf, instantOf, weekStartOf } from './dates';
import type { DaysOfPerson } from './days-of-person';
import type { DayFigures, DerivedDay, DerivedSpan } from './derived-day';
import type { WorkedDate } from './worked-dates';
import { stepsOf } from './explain/steps';
import { fingerprintOf } from './fingerprint';
import type { DaySpan } from './open-spans';
import type { PersonCalendar } from './person-calendar';
import type { PremiumPart } from './premiums';
import { FLAG_ORDER, missingOf, openSince, ownFlags, statusOf, type WorkDayFlag } from './status';
import type { OvertimeDecision } from './types';
import { restedTooShort, workedTooLongOnEnd } from './warnings';
import { presenceFigures, type WorkingDay } from './working-day';

/** What a date needs besides its working day and its minutes. */
interface Context {
  readonly calendar: PersonCalendar;
  readonly days: DaysOfPerson;
  readonly asOf: number;
  readonly steps: boolean;
  readonly premiums: readonly PremiumPart[];
  readonly weekLong: boolean;
  readonly decision: OvertimeDecision | null;
}

/** Puts the answer for one date together. No spreads: this runs for every day of everybody. */
export function derivedDay(day: WorkingDay, date: WorkedDate, context: Context): DerivedDay {
  const { plan, spans } = day;
  const { times, rules } = plan;
  const missing = missingOf(spans, plan);
  const figures = figuresOf(day, date, context.premiums);
  const derived = spans.map(spanOf);
  const overtime = decided(context.decision, { figures, spans: derived, rules: rules.version });
  if (overtime !== null && !overtime.stale) figures.overtimeApprovedMinutes = overtime.approvedMinutes;
  return {
    date: dateOf(plan.day),
    timeZone: plan.zone.name,
    office: plan.office,
    source: plan.source,
    shift: plan.shift,
    plannedStart: times === null ? null : instantOf(times.start),
    plannedEnd: times === null ? null : instantOf(times.end),
    status: statusOf(day, missing, context.asOf),
    flags: flagsOf(day, date, ownFlags(day, missing, context.days.voided.has(plan.day)), context),
    figures,
    openSince: openSince(spans),
    spans: derived,
    ignoredPunches: ignoredOf(spans),
    workedIntervals: workedOf(date),
    holiday: plan.holiday ?? plan.halfHoliday,
    absences: plan.absences,
    rules: rules.version,
    weekStart: dateOf(weekStartOf(plan.day, rules.weekStart)),
    overtime,
    steps: context.steps ? stepsOf(day, date, context.premiums, figures) : [],
  };
}

function decided(
  decision: OvertimeDecision | null,
  day: Pick<DerivedDay, 'figures' | 'spans' | 'rules'>,
): DerivedDay['overtime'] {
  if (decision === null) return null;
  const { approvedMinutes, fingerprint } = decision;
  return { approvedMinutes, stale: fingerprint !== fingerprintOf(day) };
}

function ignoredOf(spans: readonly DaySpan[]): string[] {
  const ids: string[] = [];
  for (const { login, logout } of spans) {
    for (const { id } of login?.repeats ?? []) ids.push(id);
    for (const { id } of logout?.repeats ?? []) ids.push(id);
  }
  return ids;
}

function workedOf({ parts }: WorkedDate): DerivedDay['workedIntervals'] {
  const worked: { start: number; end: number }[] = [];
  for (const part of parts) {
    for (const { start, end } of part.worked) worked.push({ start: instantOf(start), end: instantOf(end) });
  }
  return parts.length > 1 ? worked.sort((a, b) => a.start - b.start) : worked;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function figuresOf(day: WorkingDay, date: WorkedDate, premiums: readonly PremiumPart[]): Mutable<DayFigures> {
  const { plan, expected, punctuality } = day;
  let credited = 0;
  for (const { minutes } of expected.credits) credited += minutes;
  const presence = presenceFigures(day);
  const expectedMinutes = expected.planned - credited;
  return {
    presenceMinutes: presence.presenceMinutes,
    uncountedMinutes: presence.uncountedMinutes,
    roundingMinutes: presence.roundingMinutes,
    breakPunchedMinutes: presence.breakPunchedMinutes,
    breakPaidMinutes: presence.breakPaidMinutes,
    breakDeductedMinutes: presence.breakDeductedMinutes,
    workedMinutes: date.minutes,
    plannedMinutes: expected.planned,
    creditedMinutes: credited,
    expectedMinutes,
    balanceMinutes: plan.rules.rules.attribution === 'SHIFT' ? date.minutes - expectedMinutes : null,
    lateMinutes: sumOf(punctuality.late),
    earlyLeaveMinutes: sumOf(punctuality.early),
    overtimeApprovedMinutes: null,
    classes: classTotals(date.classes),
    premiums: premiumTotals(premiums),
  };
}

function sumOf(parts: readonly { readonly minutes: number }[]): number {
  let sum = 0;
  for (const { minutes } of parts) sum += minutes;
  return sum;
}

function classTotals(parts: readonly ClassPart[]): DayFigures['classes'] {
  const totals: Record<string, number> = { REGULAR: 0 };
  for (const part of parts) totals[part.class] = (totals[part.class] ?? 0) + part.minutes;
  return totals;
}

function premiumTotals(parts: readonly PremiumPart[]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { code, start, end } of parts) totals[code] = (totals[code] ?? 0) + end - start;
  return totals;
}

/**
 * The flags that hold, in the order of the specification.
 * @param own is changed
 */
function flagsOf(
  day: WorkingDay,
  date: WorkedDate,
  own: WorkDayFlag[],
  { days, weekLong }: Context,
): WorkDayFlag[] {
  const { limits } = day.plan.rules.rules;
  const flags = own;
  if (date.parts.some((part) => part.origin !== day && part.minutes > 0)) flags.push('CONTINUED');
  if (limits.dayLongMinutes !== null && date.minutes > limits.dayLongMinutes) flags.push('DAY_LONG');
  if (restedTooShort(day, days)) flags.push('REST_SHORT');
  if (weekLong) flags.push('WEEK_LONG');
  if (workedTooLongOnEnd(day)) flags.push('CONTINUOUS_LONG');
  return flags.length < 2 ? flags : flags.sort((a, b) => FLAG_ORDER.indexOf(a) - FLAG_ORDER.indexOf(b));
}

const spanOf = (span: DaySpan): DerivedSpan => ({
  login: span.login?.punch.id ?? null,
  logout: span.logout?.punch.id ?? null,
  start: span.login === null ? null : instantOf(span.start),
  end:
    span.derivedEnd !== null ? instantOf(span.derivedEnd) : span.logout === null ? null : instantOf(span.end),
  autoClosed: span.derivedEnd !== null,
  running: span.running,
  attributedBy: span.by,
});
