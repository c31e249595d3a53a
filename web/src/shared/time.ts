import { fill, locale, plural, texts } from '../messages';

/** Digits as the rest of the page has them; hours and minutes as the language writes them. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string | null, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${zone} ${JSON.stringify(options)}`;
  const made = formats.get(name) ?? create(zone, options);
  formats.set(name, made);
  return made;
}

function create(zone: string | null, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale(), { ...options, ...(zone === null ? {} : { timeZone: zone }) });
  } catch {
    // A zone that this browser does not know yet: its own is the better guess.
    return new Intl.DateTimeFormat(locale(), options);
  }
}

/** Hours and minutes on the wall of the office. @param zone null: the browser's */
export const timeIn = (zone: string | null, moment: Date): string =>
  format(zone, { hour: '2-digit', minute: '2-digit' }).format(moment);

/** Includes the date if it is not today. */
export const momentIn = (zone: string | null, moment: Date): string =>
  format(zone, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(moment);

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
