/** From an instant on, clocks of a zone are this far ahead of UTC. Both in milliseconds. */
export interface Change {
  /** -Infinity for the first: what held before the table begins. */
  readonly at: number;
  readonly offset: number;
}

const DAY = 86_400_000;
const FROM = Date.UTC(1970, 0, 1);
const TO = Date.UTC(2101, 0, 1);
/** Shorter than any time between two changes of one zone, so that none is stepped over: Boa Vista in 2000 had 7 days. */
const STEP = 5 * DAY;

const tables = new Map<string, readonly Change[]>();

/**
 * The offset changes of a zone from 1970 to 2100, oldest first. The first call for a zone takes some tens of
 * milliseconds; the answer is kept. Offsets beyond either end are those at that end.
 * @param zone an IANA name, e.g. Europe/Berlin
 * @throws RangeError for a zone that Intl does not know
 */
export function changes(zone: string): readonly Change[] {
  let table = tables.get(zone);
  if (table === undefined) {
    table = tableOf(zone);
    tables.set(zone, table);
  }
  return table;
}

/** How far clocks in the zone are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, instant: number): number {
  const table = changes(zone);
  let [low, high] = [0, table.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((table[middle] as Change).at <= instant) low = middle;
    else high = middle - 1;
  }
  return (table[low] as Change).offset;
}

/** What clocks in the zone show at an instant, as milliseconds that read as this in UTC. */
export const localOf = (zone: string, instant: number): number => instant + offsetAt(zone, instant);

/**
 * The instants at which clocks in the zone show a local time: none in a gap (clocks go forward), two in a fold (clocks
 * go back), else one; earliest first.
 * @param local as of `localOf`
 */
export function instantsOf(zone: string, local: number): readonly number[] {
  // No zone is further from UTC than a day, nor moves its clocks by more.
  const near = new Set([offsetAt(zone, local - DAY), offsetAt(zone, local + DAY), offsetAt(zone, local)]);
  return [...near]
    .map((offset) => local - offset)
    .filter((instant) => localOf(zone, instant) === local)
    .sort((a, b) => a - b);
}

/**
 * The first instant of a date in the zone: midnight, or the end of the gap if clocks go forward at midnight.
 * @param local any local time of the date, as of `localOf`
 */
export function startOfDay(zone: string, local: number): number {
  const midnight = Math.floor(local / DAY) * DAY;
  const [first] = instantsOf(zone, midnight);
  if (first !== undefined) return first;
  // In a gap: the change is the only one that skips this local time.
  const gap = changes(zone).find(
    ({ at, offset }, i, all) => at + offset > midnight && at + (all[i - 1]?.offset ?? offset) <= midnight,
  );
  return gap?.at ?? midnight - offsetAt(zone, midnight);
}

function tableOf(zone: string): readonly Change[] {
  const offset = offsetReader(zone);
  const table: Change[] = [{ at: -Infinity, offset: offset(FROM) }];
  for (let from = FROM; from < TO;) {
    const known = (table.at(-1) as Change).offset;
    if (offset(from + STEP) === known) {
      from += STEP;
      continue;
    }
    // Bisection, to the second: the first instant with another offset.
    let [before, after] = [from, from + STEP];
    while (after - before > 1000) {
      const middle = before + Math.floor((after - before) / 2000) * 1000;
      if (offset(middle) === known) before = middle;
      else after = middle;
    }
    table.push({ at: after, offset: offset(after) });
    from = after;
  }
  return table;
}

/** Asks Intl, to the second: some offsets before 1972 have seconds. */
function offsetReader(timeZone: string): (instant: number) => number {
  // Swedish dates are ISO's.
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (instant) => Date.parse(`${shown.format(instant).replace(' ', 'T')}Z`) - instant;
}
