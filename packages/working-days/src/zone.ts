import { changes, instantsOf, offsetAt, startOfDay } from '@rollcall/time-zones';
import { minuteOf, MINUTES_OF_DAY } from './dates';

const MS_OF_MINUTE = 60_000;
const MS_OF_DAY = 86_400_000;

/** Wall clocks of a time zone in whole minutes. Days without a change of the clocks cost one look into a map. */
export class Zone {
  /** The offset in minutes on days whose clocks do not change within a day before and after; NaN on others. */
  private readonly offsets = new Map<number, number>();
  private readonly starts = new Map<number, number>();

  private constructor(readonly name: string) {}

  private static readonly all = new Map<string, Zone>();

  /** @throws RangeError for a zone that Intl does not know */
  static of(name: string): Zone {
    let zone = Zone.all.get(name);
    if (zone === undefined) {
      changes(name);
      zone = new Zone(name);
      Zone.all.set(name, zone);
    }
    return zone;
  }

  /**
   * The minute at which clocks show a time. As RFC 5545: a time that does not exist moves on by the gap, of one that
   * exists twice it is the first.
   * @param time minutes since midnight
   */
  at(day: number, time: number): number {
    const offset = this.offsetOn(day);
    if (!Number.isNaN(offset)) return day * MINUTES_OF_DAY + time - offset;
    const local = day * MS_OF_DAY + time * MS_OF_MINUTE;
    const [first] = instantsOf(this.name, local);
    return minuteOf(first ?? local - offsetAt(this.name, local - MS_OF_DAY));
  }

  /** The first minute of a date. */
  startOf(day: number): number {
    const offset = this.offsetOn(day);
    if (!Number.isNaN(offset)) return day * MINUTES_OF_DAY - offset;
    let start = this.starts.get(day);
    if (start === undefined) {
      start = minuteOf(startOfDay(this.name, day * MS_OF_DAY));
      this.starts.set(day, start);
    }
    return start;
  }

  /** What clocks show, as minutes that read as this in UTC. */
  localOf(minute: number): number {
    return minute + Math.floor(offsetAt(this.name, minute * MS_OF_MINUTE) / MS_OF_MINUTE);
  }

  /** The date that calendars show. */
  dayAt(minute: number): number {
    return Math.floor(this.localOf(minute) / MINUTES_OF_DAY);
  }

  private offsetOn(day: number): number {
    let offset = this.offsets.get(day);
    if (offset === undefined) {
      const from = (day - 1) * MS_OF_DAY;
      const until = (day + 3) * MS_OF_DAY;
      const changing = changes(this.name).some(({ at }) => at > from && at <= until);
      const ms = offsetAt(this.name, day * MS_OF_DAY);
      offset = changing || ms % MS_OF_MINUTE !== 0 ? NaN : ms / MS_OF_MINUTE;
      this.offsets.set(day, offset);
    }
    return offset;
  }
}
