import { dayOf, minuteOf, MINUTES_OF_DAY } from './dates';
import { assignmentOn, planOf, rulesOn, shiftOf, type DayPlan, type PlanSource } from './day-plan';
import type { Rules } from './rules';
import type { Absence, Holiday, Instant, Office, Person, Shift } from './types';
import { Zone } from './zone';

/** The zone of people without an office. */
const NO_OFFICE = 'UTC';

const holidaysOf = new WeakMap<Office, Map<number, Holiday[]>>();

const plansOf = new WeakMap<Office, Map<number, DayPlan>>();

/** The plans of people who have nothing but their office's, by day. */
function sharedPlans(office: Office): Map<number, DayPlan> {
  let plans = plansOf.get(office);
  if (plans === undefined) plansOf.set(office, (plans = new Map<number, DayPlan>()));
  return plans;
}

/** The holidays of an office's calendar on a date, earliest first. */
function holidaysOn(office: Office, day: number): readonly Holiday[] {
  let byDay = holidaysOf.get(office);
  if (byDay === undefined) {
    byDay = new Map<number, Holiday[]>();
    for (const holiday of office.holidays) {
      const on = dayOf(holiday.date);
      byDay.set(on, [...(byDay.get(on) ?? []), holiday]);
    }
    for (const all of byDay.values()) all.sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
    holidaysOf.set(office, byDay);
  }
  return byDay.get(day) ?? [];
}

/** The rules of a person on the date of an instant. */
export function rulesAtInstant(person: Person, at: Instant): Rules {
  const calendar = new PersonCalendar(person);
  return calendar.plan(calendar.dayAt(minuteOf(at))).rules.rules;
}

/** Office, zone, plan and rules of one person on each date. */
export class PersonCalendar {
  private readonly plans = new Map<number, DayPlan>();
  private readonly overrides: ReadonlyMap<number, Shift | null>;
  private readonly absences: readonly { absence: Absence; from: number; until: number }[];
  private readonly employedFrom: number;
  private readonly employedUntil: number;
  /** The zone of somebody who always had it: most people never move. Null: it depends on the date. */
  private readonly onlyZone: Zone | null;

  constructor(private readonly person: Person) {
    const { overrides, absences, employment } = person;
    this.overrides = new Map(overrides.map(({ date, shift }) => [dayOf(date), shift]));
    this.absences = absences.map((absence) => ({
      absence,
      from: dayOf(absence.from),
      until: dayOf(absence.until),
    }));
    this.employedFrom = employment.from === null ? -Infinity : dayOf(employment.from);
    this.employedUntil = employment.until === null ? Infinity : dayOf(employment.until);
    const [period] = person.offices;
    const always = person.offices.length === 1 && period?.from === null ? period.office : null;
    this.onlyZone = always?.zones.length === 1 ? Zone.of(always.zones[0]?.timeZone ?? NO_OFFICE) : null;
  }

  plan(day: number): DayPlan {
    let plan = this.plans.get(day);
    if (plan === undefined) this.plans.set(day, (plan = this.read(day)));
    return plan;
  }

  zone(day: number): Zone {
    if (this.onlyZone !== null) return this.onlyZone;
    const office = this.office(day);
    const periods = office?.zones ?? [];
    const period =
      periods.findLast(({ from }) => from === null || dayOf(from) <= day)?.timeZone ?? periods[0]?.timeZone;
    return Zone.of(period ?? NO_OFFICE);
  }

  /** The first minute of a date, by the clocks of the office that the person has on that date. */
  startOf(day: number, dayStart = 0): number {
    const zone = this.zone(day);
    return dayStart === 0 ? zone.startOf(day) : zone.at(day, dayStart);
  }

  /**
   * The date to which a minute belongs. Dates leave no gaps and do not overlap, also if somebody moves.
   * @param dayStart minutes after midnight at which dates begin
   */
  dayAt(minute: number, dayStart = 0): number {
    let day = Math.floor(minute / MINUTES_OF_DAY);
    while (minute < this.startOf(day, dayStart)) day--;
    while (minute >= this.startOf(day + 1, dayStart)) day++;
    return day;
  }

  /** The holidays of the person's office on a date. */
  holidays(day: number): readonly Holiday[] {
    const office = this.office(day);
    return office === null ? [] : holidaysOn(office, day);
  }

  private office(day: number): Office | null {
    return this.person.offices.findLast(({ from }) => from === null || dayOf(from) <= day)?.office ?? null;
  }

  private read(day: number): DayPlan {
    const { person } = this;
    const office = this.office(day);
    const own = assignmentOn(person.assignments, day);
    const assignment = own ?? (office === null ? null : assignmentOn(office.assignments, day));
    const employed = day >= this.employedFrom && day <= this.employedUntil;
    const override = employed ? this.overrides.get(day) : undefined;
    const absences = this.absencesOn(day);
    // Most people have what their office has: one plan serves all of them.
    const shared =
      office !== null && own === null && employed && override === undefined && absences.length === 0;
    const plans = shared ? sharedPlans(office) : null;
    const known = plans?.get(day);
    if (known !== undefined) return known;
    let source: PlanSource = 'NONE';
    let shift: Shift | null = null;
    if (override !== undefined) [source, shift] = ['DAY', override];
    else if (employed && assignment !== null) {
      source = own === null ? 'OFFICE' : 'EMPLOYEE';
      shift = shiftOf(assignment.schedule, day);
    }
    const zone = this.zone(day);
    const rules = rulesOn(assignment, day);
    const holidays = office === null ? NO_HOLIDAYS : holidaysOn(office, day);
    const plan = planOf({ day, zone, office, employed, source, shift, rules, holidays, absences });
    plans?.set(day, plan);
    return plan;
  }

  private absencesOn(day: number): readonly Absence[] {
    if (this.absences.length === 0) return NO_ABSENCES;
    return this.absences
      .filter(({ from, until }) => from <= day && day <= until)
      .map(({ absence }) => absence);
  }
}

const NO_HOLIDAYS: readonly Holiday[] = [];
const NO_ABSENCES: readonly Absence[] = [];
