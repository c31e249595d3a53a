import { dayOfPunch, placeSpans, type PlacedSpan } from './attribution';
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
  private readonly spans: ReadonlyMap<number, readonly PlacedSpan[]>;
  private readonly closed = new Map<number, readonly DaySpan[]>();
  private counted: ReadonlyMap<number, readonly CountedSpan[]> | null = null;
  private readonly waived: ReadonlyMap<number, number>;
  /** Days with punches, in order. */
  readonly withPunches: readonly number[];
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
    this.withPunches = [...spans.keys()].sort((a, b) => a - b);
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
      found = workingDay(
        this.calendar.plan(day),
        this.spansOn(day),
        this.countedOn(day),
        this.waived.get(day) ?? 0,
        this.asOf,
      );
      this.days.set(day, found);
    }
    return found;
  }

  /** The spans of a working day, without the rest of it. */
  spansOn(day: number): readonly DaySpan[] {
    let found = this.closed.get(day);
    if (found === undefined) {
      const plan = this.calendar.plan(day);
      found = this.spans.get(day)?.map((span) => closeSpan(span, plan)) ?? NO_SPANS;
      this.closed.set(day, found);
    }
    return found;
  }

  /** What counts of a working day. It depends on the days around it: no minute counts on two. */
  private countedOn(day: number): readonly CountedSpan[] {
    if (this.counted === null) {
      const present = new Map<number, CountedSpan[]>();
      for (const each of this.withPunches) {
        present.set(each, countedSpans(this.spansOn(each), this.calendar.plan(each)));
      }
      this.counted = withoutOverlaps(present);
    }
    return this.counted.get(day) ?? NOTHING_COUNTED;
  }
}

const NO_SPANS: readonly DaySpan[] = [];
const NOTHING_COUNTED: readonly CountedSpan[] = [];
