import { minutesText } from './clock-text';
import { step, timesText } from './draft';
import type { DayStep, StepCode } from './step';
import type { CountedSpan } from '../counted';
import { lengthOf, type Interval } from '../intervals';
import type { WorkingDay } from '../working-day';

/** From punches to presence, and what does not count of it. */
export function presenceSteps(day: WorkingDay): DayStep[] {
  return day.counted.flatMap((counted) => [
    ...presence(counted, day),
    ...uncounted(counted, day),
    ...rounding(counted, day),
  ]);
}

function presence({ present, spans, punchedEnd }: CountedSpan, day: WorkingDay): DayStep[] {
  const punches = [
    spans[0]?.login ?? null,
    punchedEnd ? (spans.findLast(({ logout }) => logout)?.logout ?? null) : null,
  ];
  const { rules } = day.plan.rules;
  const [code, rule] = !punchedEnd
    ? (['PRESENT_AUTO_CLOSED', 'openSpan'] as const)
    : rules.pairing === 'FIRST_TO_LAST'
      ? (['PRESENT_FIRST_TO_LAST', 'pairing'] as const)
      : (['PRESENT', ''] as const);
  const end = punchedEnd ? 'logout' : 'automatic end';
  const text = `Present from ${timesText(present, day)}, from login to ${end}.`;
  return [step('PRESENCE', { minutes: lengthOf(present), code, rule, text, at: present, punches })];
}

function uncounted({ present, trimmed, spans }: CountedSpan, day: WorkingDay): DayStep[] {
  const left = trimmed ?? { start: present.end, end: present.end };
  const part = (at: Interval, code: StepCode<'UNCOUNTED'>, rule: string, why: string): DayStep[] =>
    lengthOf(at) <= 0
      ? []
      : [
          step('UNCOUNTED', {
            ...{ minutes: lengthOf(at), code, rule, at, punches: [spans[0]?.login ?? null] },
            text: `Time from ${timesText(at, day)} does not count: ${why}.`,
          }),
        ];
  if (trimmed === null && day.plan.times !== null && present.start >= day.plan.times.end) {
    return part(present, 'AFTER_PLAN', 'countLate', 'it is after the planned end');
  }
  return [
    ...part(
      { start: present.start, end: left.start },
      'BEFORE_PLAN',
      'countEarly',
      'it is before the planned start',
    ),
    ...part({ start: left.end, end: present.end }, 'AFTER_PLAN', 'countLate', 'it is after the planned end'),
  ];
}

function rounding({ trimmed, counted, spans }: CountedSpan, day: WorkingDay): DayStep[] {
  if (trimmed === null || counted === null) return [];
  const { rules } = day.plan.rules;
  const rule = rules.rounding.mode === 'NONE' ? 'snap' : 'rounding';
  const edge = (
    minutes: number,
    what: string,
    code: StepCode<'ROUNDING'>,
    from: number,
    to: number,
  ): DayStep[] =>
    minutes === 0
      ? []
      : [
          step('ROUNDING', {
            ...{ minutes, code, rule, at: { start: Math.min(from, to), end: Math.max(from, to) } },
            punches: [what === 'Login' ? (spans[0]?.login ?? null) : (spans.at(-1)?.logout ?? null)],
            text: `${what} moved by rounding, which ${minutes > 0 ? 'adds' : 'takes off'} ${minutesText(minutes)}.`,
          }),
        ];
  return [
    ...edge(trimmed.start - counted.start, 'Login', 'LOGIN_ROUNDED', trimmed.start, counted.start),
    ...edge(counted.end - trimmed.end, 'Logout', 'LOGOUT_ROUNDED', trimmed.end, counted.end),
  ];
}
