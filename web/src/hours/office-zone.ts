import type { Office } from '../api';

/**
 * The zone in which the page says what day it is: that of the chosen office, or the one that all offices share.
 * @returns null: the browser's, because the offices have several
 */
export function zoneOf(offices: readonly Office[], chosen: string | null): string | null {
  const office = offices.find(({ id }) => id === chosen);
  if (office !== undefined) return office.timeZone;
  const [zone = null, ...others] = new Set(offices.map(({ timeZone }) => timeZone));
  return others.length === 0 ? zone : null;
}
