/** Real: the bound. Fake: nothing. */
import { mostRows } from '../../src/services/working-days/files/most-rows';

it.each([
  ['TIMESHEET_DAYS', '2026-03-01', '2026-03-31', 31],
  ['EXCEPTIONS', '2026-03-01', '2026-03-31', 31],
  ['TIMESHEET_TOTALS', '2026-03-01', '2026-03-31', 1],
  // A day is in one week, two can be in two.
  ['HOURS_BY_WEEK', '2026-03-01', '2026-03-01', 1],
  ['HOURS_BY_WEEK', '2026-03-01', '2026-03-02', 2],
  ['HOURS_BY_WEEK', '2026-03-02', '2026-03-09', 2],
  ['HOURS_BY_WEEK', '2026-03-01', '2026-03-09', 3],
  ['HOURS_BY_MONTH', '2026-03-31', '2026-04-01', 2],
  ['HOURS_BY_MONTH', '2025-12-01', '2026-01-31', 2],
] as const)('%s from %s until %s has at most %i rows of a person', (kind, from, until, most) => {
  expect(mostRows({ kind, from, until })).toBe(most);
});
