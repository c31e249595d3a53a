import { punchDates } from '@rollcall/working-days';
import type { Statements } from '../../../database/statements';
import type { LocalDate } from '../../../entities/local-scalars';
import { addDays } from '../../dates/dates';
import { readCalendar } from '../days/calendar-rows';
import type { DayReader } from '../days/day-reader';
import { AROUND_DAYS, MARGIN_DAYS, MAX_MARGIN_DAYS } from '../days/margins';
import { SharedCalendar } from '../days/parse-calendar';
import { parsePerson } from '../days/parse-person';
import { BATCH } from '../days/person-rows';
import { readStretches, stretchesOf, type DatedPunch, type Stretch } from './stretches';

/** Days around a punch that are read at first; enough for nearly everybody. */
const FIRST_MARGIN_DAYS = 2;

/** To which working days punches count. Derived like the days, whenever it is read. */
export class PunchDays {
  constructor(
    private readonly statements: Statements,
    private readonly reader: DayReader,
  ) {}

  /** @returns for each punch the date of its working day; null: it is a repeat or voided, and counts for none */
  async datesOf(punches: readonly DatedPunch[]): Promise<(LocalDate | null)[]> {
    const found = new Map<string, LocalDate>();
    let open = stretchesOf(punches);
    for (let margin = FIRST_MARGIN_DAYS; open.length > 0; margin *= 4) {
      open = await this.look(open, Math.min(margin, MAX_MARGIN_DAYS), found);
    }
    return punches.map(({ id }) => found.get(id) ?? null);
  }

  /**
   * The punches that count to a date.
   * @param employeeId row id; null: of everybody, who are derived batch by batch
   * @returns ids
   */
  async on(date: LocalDate, employeeId: string | null): Promise<string[]> {
    const filter = { ids: employeeId === null ? null : [employeeId] };
    const reading = await this.reader.open({
      ...{ filter, from: date, until: date, withoutWeekLong: true, peopleAround: AROUND_DAYS },
    });
    const ids: string[] = [];
    for await (const people of reading.batches()) {
      for (const { days } of people) {
        for (const { login, logout } of days[0]?.spans ?? []) {
          for (const id of [login, logout]) if (id !== null) ids.push(id);
        }
      }
    }
    return ids;
  }

  /** @returns those of which more has to be read */
  private async look(
    stretches: readonly Stretch[],
    margin: number,
    found: Map<string, LocalDate>,
  ): Promise<Stretch[]> {
    const left: Stretch[] = [];
    const dates = stretches.flatMap(({ from, until }) => [from, until]).sort();
    const text = await readCalendar(this.statements, {
      from: addDays(dates[0] as LocalDate, -margin - MARGIN_DAYS),
      until: addDays(dates.at(-1) as LocalDate, margin + MARGIN_DAYS),
    });
    const calendar = new SharedCalendar(text, true);
    for (let at = 0; at < stretches.length; at += BATCH) {
      const batch = stretches.slice(at, at + BATCH);
      const facts = await readStretches(this.statements, batch, margin);
      batch.forEach((stretch, i) => {
        const text = facts[i] ?? null;
        if (text === null) return;
        const days = punchDates(parsePerson(text, calendar), loadedOf(stretch, margin));
        if (days === null) left.push(stretch);
        else for (const { id } of stretch.punches) keep(found, id, days.get(id));
      });
    }
    return left;
  }
}

function keep(found: Map<string, LocalDate>, id: string, date: LocalDate | undefined): void {
  if (date !== undefined) found.set(id, date);
}

/** With the widest margin what was read has to do. */
function loadedOf({ punches, from, until }: Stretch, margin: number) {
  const last = margin >= MAX_MARGIN_DAYS;
  return {
    first: (punches[0] as DatedPunch).recordedAt.getTime(),
    last: (punches.at(-1) as DatedPunch).recordedAt.getTime(),
    loadedFrom: last ? -8.64e15 : Date.parse(`${addDays(from, -margin)}T00:00:00Z`),
    loadedUntil: last ? 8.64e15 : Date.parse(`${addDays(until, margin + 1)}T00:00:00Z`),
  };
}
