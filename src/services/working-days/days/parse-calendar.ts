import type {
  Assignment,
  Office,
  Rules,
  RulesVersion,
  Schedule,
  Shift,
  TimeRange,
  Weekday,
  WorkRules,
} from '@rollcall/working-days';

type AssignmentRow = readonly [scheduleId: string, rulesId: string, from: string, until: string | null];

interface CalendarRows {
  readonly offices:
    | readonly (readonly [
        string,
        string,
        readonly (readonly [string, string])[] | null,
        readonly AssignmentRow[] | null,
        readonly (readonly [string, string, string, string | null])[] | null,
      ])[]
    | null;
  readonly shifts: readonly ShiftRow[] | null;
  readonly schedules:
    readonly (readonly [string, number, string, readonly (readonly [number, string])[] | null])[] | null;
  readonly rules:
    readonly (readonly [string, readonly (readonly [string, number, string, Rules])[] | null])[] | null;
}

type ShiftRow = readonly [
  id: string,
  name: string,
  kind: 'FIXED' | 'FLEXIBLE',
  segments: readonly TimeRange[],
  breakMinutes: number,
  breakStartsAt: string | null,
  frame: TimeRange | null,
  core: readonly TimeRange[],
  targetMinutes: number | null,
];

/** What people share, by id. */
export class SharedCalendar {
  readonly offices: ReadonlyMap<string, Office>;
  readonly shifts: ReadonlyMap<string, Shift>;
  private readonly schedules: ReadonlyMap<string, Schedule>;
  private readonly rules: ReadonlyMap<string, WorkRules>;
  /** Whether any rules limit the average week. */
  readonly longWeeks: boolean;

  /**
   * @param text of `readCalendar`
   * @param plain without the warning of long weeks
   */
  constructor(text: string, plain = false) {
    // Our own statement wrote it.
    const rows = JSON.parse(text) as CalendarRows;
    this.shifts = byId((rows.shifts ?? []).map(shiftOf));
    this.schedules = byId(
      (rows.schedules ?? []).map(([id, cycleDays, anchor, days]) => ({
        ...{ id, cycleDays, anchor },
        days: Object.fromEntries((days ?? []).map(([day, shift]) => [day, this.shift(shift)])),
      })),
    );
    this.longWeeks = (rows.rules ?? []).some(([, versions]) =>
      (versions ?? []).some(([, , , { limits }]) => limits.weekLongMinutes !== null),
    );
    this.rules = byId(
      (rows.rules ?? []).map(([id, versions]) => ({
        id,
        versions: (versions ?? []).map(([id, version, from, fields]): RulesVersion => ({
          ...(plain ? { ...fields, limits: { ...fields.limits, weekLongMinutes: null } } : fields),
          ...{ id, version, from },
        })),
      })),
    );
    this.offices = byId(
      (rows.offices ?? []).map(([id, timeZone, zones, assignments, holidays]) => ({
        id,
        zones: (zones ?? [['-infinity', timeZone]]).map(([from, timeZone]) => ({
          from: since(from),
          timeZone,
        })),
        assignments: this.assignments(assignments),
        holidays: (holidays ?? []).map(([id, date, name, from]) => ({ id, date, name, from })),
      })),
    );
  }

  assignments(rows: readonly AssignmentRow[] | null): Assignment[] {
    return (rows ?? []).flatMap(([scheduleId, rulesId, from, until]) => {
      const schedule = this.schedules.get(scheduleId);
      const rules = this.rules.get(rulesId);
      return schedule === undefined || rules === undefined ? [] : { schedule, rules, from, until };
    });
  }

  /** Days before a range that some rules have to know: the week's for its overtime, a reference period for long weeks. */
  lookback({ from, until }: { readonly from: string; readonly until: string }): number {
    let days = 0;
    for (const { overtime, limits, weekStartsOn } of [...this.rules.values()].flatMap(
      (all) => all.versions,
    )) {
      if (overtime.weekly !== null) days = Math.max(days, 6);
      if (limits.weekLongMinutes === null || !hasWeekEnd(from, until, weekStartsOn)) continue;
      days = Math.max(days, 7 * (limits.weekLongReferenceWeeks ?? 1) - 1);
    }
    return days;
  }

  /**
   * Days before a range of which punches are read at first: in UTC, with the punches of two nights, and with the LOGOUT
   * before a rest that is too short for its first day.
   */
  get daysBefore(): number {
    const versions = [...this.rules.values()].flatMap((all) => all.versions);
    const rest = ({ limits, beforeMinutes }: RulesVersion): number =>
      (limits.restShortMinutes ?? 0) + beforeMinutes;
    return versions.some((version) => rest(version) > 2 * DAY_MINUTES - ZONE_MINUTES) ? 4 : 2;
  }

  private shift(id: string): Shift {
    return this.shifts.get(id) as Shift;
  }
}

/** '-infinity' of a history is null to the derivation. */
export const since = (date: string): string | null => (date.startsWith('-') ? null : date);

const byId = <T extends { readonly id: string }>(all: readonly T[]): Map<string, T> =>
  new Map(all.map((one) => [one.id, one]));

function shiftOf(row: ShiftRow): Shift {
  const [id, name, kind, segments, breakMinutes, breakStartsAt, frame, core, targetMinutes] = row;
  return kind === 'FLEXIBLE'
    ? { id, name, kind, frame: frame as TimeRange, core, targetMinutes: targetMinutes ?? 0 }
    : { id, name, kind, segments, breakMinutes, breakStartsAt };
}

export type { AssignmentRow };

/** Whether the last day of a week is in a range. */
function hasWeekEnd(from: string, until: string, weekStartsOn: Weekday): boolean {
  const first = Date.parse(`${from}T00:00:00Z`);
  const days = Math.min(7, (Date.parse(`${until}T00:00:00Z`) - first) / DAY_MS + 1);
  const last = (WEEKDAYS.indexOf(weekStartsOn) + 6) % 7;
  // 0 is Sunday, as in getUTCDay.
  return Array.from({ length: days }, (_, i) => new Date(first + i * DAY_MS).getUTCDay()).includes(last);
}

const DAY_MS = 86_400_000;
const DAY_MINUTES = 1440;
/** Nowhere are clocks further ahead of UTC. */
const ZONE_MINUTES = 840;
const WEEKDAYS: readonly Weekday[] = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
];
