import { fill, locale, texts } from '../messages';

/** Minutes as hours and minutes, 7:30. */
export function hoursText(minutes: number): string {
  const digits = new Intl.NumberFormat(locale(), { useGrouping: false });
  const two = new Intl.NumberFormat(locale(), { minimumIntegerDigits: 2 });
  const amount = Math.abs(minutes);
  const sign = minutes < 0 ? '\u2212' : '';
  return `${sign}${digits.format(Math.floor(amount / 60))}:${two.format(amount % 60)}`;
}

/** With its sign, even if it is positive. */
export const balanceText = (minutes: number | null): string =>
  minutes === null ? '' : `${minutes > 0 ? '+' : ''}${hoursText(minutes)}`;

/** What the service said, or the reason why it said nothing. */
export const problemText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

export const statusText = (status: keyof ReturnType<typeof texts>['hours']['statuses']): string =>
  texts().hours.statuses[status];

export const flagText = (flag: keyof ReturnType<typeof texts>['hours']['flags']): string =>
  texts().hours.flags[flag];

/** Worked of planned, for who cannot see the bar. */
export const barText = (worked: number, planned: number): string =>
  fill(texts().hours.bar, { worked: hoursText(worked), planned: hoursText(planned) });
