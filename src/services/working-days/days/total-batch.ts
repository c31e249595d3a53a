import type { DayFigures, DerivedDay } from '@rollcall/working-days';
import { deriveBatch, type Batch } from './derive-batch';
import { addFigures, noFigures } from './sum-figures';

export type TotalQuery = 'WEEK' | 'MONTH' | 'OFFICE';

/** Sums of one week, month or office. */
interface GroupTotal {
  readonly key: string;
  employees: number;
  readonly figures: DayFigures;
}

export interface GroupTotals {
  readonly groups: readonly GroupTotal[];
  /** Row ids of people of whom punches have to be read from further back or on. */
  readonly incomplete: readonly string[];
}

/** Office of people without one. */
export const NO_OFFICE = 'NONE';

function keyOf(day: DerivedDay, by: TotalQuery): string {
  if (by === 'WEEK') return day.weekStart;
  return by === 'MONTH' ? day.date.slice(0, 7) : (day.office?.id ?? NO_OFFICE);
}

/** Derives the days of a batch and sums them: a thread hands back sums, not days. */
export function totalBatch(batch: Batch, by: TotalQuery): GroupTotals {
  const groups = new Map<string, { key: string; employees: number; figures: ReturnType<typeof noFigures> }>();
  const incomplete: string[] = [];
  for (const person of deriveBatch(batch)) {
    if (person.incomplete) incomplete.push(person.id);
    const counted = new Set<string>();
    for (const day of person.days) {
      const key = keyOf(day, by);
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = { key, employees: 0, figures: noFigures() }));
      addFigures(group.figures, day.figures);
      if (day.status !== 'NOT_EMPLOYED' || day.spans.length > 0) counted.add(key);
    }
    for (const key of counted) (groups.get(key) as GroupTotal).employees++;
  }
  return { groups: [...groups.values()], incomplete };
}
