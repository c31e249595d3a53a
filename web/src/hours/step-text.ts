import { fill, texts } from '../messages';
import { dateIn, momentIn, timeIn } from '../shared/time';
import type { TimesheetDay } from './hours-api';
import { hoursText } from './words';

type Step = TimesheetDay['steps'][number];

/** The names that sentences have for the numbers of a step. */
const DURATIONS = { OVER: 'over', REQUIRED_BREAK: 'required', UNPAID_BREAK: 'unpaid' } as const;

/**
 * What happened, in the language of the page.
 * @returns null for a code that this page does not know: the service is newer
 */
export function stepText({ figure, code, from, to, values }: Step, day: TimesheetDay): string | null {
  const sentences: Readonly<Record<string, string>> = texts().hours.steps[figure];
  const sentence = sentences[code];
  if (sentence === undefined) return null;
  return fill(sentence, {
    ...(from === null ? {} : { from: clock(from, day) }),
    ...(to === null ? {} : { until: clock(to, day) }),
    ...Object.fromEntries(
      values.map(({ name, value }): [string, string | number] =>
        name === 'PART' ? ['part', value] : [DURATIONS[name], hoursText(value)],
      ),
    ),
  });
}

/** The name of a class; the code of a premium is the customer's own. */
export const keyText = (key: string): string => {
  const classes: Readonly<Record<string, string>> = texts().hours.classes;
  return classes[key] ?? key;
};

/** By the clocks of the office, with the date if it is not the day's. */
function clock(moment: string, { date, timeZone }: TimesheetDay): string {
  const at = new Date(moment);
  return dateIn(timeZone, at) === date ? timeIn(timeZone, at) : momentIn(timeZone, at);
}
