import { dayOfPunch, placeSpans } from './attribution';
import { countedSpans, withoutOverlaps, type CountedSpan } from './counted';
import { dayOf } from './dates';
import { keptPunches } from './kept-punches';
import { closeSpan, type DaySpan } from './open-spans';
import type { PersonCalendar } from './person-calendar';
import { spansOf } from './spans';
import type { Person } from './types';
import { workingDay, type WorkingDay } from './working-day';

/** The working days of one person, as far as the punches given tell. */
export class DaysOfPerson {
  private readonly days = new Map<number, WorkingDay>();
  private readonly spans: ReadonlyMap<number, readonly DaySpan[]>;
  private readonly counted: ReadonlyMap<number, readonly CountedSpan[]>;
  private readonly waived: ReadonlyMap<number, number>;
  /** Working days to which a voided punch belongs. */
  readonly voided: ReadonlySet<number>;

  /** @param asOf the minute at which the question is asked */
  constructor(
    person: Person,
    private readonly calendar: PersonCalendar,
    private readonly asOf: number,
  ) {
    const placed = placeSpans(spansOf(keptPunches(person.punches, calendar), asOf), calendar);
    const spans = new Map<number, DaySpan[]>();
    for (const span of placed) {
      const closed = closeSpan(span, calendar.plan(span.day));
      const known = spans.get(span.day);
      if (known === undefined) spans.set(span.day, [closed]);
      else known.push(closed);
    }
    this.spans = spans;
    const present = new Map<number, CountedSpan[]>();
    for (const [day, all] of spans) present.set(day, countedSpans(all, calendar.plan(day)));
    this.counted = withoutOverlaps(present);
    const voided = person.punches.filter(({ voided }) => voided === true);
    this.voided = new Set(voided.map((punch) => dayOfPunch(punch, placed, calendar)));
    const waived = new Map<number, number>();
    for (const { date, minutes } of person.waivers) {
      waived.set(dayOf(date), (waived.get(dayOf(date)) ?? 0) + minutes);
    }
    this.waived = waived;
  }

  on(day: number): WorkingDay {
    let found = this.days.get(day);
    if (found === undefined) {
      const spans = this.spans.get(day) ?? [];
      const counted = this.counted.get(day) ?? [];
      found = workingDay(this.calendar.plan(day), spans, counted, this.waived.get(day) ?? 0, this.asOf);
      this.days.set(day, found);
    }
    return found;
  }

  /** Days with punches, in order. */
  withPunches(): number[] {
    return [...this.spans.keys()].sort((a, b) => a - b);
  }
}
