import type { ClassPart } from '#src/classes';
import { dateOf, instantOf, weekStartOf } from '#src/dates';
import type { DaysOfPerson } from '#src/days-of-person';
import type { DayFigures, DerivedDay, DerivedSpan } from '#src/derived-day';
import type { WorkedDate } from '#src/worked-dates';
import { stepsOf } from '#src/explain/steps';
import { fingerprintOf } from '#src/fingerprint';
import type { DaySpan } from '#src/open-spans';
import type { PersonCalendar } from '#src/person-calendar';
import type { PremiumPart } from '#src/premiums';
import { FLAG_ORDER, missingOf, openSince, ownFlags, statusOf, type WorkDayFlag } from '#src/status';
import type { OvertimeDecision } from '#src/types';
import { restedTooShort, workedTooLongOnEnd } from '#src/warnings';
import { presenceFigures, type WorkingDay } from '#src/working-day';

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

/** Puts the answer for one date together. */
export function derivedDay(day: WorkingDay, date: WorkedDate, context: Context): DerivedDay {
  const { plan, spans } = day;
  const missing = missingOf(spans, plan);
  const undecided = figuresOf(day, date, context.premiums);
  const worked = date.parts.flatMap((part) => part.worked).sort((a, b) => a.start - b.start);
  const answer = {
    ...{ date: dateOf(plan.day), timeZone: plan.zone.name, office: plan.office, source: plan.source },
    shift: plan.shift,
    plannedStart: plan.times === null ? null : instantOf(plan.times.start),
    plannedEnd: plan.times === null ? null : instantOf(plan.times.end),
    status: statusOf(day, missing, context.asOf),
    flags: flagsOf(day, date, ownFlags(day, missing, context.days.voided.has(plan.day)), context),
    figures: undecided,
    openSince: openSince(spans),
    spans: spans.map(spanOf),
    ignoredPunches: spans.flatMap(({ login, logout }) =>
      [...(login?.repeats ?? []), ...(logout?.repeats ?? [])].map(({ id }) => id),
    ),
    workedIntervals: worked.map(({ start, end }) => ({ start: instantOf(start), end: instantOf(end) })),
    holiday: plan.holiday ?? plan.halfHoliday,
    absences: plan.absences,
    rules: plan.rules.version,
    weekStart: dateOf(weekStartOf(plan.day, plan.rules.weekStart)),
    overtime: null,
    steps: [],
  };
  const { decision } = context;
  const stale = decision !== null && decision.fingerprint !== fingerprintOf(answer);
  const decided: DerivedDay =
    decision === null
      ? answer
      : {
          ...answer,
          figures: { ...undecided, overtimeApprovedMinutes: stale ? null : decision.approvedMinutes },
          overtime: { approvedMinutes: decision.approvedMinutes, stale },
        };
  if (!context.steps) return decided;
  return { ...decided, steps: stepsOf(day, date, context.premiums, decided.figures) };
}

function figuresOf(day: WorkingDay, date: WorkedDate, premiums: readonly PremiumPart[]): DayFigures {
  const { plan, expected, punctuality } = day;
  const credited = expected.credits.reduce((sum, { minutes }) => sum + minutes, 0);
  const expectedMinutes = expected.planned - credited;
  return {
    ...presenceFigures(day),
    workedMinutes: date.minutes,
    plannedMinutes: expected.planned,
    creditedMinutes: credited,
    expectedMinutes,
    balanceMinutes: plan.rules.rules.attribution === 'SHIFT' ? date.minutes - expectedMinutes : null,
    lateMinutes: punctuality.late.reduce((sum, { minutes }) => sum + minutes, 0),
    earlyLeaveMinutes: punctuality.early.reduce((sum, { minutes }) => sum + minutes, 0),
    overtimeApprovedMinutes: null,
    classes: classTotals(date.classes),
    premiums: premiumTotals(premiums),
  };
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

/** The flags that hold, in the order of the specification. */
function flagsOf(
  day: WorkingDay,
  date: WorkedDate,
  own: readonly WorkDayFlag[],
  { days, weekLong }: Context,
): WorkDayFlag[] {
  const { limits } = day.plan.rules.rules;
  const flags = [...own];
  if (date.parts.some((part) => part.origin !== day && part.minutes > 0)) flags.push('CONTINUED');
  if (limits.dayLongMinutes !== null && date.minutes > limits.dayLongMinutes) flags.push('DAY_LONG');
  if (limits.restShortMinutes !== null) {
    const before = days.withPunches().filter((other) => other < day.plan.day);
    if (
      restedTooShort(
        day,
        before.slice(-REST_DAYS).map((other) => days.on(other)),
      )
    )
      flags.push('REST_SHORT');
  }
  if (weekLong) flags.push('WEEK_LONG');
  if (workedTooLongOnEnd(day)) flags.push('CONTINUOUS_LONG');
  return flags.sort((a, b) => FLAG_ORDER.indexOf(a) - FLAG_ORDER.indexOf(b));
}

/** The work before a rest is on one of the last days with punches. */
const REST_DAYS = 3;

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
