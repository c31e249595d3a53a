import type { LocalDate } from '../../../entities/local-scalars';

const DAY_MS = 86_400_000;

/** The number of a week (ISO 8601) by its first day; null if that is no Monday. */
export function isoWeekOf(start: LocalDate): number | null {
  const monday = new Date(`${start}T00:00:00Z`);
  if (monday.getUTCDay() !== 1) return null;
  // A week belongs to the year of its Thursday.
  const thursday = new Date(monday.getTime() + 3 * DAY_MS);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.floor((thursday.getTime() - first) / DAY_MS / 7) + 1;
}
