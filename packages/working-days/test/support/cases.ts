import { DEFAULT_RULES, type Person, type Rules, type RulesVersion, type Shift } from '#src/index';
import file from '../cases.json';

/** A worked case of the specification, as cases.json has it. */
export interface Case {
  readonly id: string;
  readonly title: string;
  readonly timeZone: string;
  readonly days: readonly string[];
  readonly shifts: Readonly<Record<string, CaseShift>>;
  readonly plan: readonly CasePlan[];
  readonly rules: CaseRules;
  readonly punches: readonly CasePunch[];
  readonly voids?: readonly { readonly punch: string; readonly at: string }[];
  readonly holidays?: readonly { readonly date: string; readonly name: string; readonly from?: string }[];
  readonly absences?: readonly {
    readonly from: string;
    readonly until: string;
    readonly minutes: number | null;
    readonly kind: string;
  }[];
  readonly overrides?: readonly { readonly date: string; readonly shift: string | null }[];
  readonly employment?: { readonly from?: string; readonly until?: string };
  readonly expected: readonly Expected[];
}

/** What differs from the defaults. */
export type CaseRules = Partial<Rules>;

interface CaseShift {
  readonly kind: string;
  readonly segments: readonly (readonly [string, string])[];
  readonly breakMinutes: number;
  readonly breakStartsAt?: string;
}

interface CasePlan {
  readonly from: string;
  readonly until: string | null;
  readonly cycleDays: number;
  readonly anchor: string;
  readonly days: Readonly<Record<string, string>>;
}

interface CasePunch {
  readonly id: string;
  readonly type: 'LOGIN' | 'LOGOUT';
  readonly at: string;
  readonly receivedAt?: string;
  readonly manual?: boolean;
}

interface Expected {
  readonly asOf: string;
  readonly days: readonly (Readonly<Record<string, unknown>> & { readonly date: string })[];
  readonly weeks: readonly {
    readonly weekStart: string;
    readonly workedMinutes: number;
    readonly classes: Readonly<Record<string, number>>;
  }[];
  readonly ignoredPunches: readonly string[];
}

/** The cases of kind `workdays`. */
// JSON has no literal types and no tuples.
export const CASES = file.cases.filter(({ kind }) => kind === 'workdays') as unknown as Case[];

/** The rules of a case over the defaults, field by field. */
function rulesOf(rules: Partial<Rules>): RulesVersion {
  const { rounding, breaks, overtime, limits, ...rest } = rules;
  return {
    ...DEFAULT_RULES,
    ...rest,
    rounding: { ...DEFAULT_RULES.rounding, ...rounding },
    breaks: { ...DEFAULT_RULES.breaks, ...breaks },
    overtime: { ...DEFAULT_RULES.overtime, ...overtime },
    limits: { ...DEFAULT_RULES.limits, ...limits },
    ...{ id: 'rules-1', version: 1, from: '1970-01-01' },
  };
}

function shiftsOf(shifts: Case['shifts']): Map<string, Shift> {
  return new Map(
    Object.entries(shifts).map(([name, { segments, breakMinutes, breakStartsAt = null }]) => [
      name,
      {
        ...{ id: name, name, kind: 'FIXED', breakMinutes, breakStartsAt },
        segments: segments.map(([from, to]) => ({ from, to })),
      },
    ]),
  );
}

/** The person of a case, as known at a moment: with what had arrived by then. */
export function personOf(one: Case, asOf: number): Person {
  const shifts = shiftsOf(one.shifts);
  const rules = { id: 'rules', versions: [rulesOf(one.rules)] };
  const voided = new Set(
    (one.voids ?? []).filter(({ at }) => Date.parse(at) <= asOf).map(({ punch }) => punch),
  );
  const office = {
    ...{ id: 'office', zones: [{ from: null, timeZone: one.timeZone }], assignments: [] },
    holidays: (one.holidays ?? []).map(({ date, name, from = null }) => ({ id: date, date, name, from })),
  };
  return {
    offices: [{ from: null, office }],
    employment: { from: one.employment?.from ?? null, until: one.employment?.until ?? null },
    assignments: one.plan.map(({ from, until, cycleDays, anchor, days }) => ({
      ...{ from, until, rules },
      schedule: {
        ...{ id: 'schedule', cycleDays, anchor },
        days: Object.fromEntries(
          Object.entries(days).flatMap(([day, name]) => {
            const shift = shifts.get(name);
            return shift === undefined ? [] : [[Number(day), shift]];
          }),
        ),
      },
    })),
    overrides: (one.overrides ?? []).map(({ date, shift }) => ({
      date,
      shift: shift === null ? null : (shifts.get(shift) ?? null),
    })),
    absences: (one.absences ?? []).map(({ from, until, minutes }, i) => ({
      ...{ id: String(i), from, until, minutesPerDay: minutes },
    })),
    ...{ waivers: [], overtimeDecisions: [] },
    punches: one.punches
      .filter(({ at, receivedAt }) => Date.parse(receivedAt ?? at) <= asOf)
      .map(({ id, type, at, receivedAt, manual = false }) => ({
        ...{ id, type, at: Date.parse(at), manual, voided: voided.has(id) },
        receivedAt: receivedAt === undefined ? null : Date.parse(receivedAt),
      })),
  };
}
