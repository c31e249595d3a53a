import type { DerivedDay } from '@rollcall/working-days';

/** How many days wait for somebody: a punch is missing, or overtime is not decided. */
export const openIssues = (days: readonly DerivedDay[]): number =>
  days.filter((day) => day.status === 'INCOMPLETE' || isUndecided(day)).length;

function isUndecided({ rules, figures, overtime }: DerivedDay): boolean {
  if (rules?.overtimeApproval !== 'REQUIRED') return false;
  const minutes = Object.entries(figures.classes).some(
    ([name, minutes]) => name !== 'REGULAR' && minutes > 0,
  );
  return minutes && (overtime === null || overtime.stale);
}
