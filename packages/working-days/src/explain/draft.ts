import { instantOf } from '../dates';
import { clockText } from './clock-text';
import type { DayStep, StepCode, StepFigure, StepValue } from './step';
import type { Interval } from '../intervals';
import type { KeptPunch } from '../kept-punches';
import type { WorkingDay } from '../working-day';

/** What a step needs; the rest has a default. */
interface StepDraft<F extends StepFigure> {
  readonly minutes: number;
  readonly code: StepCode<F>;
  readonly text: string;
  readonly key?: string;
  readonly at?: Interval;
  readonly rule?: string;
  readonly values?: readonly StepValue[];
  readonly punches?: readonly (KeptPunch | null)[];
}

export function step<F extends StepFigure>(figure: F, draft: StepDraft<F>): DayStep {
  const { key = null, at, rule = '', values = [], punches = [], minutes, code, text } = draft;
  return {
    ...{ figure, key, minutes, code, values, rule, text },
    from: at === undefined ? null : instantOf(at.start),
    to: at === undefined ? null : instantOf(at.end),
    punches: punches.flatMap((punch) => punch?.punch.id ?? []),
  };
}

/** HH:MM to HH:MM by the clocks of the working day. */
export const timesText = ({ start, end }: Interval, { plan }: WorkingDay): string =>
  `${clockText(start, plan.zone, plan.day)} to ${clockText(end, plan.zone, plan.day)}`;
