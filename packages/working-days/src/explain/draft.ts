import { instantOf } from '../dates';
import { clockText } from './clock-text';
import type { DayStep, StepFigure } from './step';
import type { Interval } from '../intervals';
import type { KeptPunch } from '../kept-punches';
import type { WorkingDay } from '../working-day';

/** What a step needs; the rest has a default. */
interface StepDraft {
  readonly minutes: number;
  readonly code: string;
  readonly text: string;
  readonly key?: string;
  readonly at?: Interval;
  readonly rule?: string;
  readonly punches?: readonly (KeptPunch | null)[];
}

export function step(figure: StepFigure, draft: StepDraft): DayStep {
  const { key = null, at, rule = '', punches = [], minutes, code, text } = draft;
  return {
    ...{ figure, key, minutes, code, rule, text },
    from: at === undefined ? null : instantOf(at.start),
    to: at === undefined ? null : instantOf(at.end),
    punches: punches.flatMap((punch) => punch?.punch.id ?? []),
  };
}

/** HH:MM to HH:MM by the clocks of the working day. */
export const timesText = ({ start, end }: Interval, { plan }: WorkingDay): string =>
  `${clockText(start, plan.zone, plan.day)} to ${clockText(end, plan.zone, plan.day)}`;
