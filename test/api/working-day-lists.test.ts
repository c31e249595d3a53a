/** Real: the service over HTTP and the database of the run. Fake: the clock; punches are written without faces. */
import { Clock } from '../support/clock';
import { register } from '../support/operations';
import { TestService } from '../support/service';
import { assign, createOffice, punch, WEEK_OF_DAYS } from '../support/working-days';

const DAYS = `query ($filter: WorkDayFilter!, $first: Int! = 50, $after: String) {
  workDays(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { id date status flags employee { employeeId } office { name } shift { name } planSource
      figures { workedMinutes lateMinutes } rules { version lateGraceMinutes } fingerprint derivedAt } } }`;
const SHEETS = `query ($filter: TimesheetFilter!, $first: Int! = 50, $after: String) {
  timesheets(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { employee { employeeId } openIssues totals { workedMinutes expectedMinutes balanceMinutes }
      weeks { start isoWeek totals { workedMinutes } } days { date steps { code } } } } }`;
const TOTALS = `query ($filter: TimesheetFilter!, $by: TotalsBy!) {
  workTotals(filter: $filter, by: $by) { key from until employees office { name } totals { workedMinutes } } }`;
const DAY = `query ($employeeId: String!, $date: LocalDate!) { workDay(employeeId: $employeeId, date: $date) { id status } }`;

interface Listed {
  readonly date: string;
  readonly status: string;
  readonly flags: string[];
  readonly employee: { readonly employeeId: string };
}
interface DayPage {
  readonly nodes: Listed[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

describe('lists of working days', () => {
  let service: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
  });
  afterAll(() => service.stop());

  const MONDAY = '2026-03-02';
  let berlin = '';
  let tokyo = '';
  let ids: Record<string, string> = {};

  /** Ann is on time, Bea is late, Cem forgot to log out, Dan is absent; Eve is in Tokyo and worked. */
  beforeAll(async () => {
    clock.set(Date.parse('2026-03-02T06:00:00Z'));
    berlin = await createOffice(service, 'Berlin', 'Europe/Berlin');
    tokyo = await createOffice(service, 'Tokyo', 'Asia/Tokyo');
    const people = [
      ['ann', 'Ann', berlin],
      ['bea', 'Bea', berlin],
      ['cem', 'Cem', berlin],
      ['dan', 'Dan', berlin],
      ['eve', 'Eve', tokyo],
    ] as const;
    ids = {};
    for (const [employeeId, name, officeId] of people) {
      const input = { employeeId, name, officeId, employedFrom: '2020-01-01', allowDuplicateFace: true };
      ids[employeeId] = (await register(service, input)).employee.id;
    }
    for (const officeId of [berlin, tokyo]) {
      await assign(service, { officeId }, WEEK_OF_DAYS, {
        lateGraceMinutes: 5,
        overtimeApproval: 'REQUIRED',
      });
    }
    const write = (id: string, ...punches: (readonly [string, string])[]) =>
      punch(
        service,
        ids[id] as string,
        punches.map(([type, at]) => ({ type, at: `${MONDAY}T${at}:00Z` })),
      );
    await write('ann', ['LOGIN', '08:00'], ['LOGOUT', '16:30']);
    await write('bea', ['LOGIN', '08:20'], ['LOGOUT', '16:30']);
    await write('cem', ['LOGIN', '08:00'], ['LOGIN', '12:00'], ['LOGOUT', '16:30']);
    await write('eve', ['LOGIN', '00:00'], ['LOGOUT', '08:30']);
    clock.set(Date.parse('2026-03-02T20:00:00Z'));
  });

  const list = async (filter: object, first = 50, after: string | null = null): Promise<DayPage> =>
    (
      await service.ask<{ workDays: DayPage }>(DAYS, {
        ...{ filter: { from: MONDAY, until: MONDAY, ...filter }, first, after },
      })
    ).workDays;
  const who = ({ nodes }: DayPage): string[] => nodes.map(({ employee }) => employee.employeeId);

  describe('workDays', () => {
    it('are everybody of a date, by name', async () => {
      const page = await list({});
      expect(page.nodes.map(({ employee, status, flags }) => [employee.employeeId, status, flags])).toEqual([
        ['ann', 'PRESENT', []],
        ['bea', 'PRESENT', ['LATE']],
        ['cem', 'INCOMPLETE', ['MISSING_LOGOUT']],
        ['dan', 'ABSENT', []],
        ['eve', 'PRESENT', []],
      ]);
      expect(page).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: false } });
      expect(page.nodes[1]).toMatchObject({
        ...{ id: `${ids['bea']}:${MONDAY}`, date: MONDAY, planSource: 'OFFICE', office: { name: 'Berlin' } },
        ...{ figures: { workedMinutes: 490, lateMinutes: 20 }, rules: { version: 1, lateGraceMinutes: 5 } },
        ...{ shift: { name: 'DAY' }, derivedAt: '2026-03-02T20:00:00.000Z' },
      });
    });

    it('are narrowed by status, flags, office and employee', async () => {
      expect(who(await list({ status: ['ABSENT', 'INCOMPLETE'] }))).toEqual(['cem', 'dan']);
      expect(who(await list({ flags: ['LATE'] }))).toEqual(['bea']);
      expect(who(await list({ status: ['ABSENT'], flags: ['LATE'] }))).toEqual([]);
      expect(who(await list({ officeId: tokyo }))).toEqual(['eve']);
      expect(who(await list({ employeeId: 'DAN' }))).toEqual(['dan']);
      expect(who(await list({ employeeId: 'dan', officeId: tokyo }))).toEqual([]);
    });

    it('are paged by date, then by name, whatever the size of the pages', async () => {
      const range = { from: '2026-03-01', until: '2026-03-03' };
      const whole = await list(range);
      const order = ['ann', 'bea', 'cem', 'dan', 'eve'];
      expect(whole.nodes.map(({ date, employee }) => `${date} ${employee.employeeId}`)).toEqual(
        ['2026-03-01', '2026-03-02', '2026-03-03'].flatMap((date) => order.map((name) => `${date} ${name}`)),
      );
      for (const first of [2, 7]) {
        const paged: string[] = [];
        let after: string | null = null;
        do {
          const page: DayPage = await list(range, first, after);
          expect(page.totalCount).toBe(15);
          paged.push(...page.nodes.map(({ date, employee }) => `${date} ${employee.employeeId}`));
          after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        } while (after !== null);
        expect(paged).toHaveLength(15);
        expect(new Set(paged).size).toBe(15);
      }
    });

    it.each([
      { status: ['ABSENT'] },
      { status: ['REST_DAY', 'INCOMPLETE', 'NOT_EMPLOYED'] },
      { flags: ['LATE'] },
      { flags: ['CONTINUED'] },
    ])(
      'that are narrowed by %j are in the same order, over many dates and in pages of any size',
      async (narrow) => {
        const range = { from: '2026-02-20', until: '2026-03-24' };
        const place = ({ date, employee }: Listed): string => `${date} ${employee.employeeId}`;
        const { status, flags } = narrow as { status?: string[]; flags?: string[] };
        const expected = (await list(range, 200)).nodes
          .filter((day) => status?.includes(day.status) !== false)
          .filter((day) => flags === undefined || day.flags.some((flag) => flags.includes(flag)))
          .map(place);
        for (const first of [1, 4, 200]) {
          const paged: string[] = [];
          let after: string | null = null;
          do {
            const page: DayPage = await list({ ...range, ...narrow }, first, after);
            expect(page.totalCount).toBe(expected.length);
            paged.push(...page.nodes.map(place));
            after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
          } while (after !== null);
          expect(paged).toEqual(expected);
        }
      },
    );

    it.each([
      ['until', { from: '2026-03-02', until: '2026-03-01' }],
      ['until', { from: '2026-01-01', until: '2026-04-03' }],
      ['until', { from: '1970-01-01', until: '2100-12-31' }],
      ['from', { from: '2026-02-30', until: '2026-03-01' }],
      ['officeId', { officeId: 'nowhere' }],
      ['employeeId', { employeeId: 'nobody' }],
      ['employeeId', { employeeId: '!' }],
    ])('name %s if it is out of bounds', async (field, filter) => {
      const { extensions } = await service.fault(DAYS, {
        filter: { from: MONDAY, until: MONDAY, ...filter },
      });
      expect(extensions).toMatchObject({ field });
      expect(['BAD_USER_INPUT', 'NOT_FOUND']).toContain(extensions['code']);
    });

    it.each([{ first: 0 }, { first: 201 }, { after: 'x' }])('refuse the page %j', async (page) => {
      const filter = { from: MONDAY, until: MONDAY };
      expect((await service.fault(DAYS, { filter, ...page })).extensions).toMatchObject({
        ...{ code: 'BAD_USER_INPUT', field: Object.keys(page)[0] },
      });
    });
  });

  it('a single day is found, or not', async () => {
    expect(await service.ask(DAY, { employeeId: 'ann', date: MONDAY })).toMatchObject({
      workDay: { status: 'PRESENT' },
    });
    const { extensions } = await service.fault(DAY, { employeeId: 'nobody', date: MONDAY });
    expect(extensions).toMatchObject({ code: 'NOT_FOUND', field: 'employeeId' });
    expect((await service.fault(DAY, { employeeId: 'ann', date: '2101-01-01' })).extensions).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', field: 'date' },
    });
  });

  it('timesheets have weeks, totals, and days that wait for somebody', async () => {
    const filter = { from: '2026-03-01', until: '2026-03-03' };
    const { timesheets } = await service.ask<{ timesheets: { nodes: Record<string, unknown>[] } }>(SHEETS, {
      filter,
      first: 5,
    });
    expect(timesheets).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: false } });
    expect(timesheets.nodes[2]).toMatchObject({
      ...{ employee: { employeeId: 'cem' }, openIssues: 1 },
      totals: { workedMinutes: 270, expectedMinutes: 960, balanceMinutes: -690 },
      weeks: [
        { start: '2026-02-23', isoWeek: 9, totals: { workedMinutes: 0 } },
        { start: '2026-03-02', isoWeek: 10, totals: { workedMinutes: 270 } },
      ],
    });
    const first = await service.ask<{ timesheets: DayPage }>(SHEETS, { filter, first: 3 });
    const rest = await service.ask<{ timesheets: DayPage }>(SHEETS, {
      ...{ filter, first: 3, after: first.timesheets.pageInfo.endCursor },
    });
    expect([...who(first.timesheets), ...who(rest.timesheets)]).toEqual(['ann', 'bea', 'cem', 'dan', 'eve']);
    const named = await service.ask<{ timesheets: DayPage }>(SHEETS, {
      filter: { ...filter, employeeIds: ['EVE', 'ann'] },
      first: 5,
    });
    expect(who(named.timesheets)).toEqual(['ann', 'eve']);
    for (const employeeIds of [[], Array.from({ length: 201 }, (_, i) => `e${i}`)]) {
      const { extensions } = await service.fault(SHEETS, { first: 5, filter: { ...filter, employeeIds } });
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'employeeIds' });
    }
  });

  it('timesheets have the same totals with and without days', async () => {
    const sums = `employee { employeeId } openIssues totals { workedMinutes balanceMinutes classes { class minutes } }`;
    const sheets = (fields: string): Promise<{ timesheets: { nodes: object[] } }> =>
      service.ask(
        `query ($filter: TimesheetFilter!) { timesheets(filter: $filter) { nodes { ${fields} } } }`,
        {
          filter: { from: '2026-02-27', until: '2026-03-08' },
        },
      );
    const { timesheets: short } = await sheets(sums);
    const { timesheets: long } = await sheets(`${sums} days { date }`);
    expect(short.nodes).toMatchObject([{}, {}, { openIssues: 1 }, {}, {}]);
    expect(long.nodes).toMatchObject(short.nodes);
  });

  it('totals sum people by week, month and office', async () => {
    const filter = { from: '2026-02-28', until: '2026-03-03' };
    const totals = async (by: string, more: object = {}) =>
      (await service.ask<{ workTotals: unknown[] }>(TOTALS, { filter: { ...filter, ...more }, by }))
        .workTotals;
    const worked = 510 + 490 + 270 + 510;
    expect(await totals('WEEK')).toMatchObject([
      {
        key: '2026-02-23',
        from: '2026-02-28',
        until: '2026-03-01',
        employees: 5,
        totals: { workedMinutes: 0 },
      },
      { key: '2026-03-02', from: '2026-03-02', until: '2026-03-03', totals: { workedMinutes: worked } },
    ]);
    expect(await totals('MONTH')).toMatchObject([
      { key: '2026-02', from: '2026-02-28', until: '2026-02-28', totals: { workedMinutes: 0 }, office: null },
      { key: '2026-03', from: '2026-03-01', until: '2026-03-03', totals: { workedMinutes: worked } },
    ]);
    const offices = (await totals('OFFICE')) as { office: { name: string } }[];
    expect(offices.sort((a, b) => (a.office.name < b.office.name ? -1 : 1))).toMatchObject([
      { key: berlin, employees: 4, office: { name: 'Berlin' }, totals: { workedMinutes: worked - 510 } },
      { key: tokyo, employees: 1, office: { name: 'Tokyo' }, totals: { workedMinutes: 510 } },
    ]);
    expect(await totals('MONTH', { officeId: tokyo })).toMatchObject([
      { key: '2026-02', employees: 1 },
      { key: '2026-03', employees: 1, totals: { workedMinutes: 510 } },
    ]);
  });
});
