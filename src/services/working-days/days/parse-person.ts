import type { Person, Punch } from '@rollcall/working-days';
import { since, type AssignmentRow, type SharedCalendar } from './parse-calendar';

type Facts = readonly [
  employedFrom: string | null,
  employedUntil: string | null,
  officeId: string | null,
  offices: readonly (readonly [string, string | null])[] | null,
  assignments: readonly AssignmentRow[] | null,
  overrides: readonly (readonly [string, string | null])[] | null,
  absences: readonly (readonly [string, string, string, number | null, string])[] | null,
  waivers: readonly (readonly [string, number])[] | null,
  decisions: readonly (readonly [string, number, string])[] | null,
  punches: string | null,
];

/** @param facts the text of a PersonRow */
export function parsePerson(facts: string, calendar: SharedCalendar): Person {
  // Our own statement wrote it.
  const row = JSON.parse(facts) as Facts;
  const [from, until, officeId, offices, assignments, overrides, absences, waivers, decisions, punches] = row;
  return {
    employment: { from: from === null ? null : since(from), until },
    offices: (offices ?? [['-infinity', officeId] as const]).map(([from, id]) => ({
      from: since(from),
      office: id === null ? null : (calendar.offices.get(id) ?? null),
    })),
    assignments: calendar.assignments(assignments),
    overrides: (overrides ?? []).map(([date, id]) => ({
      date,
      shift: id === null ? null : (calendar.shifts.get(id) ?? null),
    })),
    absences: (absences ?? []).map(([id, from, until, minutesPerDay, kind]) => ({
      id,
      from,
      until,
      minutesPerDay,
      kind,
    })),
    waivers: (waivers ?? []).map(([date, minutes]) => ({ date, minutes })),
    overtimeDecisions: (decisions ?? []).map(([date, approvedMinutes, fingerprint]) => ({
      ...{ date, approvedMinutes, fingerprint },
    })),
    punches: punches === null ? [] : punches.split(',').map(punchOf),
  };
}

const ID_LENGTH = 36;

/** @param text as person-rows.ts writes it */
function punchOf(text: string): Punch {
  const id = text.slice(0, ID_LENGTH);
  const type = text[ID_LENGTH] === 'I' ? 'LOGIN' : 'LOGOUT';
  const special = text.indexOf('r', ID_LENGTH);
  if (special === -1) {
    const at = Number(text.slice(ID_LENGTH + 1));
    return { id, type, at, receivedAt: null, manual: false, corrected: false, voided: false };
  }
  const letters = text.slice(special + 1);
  const received = /^\d+/.exec(letters)?.[0];
  return {
    ...{ id, type, at: Number(text.slice(ID_LENGTH + 1, special)) },
    receivedAt: received === undefined ? null : Number(received),
    manual: letters.includes('m'),
    corrected: letters.includes('c'),
    voided: letters.includes('v'),
  };
}
