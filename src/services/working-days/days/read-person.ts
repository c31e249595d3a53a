import { isLoaded, type Person } from '@rollcall/working-days';
import type { Statements } from '../../../database/statements';
import { addDays } from '../../dates/dates';
import { readCalendar, type ReadRange } from './calendar-rows';
import { SharedCalendar } from './parse-calendar';
import { parsePerson } from './parse-person';
import { readPeople } from './person-rows';

/** Days around a range of which punches are read: at first, and for somebody who never stops punching. */
const MARGINS = [7, 60, 400];

/**
 * Everything that the days of one person are made of.
 * @param employeeId row id
 */
export async function readPerson(
  statements: Statements,
  employeeId: string,
  { from, until }: ReadRange,
): Promise<Person> {
  const calendar = new SharedCalendar(
    await readCalendar(statements, { from: addDays(from, -400), until: addDays(until, 7) }),
    false,
  );
  let person: Person | null = null;
  for (const margin of MARGINS) {
    const range = { from: addDays(from, -margin), until: addDays(until, margin) };
    const [row] = await readPeople(statements, {
      ...{ filter: { ids: [employeeId] }, dates: { from, until }, after: null, limit: 1 },
      range: { ...range, punchesFrom: range.from, punchesUntil: range.until },
    });
    if (row === undefined) break;
    person = parsePerson(row.facts, calendar);
    const loadedFrom = Date.parse(`${range.from}T00:00:00Z`);
    const loadedUntil = Date.parse(`${addDays(range.until, 1)}T00:00:00Z`);
    const { back, on } = isLoaded(person, { from, until, loadedFrom, loadedUntil });
    if (back && on) break;
  }
  return person ?? NOBODY;
}

const NOBODY: Person = {
  ...{ punches: [], offices: [], employment: { from: null, until: null }, assignments: [], overrides: [] },
  ...{ absences: [], waivers: [], overtimeDecisions: [] },
};
