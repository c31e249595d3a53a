import { wallClockIn } from './time';

const DAY_MS = 86_400_000;

/**
 * The moments at which the clocks of a zone show a time: none if they skip it, two if they are set back.
 * @param local YYYY-MM-DDTHH:MM
 * @param zone null: the browser's
 */
export function momentsOf(local: string, zone: string | null): readonly Date[] {
  const asUtc = Date.parse(`${local}:00Z`);
  if (Number.isNaN(asUtc)) return [];
  // The clocks change at most once within two days, so one of these offsets holds.
  const offsets = [-DAY_MS, DAY_MS].map((away) => {
    const near = new Date(asUtc + away);
    return Date.parse(`${wallClockIn(zone, near)}:00Z`) - near.getTime();
  });
  return [...new Set(offsets.map((offset) => asUtc - offset))]
    .sort((a, b) => a - b)
    .map((moment) => new Date(moment))
    .filter((moment) => wallClockIn(zone, moment) === local);
}
