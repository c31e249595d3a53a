/** Real: the service over HTTP and the database of the run. Fake: the clock; punches are written without faces. */
import { Statements } from '../../src/database/statements';
import { Clock } from '../support/clock';
import { register } from '../support/operations';
import { TestService } from '../support/service';
import { assign, createOffice, planDates, punch, voidPunch, WEEK_OF_DAYS } from '../support/working-days';

const LIST = `query ($filter: AttendanceFilter, $first: Int! = 50, $after: String) {
  attendances(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { id workDate } } }`;
const DAY = `query ($employeeId: String!, $date: LocalDate!) { workDay(employeeId: $employeeId, date: $date) {
  spans { login { id } logout { id } } ignoredPunches { id workDate } } }`;

interface Listed {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly { readonly id: string; readonly workDate: string | null }[];
}

describe('the working day of a punch', () => {
  let service: TestService;
  const clock = new Clock();
  const ids = new Map<string, string>();
  let berlin = '';

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
  });
  beforeEach(async () => {
    clock.set(Date.parse('2026-03-01T08:00:00Z'));
    await service.reset();
    ids.clear();
    berlin = await createOffice(service, 'Berlin', 'Europe/Berlin');
  });
  afterAll(() => service.stop());

  async function person(employeeId: string, employedFrom = '2020-01-01'): Promise<void> {
    const input = { employeeId, name: employeeId, officeId: berlin, employedFrom, allowDuplicateFace: true };
    ids.set(employeeId, (await register(service, input)).employee.id);
  }
  const write = (employeeId: string, ...punches: (readonly [string, string])[]): Promise<string[]> =>
    punch(
      service,
      ids.get(employeeId) as string,
      punches.map(([type, at]) => ({ type, at })),
    );
  const list = async (filter: object = {}, first = 50, after: string | null = null): Promise<Listed> =>
    (await service.ask<{ attendances: Listed }>(LIST, { filter, first, after })).attendances;
  const dates = async (filter: object = {}): Promise<Map<string, string | null>> =>
    new Map((await list(filter)).nodes.map(({ id, workDate }) => [id, workDate]));

  it('is that on which its night shift began; a person without a plan has the date of the LOGIN', async () => {
    await person('night');
    await person('free');
    await planDates(service, 'night', [{ date: '2026-03-10', start: '22:00', end: '06:00' }]);
    clock.set(Date.parse('2026-03-12T12:00:00Z'));
    const night = await write('night', ['LOGIN', '2026-03-10T20:55:00Z'], ['LOGOUT', '2026-03-11T05:05:00Z']);
    const free = await write(
      'free',
      ['LOGIN', '2026-03-10T20:55:00Z'],
      ['LOGOUT', '2026-03-10T23:30:00Z'],
      ['LOGIN', '2026-03-10T23:45:00Z'],
      ['LOGOUT', '2026-03-11T01:00:00Z'],
    );
    expect(await dates()).toEqual(new Map([...night, ...free].map((id) => [id, '2026-03-10'])));
  });

  it('is none for a repeat and for a voided punch', async () => {
    await person('ann');
    clock.set(Date.parse('2026-03-12T12:00:00Z'));
    const [login, repeat, logout, wrong] = await write(
      'ann',
      ['LOGIN', '2026-03-10T08:00:00Z'],
      ['LOGIN', '2026-03-10T08:02:00Z'],
      ['LOGOUT', '2026-03-10T16:00:00Z'],
      ['LOGOUT', '2026-03-10T19:00:00Z'],
    );
    await voidPunch(service, wrong as string, '2026-03-11T08:00:00Z');
    expect(await dates()).toEqual(
      new Map([
        [login, '2026-03-10'],
        [repeat, null],
        [logout, '2026-03-10'],
      ]),
    );
    expect(await dates({ voided: true })).toEqual(new Map([[wrong, null]]));
    expect(await service.ask(DAY, { employeeId: 'ann', date: '2026-03-10' })).toEqual({
      workDay: {
        spans: [{ login: { id: login }, logout: { id: logout } }],
        ignoredPunches: [{ id: repeat, workDate: null }],
      },
    });
  });

  it('with FIRST_TO_LAST is that of every punch between the first and the last', async () => {
    await person('ann');
    await assign(service, { employeeId: 'ann' }, WEEK_OF_DAYS, { pairing: 'FIRST_TO_LAST' });
    clock.set(Date.parse('2026-03-12T12:00:00Z'));
    const written = await write(
      'ann',
      ['LOGIN', '2026-03-10T08:00:00Z'],
      ['LOGOUT', '2026-03-10T11:00:00Z'],
      ['LOGIN', '2026-03-10T11:40:00Z'],
      ['LOGOUT', '2026-03-10T16:30:00Z'],
    );
    expect(await dates()).toEqual(new Map(written.map((id) => [id, '2026-03-10'])));
  });

  it('is right for somebody who never stops punching, and for punches years apart', async () => {
    await person('ann');
    clock.set(Date.parse('2026-03-12T12:00:00Z'));
    const old = await write('ann', ['LOGIN', '2024-05-02T08:00:00Z'], ['LOGOUT', '2024-05-02T16:00:00Z']);
    const begin = Date.parse('2026-02-01T06:00:00Z');
    const long = await write(
      'ann',
      // 150 spans of 3 hours with an hour between them: 25 days without a cut.
      ...Array.from({ length: 300 }, (_, i) => {
        const at = begin + (i >> 1) * 4 * 3_600_000 + (i % 2) * 3 * 3_600_000;
        return [i % 2 === 0 ? 'LOGIN' : 'LOGOUT', new Date(at).toISOString()] as const;
      }),
    );
    const found = await dates({ from: '2026-02-20T00:00:00Z' });
    expect(found.size).toBeGreaterThan(20);
    for (const date of new Set(found.values())) {
      const answer = await service.ask<{ workDay: { spans: { login: { id: string } }[] } }>(DAY, {
        ...{ employeeId: 'ann', date },
      });
      const listed = answer.workDay.spans.map(({ login }) => login.id);
      for (const id of listed.filter((id) => found.has(id))) expect(found.get(id)).toBe(date);
    }
    expect(await dates({ to: '2025-01-01T00:00:00Z' })).toEqual(new Map(old.map((id) => [id, '2024-05-02'])));
    expect(long).toHaveLength(300);
  });

  describe('as a filter', () => {
    /** The night of 10 March, a day without a plan, and one before employment, which counts nevertheless. */
    async function three(): Promise<{ night: string[]; day: string[]; early: string[] }> {
      await person('night');
      await person('day');
      await person('early', '2026-06-01');
      await planDates(service, 'night', [{ date: '2026-03-10', start: '22:00', end: '06:00' }]);
      clock.set(Date.parse('2026-03-20T12:00:00Z'));
      const night = await write(
        'night',
        ['LOGIN', '2026-03-10T20:55:00Z'],
        ['LOGOUT', '2026-03-11T05:05:00Z'],
      );
      await write('night', ['LOGIN', '2026-03-12T08:00:00Z']);
      const day = await write('day', ['LOGIN', '2026-03-10T08:00:00Z'], ['LOGOUT', '2026-03-10T16:00:00Z']);
      await write('day', ['LOGIN', '2026-03-11T08:00:00Z'], ['LOGOUT', '2026-03-11T16:00:00Z']);
      // 00:10 in Berlin: the date before in UTC.
      const early = await write(
        'early',
        ['LOGIN', '2026-03-09T23:10:00Z'],
        ['LOGOUT', '2026-03-09T23:50:00Z'],
      );
      return { night, day, early };
    }

    it('lists the punches that count to a date, newest first, on pages of any size', async () => {
      const { night, day, early } = await three();
      const whole = await list({ workDate: '2026-03-10' });
      const expected = [night[1], night[0], day[1], day[0], early[1], early[0]];
      expect(whole.nodes.map(({ id }) => id)).toEqual(expected);
      expect(whole.totalCount).toBe(6);
      for (const first of [1, 4]) {
        const seen: string[] = [];
        let after: string | null = null;
        for (;;) {
          const page: Listed = await list({ workDate: '2026-03-10' }, first, after);
          seen.push(...page.nodes.map(({ id }) => id));
          if (!page.pageInfo.hasNextPage) break;
          after = page.pageInfo.endCursor;
        }
        expect(seen).toEqual(expected);
      }
    });

    it('is combined with the other conditions', async () => {
      const { night, day } = await three();
      const of = async (filter: object): Promise<string[]> =>
        (await list({ workDate: '2026-03-10', ...filter })).nodes.map(({ id }) => id);
      expect(await of({ employeeId: 'NIGHT' })).toEqual([night[1], night[0]]);
      expect(await of({ employeeId: 'nobody' })).toEqual([]);
      expect(await of({ employeeId: 'day', type: 'LOGIN' })).toEqual([day[0]]);
      expect(await of({ from: '2026-03-11T00:00:00Z' })).toEqual([night[1]]);
      expect(await of({ voided: true })).toEqual([]);
    });
  });

  it('of a page of people costs the same few statements as of one', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await person(name);
    clock.set(Date.parse('2026-03-12T12:00:00Z'));
    for (const name of ids.keys()) {
      await write(name, ['LOGIN', '2026-03-10T08:00:00Z'], ['LOGOUT', '2026-03-10T16:00:00Z']);
    }
    const run = jest.spyOn(Statements.prototype, 'run');
    await list();
    const names = run.mock.calls.map(([name]) => name);
    run.mockRestore();
    expect(names).toEqual(['working-days-calendar', 'working-days-stretches']);
  });
});
