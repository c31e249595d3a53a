import { fingerprintOf, type DerivedDay } from '@rollcall/working-days';
import { figureCells, figureColumns } from './figure-columns';
import { localTime, weekdayIn } from './local-time';
import type { ReportNames, ReportPerson } from './report-person';
import type { Cell, Column } from './table';

/** What makes the rows of one kind of report. */
export interface RowMaker {
  readonly columns: readonly Column[];
  rows(person: ReportPerson): Cell[][];
}

const text = (...names: readonly string[]): Column[] => names.map((name) => ({ name, kind: 'text' }));
export const PERSON_COLUMNS = text('employee_id', 'name', 'office');
const DATE: Column = { name: 'date', kind: 'date' };

/** The cells of PERSON_COLUMNS. @param day of the office; left out: today's office */
export const personCells = (person: ReportPerson, names: ReportNames, day?: DerivedDay): Cell[] => {
  const office = day === undefined ? person.office : (names.offices.get(day.office?.id ?? '') ?? null);
  return [person.employeeId, person.name, office];
};

const firstIn = ({ spans }: DerivedDay): number | null =>
  spans.find(({ start }) => start !== null)?.start ?? null;
const lastOut = ({ spans }: DerivedDay): number | null =>
  spans.findLast(({ end }) => end !== null)?.end ?? null;
const list = (values: readonly string[]): string => values.join(' ');

/** Every day of everybody. */
export function dayRows(names: ReportNames, locale: string): RowMaker {
  const weekday = weekdayIn(locale);
  const { premiums } = names;
  return {
    columns: [
      ...PERSON_COLUMNS,
      DATE,
      ...text('weekday', 'time_zone', 'shift', 'status', 'flags', 'first_in', 'last_out'),
      ...figureColumns(premiums),
      ...text('absence_kind', 'fingerprint'),
    ],
    rows: (person) =>
      person.days.map((day) => [
        ...personCells(person, names, day),
        ...[day.date, weekday(day.date), day.timeZone, day.shift?.name ?? null, day.status, list(day.flags)],
        ...[localTime(firstIn(day), day.timeZone), localTime(lastOut(day), day.timeZone)],
        ...figureCells(day.figures, premiums),
        list(day.absences.flatMap(({ kind }) => kind ?? [])),
        fingerprintOf(day),
      ]),
  };
}

const WRONG_STATUSES = new Set(['INCOMPLETE', 'ABSENT', 'DUE']);
const WRONG_FLAGS = new Set([
  ...['LATE', 'LEFT_EARLY', 'MISSING_LOGIN', 'MISSING_LOGOUT', 'AUTO_CLOSED', 'BREAK_SHORT', 'UNPLANNED'],
  ...['DAY_LONG', 'REST_SHORT', 'WEEK_LONG', 'CONTINUOUS_LONG'],
]);

/** Days that somebody should look at: late, early, absent, incomplete, and warnings. */
export function exceptionRows(names: ReportNames, locale: string): RowMaker {
  const weekday = weekdayIn(locale);
  const minutes = ['late', 'early_leave', 'worked', 'expected'];
  return {
    columns: [
      ...PERSON_COLUMNS,
      DATE,
      ...text('weekday', 'status', 'flags', 'shift', 'planned_start', 'planned_end', 'first_in', 'last_out'),
      ...minutes.map((name): Column => ({ name, kind: 'minutes' })),
    ],
    rows: (person) =>
      person.days
        .filter(
          ({ status, flags }) => WRONG_STATUSES.has(status) || flags.some((flag) => WRONG_FLAGS.has(flag)),
        )
        .map((day) => [
          ...personCells(person, names, day),
          ...[day.date, weekday(day.date), day.status, list(day.flags), day.shift?.name ?? null],
          ...[day.plannedStart, day.plannedEnd, firstIn(day), lastOut(day)].map((at) =>
            localTime(at, day.timeZone),
          ),
          ...[day.figures.lateMinutes, day.figures.earlyLeaveMinutes],
          ...[day.figures.workedMinutes, day.figures.expectedMinutes],
        ]),
  };
}

/** One row for each span, for inspectors. */
export function spanRows(names: ReportNames): RowMaker {
  return {
    columns: [
      ...PERSON_COLUMNS,
      DATE,
      ...text('time_zone', 'login', 'logout', 'missing'),
      { name: 'auto_closed', kind: 'flag' },
      { name: 'presence', kind: 'minutes' },
      ...text('attributed_by'),
    ],
    rows: (person) =>
      person.days.flatMap((day) =>
        day.spans.map((span) => [
          ...personCells(person, names, day),
          ...[day.date, day.timeZone, localTime(span.start, day.timeZone), localTime(span.end, day.timeZone)],
          ...[
            span.start === null ? 'LOGIN' : span.end === null && !span.running ? 'LOGOUT' : null,
            span.autoClosed,
          ],
          span.start === null || span.end === null ? 0 : Math.round((span.end - span.start) / 60_000),
          span.attributedBy,
        ]),
      ),
  };
}
