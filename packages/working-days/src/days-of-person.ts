import { dayOfPunch, placeSpans, type PlacedSpan } from './attribution';
import { dayOf } from './dates';
import { keptPunches } from './kept-punches';
import { closeSpan } from './open-spans';
import type { PersonCalendar } from './person-calendar';
import { spansOf } from './spans';
import type { Person } from './types';
import { workingDay, type WorkingDay } from './working-day';

/** The working days of one person, as far as the punches given tell. */
export class DaysOfPerson {
  private readonly days = new Map<number, WorkingDay>();
  private readonly spans: ReadonlyMap<number, readonly PlacedSpan[]>;
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
    const spans = new Map<number, PlacedSpan[]>();
    for (const span of placed) {
      const known = spans.get(span.day);
      if (known === undefined) spans.set(span.day, [span]);
      else known.push(span);
    }
    this.spans = spans;
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
      const plan = this.calendar.plan(day);
      const spans = (this.spans.get(day) ?? []).map((span) => closeSpan(span, plan));
      found = workingDay(plan, spans, this.waived.get(day) ?? 0, this.asOf);
      this.days.set(day, found);
    }
    return found;
  }

  /** Days with punches, in order. */
  withPunches(): number[] {
    return [...this.spans.keys()].sort((a, b) => a - b);
  }
}
