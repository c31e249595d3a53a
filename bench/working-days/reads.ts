import { DATE, MONTH, OFFICE } from './seed';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 30);

const FIGURES =
  'figures { workedMinutes plannedMinutes balanceMinutes lateMinutes classes { class minutes } }';
const TOTALS =
  'totals { workedMinutes expectedMinutes balanceMinutes classes { class minutes } premiums { code minutes } }';

/** One read: its body for the n-th time. */
export interface Read {
  readonly name: string;
  readonly rounds: number;
  readonly body: (n: number) => object;
}

/** The reads of the table in `docs/design/performance.md`. */
export function readsOf(people: number): readonly Read[] {
  const one = (n: number): string => `P${((n * 7919) % people) + 1}`;
  const days = (filter: object) => ({
    query: `query ($filter: WorkDayFilter!) { workDays(filter: $filter) { pageInfo { hasNextPage }
      nodes { date status flags employee { name } ${FIGURES} } } }`,
    variables: { filter: { from: DATE, until: DATE, ...filter } },
  });
  return [
    {
      ...{ name: 'workDay with steps', rounds: ROUNDS * 4 },
      body: (n) => ({
        query: `query ($id: String!) { workDay(employeeId: $id, date: "${DATE}") { status flags ${FIGURES} steps { figure minutes text } } }`,
        variables: { id: one(n) },
      }),
    },
    {
      ...{ name: 'timesheet of a month', rounds: ROUNDS * 4 },
      body: (n) => ({
        query: `query ($id: String!) { timesheet(employeeId: $id, from: "${MONTH.from}", until: "${MONTH.until}") {
          days { date status flags ${FIGURES} } ${TOTALS} } }`,
        variables: { id: one(n) },
      }),
    },
    {
      ...{ name: 'timesheets of 50 people with totals', rounds: ROUNDS },
      body: () => ({
        query: `query ($filter: TimesheetFilter!) { timesheets(filter: $filter) { nodes { employee { name } openIssues ${TOTALS} } } }`,
        variables: { filter: MONTH },
      }),
    },
    { name: 'workDays of a day, status ABSENT', rounds: ROUNDS, body: () => days({ status: ['ABSENT'] }) },
    {
      name: 'workDays of a day, a flag that nobody has',
      rounds: ROUNDS,
      body: () => days({ flags: ['CONTINUED'] }),
    },
    {
      ...{ name: 'muster', rounds: ROUNDS },
      body: () => ({
        query: `{ muster(officeId: "${OFFICE}") { inside { since visitor } unsure { since } } }`,
      }),
    },
    {
      ...{ name: 'workTotals of a month', rounds: Math.max(2, Math.ceil(ROUNDS / 10)) },
      body: () => ({
        query: `query ($filter: TimesheetFilter!) { workTotals(filter: $filter, by: MONTH) { employees ${TOTALS} } }`,
        variables: { filter: MONTH },
      }),
    },
  ];
}
