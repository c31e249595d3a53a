/** Real: the service over HTTP and the database of the run. Fake: the clock; punches are written without faces. */
import { CASES, type Case } from '../../packages/working-days/test/support/cases';
import { Clock } from '../support/clock';
import { TestService } from '../support/service';
import { plan, punch, voidPunch } from '../support/working-days';

const FIGURES = `presenceMinutes uncountedMinutes roundingMinutes breakPunchedMinutes breakPaidMinutes breakDeductedMinutes
  workedMinutes plannedMinutes creditedMinutes expectedMinutes balanceMinutes lateMinutes earlyLeaveMinutes
  overtimeApprovedMinutes classes { class minutes } premiums { code minutes }`;
const DAY = `date timeZone status flags shift { name } figures { ${FIGURES} } ignoredPunches { id }
  spans { login { id } logout { id } end autoClosed attributedBy }
  steps { figure key minutes from to code rule text punches { id } }`;
const TIMESHEET = `query ($from: LocalDate!, $until: LocalDate!) {
  timesheet(employeeId: "emp-1", from: $from, until: $until) {
    employee { employeeId } days { ${DAY} } weeks { start isoWeek totals { workedMinutes classes { class minutes } } }
    totals { workedMinutes } openIssues } }`;

interface Step {
  readonly figure: string;
  readonly key: string | null;
  readonly minutes: number;
}
interface Day {
  readonly date: string;
  readonly status: string;
  readonly flags: string[];
  readonly shift: { name: string } | null;
  readonly figures: Record<string, number | null> & {
    readonly classes: { class: string; minutes: number }[];
    readonly premiums: { code: string; minutes: number }[];
  };
  readonly ignoredPunches: { id: string }[];
  readonly spans: {
    login: { id: string } | null;
    logout: { id: string } | null;
    end: string | null;
    autoClosed: boolean;
    attributedBy: string;
  }[];
  readonly steps: Step[];
}
interface Sheet {
  readonly days: Day[];
  readonly weeks: { start: string; totals: { workedMinutes: number } }[];
  readonly totals: { workedMinutes: number };
}

/** An answer as the cases write it. @param names of the punches by id */
function shown(day: Day, names: ReadonlyMap<string, string>): Record<string, unknown> {
  const { classes, premiums, ...figures } = day.figures;
  const minutes = Object.entries(figures).filter(([, value]) => value !== null);
  return {
    ...{ date: day.date, status: day.status, flags: [...day.flags].sort(), shift: day.shift?.name ?? null },
    ...Object.fromEntries(minutes),
    classes: Object.fromEntries(classes.map(({ class: name, minutes }) => [name, minutes])),
    premiums: Object.fromEntries(premiums.map(({ code, minutes }) => [code, minutes])),
    spans: day.spans.map(({ login, logout, end, autoClosed, attributedBy }) => ({
      in: login === null ? null : names.get(login.id),
      out: logout === null ? null : names.get(logout.id),
      attributedBy,
      ...(autoClosed ? { autoClosedAt: `${end?.slice(0, 16)}Z` } : {}),
    })),
  };
}

const FIGURE_OF: Readonly<Record<string, string>> = {
  PRESENCE: 'presenceMinutes',
  UNCOUNTED: 'uncountedMinutes',
  ROUNDING: 'roundingMinutes',
  BREAK_PUNCHED: 'breakPunchedMinutes',
  BREAK_PAID: 'breakPaidMinutes',
  BREAK_DEDUCTED: 'breakDeductedMinutes',
  WORKED: 'workedMinutes',
  PLANNED: 'plannedMinutes',
  CREDITED: 'creditedMinutes',
  EXPECTED: 'expectedMinutes',
  BALANCE: 'balanceMinutes',
  LATE: 'lateMinutes',
  EARLY_LEAVE: 'earlyLeaveMinutes',
};

/** The steps of each figure add up to it. */
function expectStepsToAddUp({ steps, figures }: Day): void {
  const sum = (figure: string, key: string | null = null): number =>
    steps
      .filter((step) => step.figure === figure && step.key === key)
      .reduce((all, { minutes }) => all + minutes, 0);
  for (const [figure, name] of Object.entries(FIGURE_OF)) {
    expect([figure, sum(figure)]).toEqual([figure, figures[name] ?? 0]);
  }
  for (const { class: key, minutes } of figures.classes)
    expect([key, sum('CLASS', key)]).toEqual([key, minutes]);
  for (const { code, minutes } of figures.premiums)
    expect([code, sum('PREMIUM', code)]).toEqual([code, minutes]);
}

/** A timesheet has 92 days at most: dates far apart are asked for one by one. */
function rangesOf(dates: readonly string[]): [string, string][] {
  const [from = '', until = ''] = [dates[0], dates.at(-1)];
  const days = (Date.parse(until) - Date.parse(from)) / 86_400_000;
  return days < 92 ? [[from, until]] : dates.map((date) => [date, date]);
}

describe('working days through the API', () => {
  let service: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
  });
  beforeEach(async () => {
    clock.set(Clock.START);
    await service.reset();
  });
  afterAll(() => service.stop());

  async function run(one: Case): Promise<void> {
    const employee = await plan(service, one);
    const names = new Map<string, string>();
    const written = new Map<string, string>();
    const dates = [...one.days].sort();
    for (const expected of one.expected) {
      const asOf = Date.parse(expected.asOf);
      for (const each of one.punches) {
        if (written.has(each.id) || Date.parse(each.receivedAt ?? each.at) > asOf) continue;
        const [id = ''] = await punch(service, employee, [each]);
        written.set(each.id, id);
        names.set(id, each.id);
      }
      for (const { punch: name, at } of one.voids ?? []) {
        if (Date.parse(at) <= asOf) await voidPunch(service, written.get(name) as string, at);
      }
      clock.set(asOf);
      const derived: Day[] = [];
      for (const [from, until] of rangesOf(dates)) {
        derived.push(...(await service.ask<{ timesheet: Sheet }>(TIMESHEET, { from, until })).timesheet.days);
      }
      const days = derived.filter(({ date }) => one.days.includes(date));
      const known = expected.days.map((day) =>
        Object.fromEntries(
          Object.entries(day).filter(
            ([name]) => !['weeklyOvertimeMinutes', 'workedIntervals'].includes(name),
          ),
        ),
      );
      expect(days.map((day) => shown(day, names))).toEqual(
        known.map((day) => ({ ...day, flags: [...(day['flags'] as string[])].sort() })),
      );
      expect(days.flatMap((day) => day.ignoredPunches.map(({ id }) => names.get(id)))).toEqual(
        expected.ignoredPunches,
      );
      derived.forEach(expectStepsToAddUp);
    }
  }

  it.each(CASES.map((one) => [`${one.id} ${one.title}`, one] as const))('%s', (_, one) => run(one));
});
