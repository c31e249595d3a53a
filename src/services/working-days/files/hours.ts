import type { CsvStyle, HoursStyle } from './report-order';
import type { Column } from './table';

/** Hundredths of an hour, by whole numbers only: no ties occur. */
const hundredthsOf = (minutes: number): number =>
  Math.sign(minutes) * Math.floor((100 * Math.abs(minutes) + 30) / 60);

const two = (number: number): string => String(number).padStart(2, '0');

/** Minutes as hours: 7.50, or 07:30. */
export function hoursText(minutes: number, style: HoursStyle, mark: CsvStyle['decimal'] = 'POINT'): string {
  if (style === 'MINUTES') return String(minutes);
  const whole = style === 'DECIMAL' ? hundredthsOf(minutes) : minutes;
  const unit = style === 'DECIMAL' ? 100 : 60;
  const sign = whole < 0 ? '-' : '';
  const amount = Math.abs(whole);
  const [hours, rest] = [Math.floor(amount / unit), two(amount % unit)];
  if (style === 'HH_MM') return `${sign}${two(hours)}:${rest}`;
  return `${sign}${hours}${mark === 'COMMA' ? ',' : '.'}${rest}`;
}

/** The number of hours with two decimals, for formats that have numbers. */
export const decimalHours = (minutes: number): number => hundredthsOf(minutes) / 100;

/** The title of a column, with the unit of minutes. */
export const titleOf = ({ name, kind }: Column, style: HoursStyle): string =>
  kind === 'minutes' ? `${name}_${style === 'MINUTES' ? 'minutes' : 'hours'}` : name;
