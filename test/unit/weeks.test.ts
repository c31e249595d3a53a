/** Real: the derived days of a person. Fake: nothing. */
import { deriveDays, type Person } from '@rollcall/working-days';
import { weeksOf } from '../../src/services/working-days/days/timesheets';

const NOBODY: Person = {
  ...{ punches: [], offices: [], employment: { from: null, until: null }, assignments: [], overrides: [] },
  ...{ absences: [], waivers: [], overtimeDecisions: [] },
};

it('weeks of a timesheet are in order, also where the first day of the week changes', () => {
  const range = { from: '2025-12-22', until: '2026-01-05', asOf: Date.parse('2026-02-01T00:00:00Z') };
  const starts = ['2025-12-22', '2025-12-29', '2025-12-28', '2026-01-04'];
  const days = deriveDays(NOBODY, range).map((day, i) => ({
    ...day,
    weekStart: starts[Math.floor(i / 4)] as string,
  }));
  expect(weeksOf(days).map(({ start }) => start)).toEqual([...starts].sort());
});
