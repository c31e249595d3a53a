import { fill, locale, plural, texts } from '../messages';

/** Digits as the rest of the page has them; hours and minutes as the language writes them. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string | null, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${zone} ${JSON.stringify(options)}`;
  const made = formats.get(name) ?? create(zone, options);
  formats.set(name, made);
  return made;
}

function create(
  zone: string | null,
  options: Intl.DateTimeFormatOptions,
  language = locale(),
): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(language, { ...options, ...(zone === null ? {} : { timeZone: zone }) });
  } catch {
    // A zone that this browser does not know yet: its own is the better guess.
    return new Intl.DateTimeFormat(language, options);
  }
}

/** Hours and minutes on the wall of the office. @param zone null: the browser's */
export const timeIn = (zone: string | null, moment: Date): string =>
  format(zone, { hour: '2-digit', minute: '2-digit' }).format(moment);

/** Includes the date if it is not today. */
export const momentIn = (zone: string | null, moment: Date): string =>
  format(zone, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(moment);

/** A date without a time, as in Mon, 2 Mar. */
export const dateText = (date: string, options: Intl.DateTimeFormatOptions = {}): string =>
  new Intl.DateTimeFormat(locale(), {
    ...{ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' },
    ...options,
  }).format(new Date(`${date}T00:00:00Z`));

/** YYYY-MM-DD by the calendar of the office. */
export const dateIn = (zone: string | null, moment: Date): string => wallClockIn(zone, moment).slice(0, 10);

/** YYYY-MM-DDTHH:MM on the wall of the office, as a field of a form has it. */
export function wallClockIn(zone: string | null, moment: Date): string {
  const parts = plainFormat(zone).formatToParts(moment);
  const of = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/** Digits that machines read, whatever the language of the page. */
function plainFormat(zone: string | null): Intl.DateTimeFormat {
  const name = `plain ${zone}`;
  const two = '2-digit' as const;
  const clock = { hour: two, minute: two, hourCycle: 'h23' as const };
  const options = { year: 'numeric' as const, month: two, day: two, ...clock };
  const made = formats.get(name) ?? create(zone, options, 'en-GB');
  formats.set(name, made);
  return made;
}

export function hourIn(zone: string | null, moment: Date): number {
  const name = `hour ${zone}`;
  const hours =
    formats.get(name) ??
    new Intl.DateTimeFormat('en-GB', {
      hour: 'numeric',
      hourCycle: 'h23',
      ...(zone === null ? {} : { timeZone: zone }),
    });
  formats.set(name, hours);
  return Number(hours.format(moment));
}

/** How long to wait, as a noun. */
export function waitText(ms: number | null): string {
  const { wait } = texts();
  return ms === null ? wait.moment : plural(wait.seconds, Math.max(1, Math.ceil(ms / 1000)));
}

const KILOMETRE = 1000;

export function distanceText(metres: number): string {
  const { distance } = texts();
  const [text, count] = metres < KILOMETRE ? [distance.m, metres] : [distance.km, metres / KILOMETRE];
  const digits = metres < KILOMETRE || count >= 10 ? 0 : 1;
  return fill(text, {
    count: new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(count),
  });
}
