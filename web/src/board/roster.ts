import type { Punch } from '../api';

/** As many as a screen has room for. */
const LAST = 12;

/** Who is in and who is out, from punches in any order, some of them more than once. */
export interface Roster {
  /** Newest first. */
  readonly in: readonly Punch[];
  readonly out: readonly Punch[];
  readonly last: readonly Punch[];
  /** The moment of the newest punch; null: none yet. */
  readonly latest: string | null;
}

export class Punches {
  private readonly byId = new Map<string, Punch>();

  /** @returns whether any of them was new */
  add(punches: readonly Punch[]): boolean {
    const before = this.byId.size;
    for (const punch of punches) this.byId.set(punch.id, punch);
    return this.byId.size > before;
  }

  /** Removes old punches, so that a board that is never reloaded does not grow. */
  forgetBefore(moment: Date): void {
    for (const [id, { recordedAt }] of this.byId) if (new Date(recordedAt) < moment) this.byId.delete(id);
  }

  roster(): Roster {
    const sorted = [...this.byId.values()].sort((a, b) => (a.recordedAt < b.recordedAt ? 1 : -1));
    const seen = new Set<string>();
    const newest = sorted.filter(({ employee: { employeeId } }) => {
      const isFirst = !seen.has(employeeId);
      seen.add(employeeId);
      return isFirst;
    });
    return {
      in: newest.filter(({ type }) => type === 'LOGIN'),
      out: newest.filter(({ type }) => type === 'LOGOUT'),
      last: sorted.slice(0, LAST),
      latest: sorted[0]?.recordedAt ?? null,
    };
  }
}
