/** Real: the service over HTTP on the database of the run. Fake: nothing (the driver is watched, not replaced). */
import { Client } from 'pg';
import { check, CREATE_OFFICE, PUNCHES, register } from '../support/operations';
import { strangerDescriptor } from '../support/photos';
import { TestService } from '../support/service';

const EMPLOYEES = `query ($filter: EmployeeFilter, $first: Int! = 50, $after: String) {
  employees(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes { employeeId name officeName office { id name } }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface EmployeesAnswer {
  readonly employees: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly employeeId: string; readonly officeName: string | null }[];
    readonly edges: readonly { readonly cursor: string }[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly endCursor: string;
    };
  };
}

interface PunchesAnswer {
  readonly attendances: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly id: string;
      readonly type: string;
      readonly employee: { readonly employeeId: string };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

describe('lists', () => {
  let service: TestService;
  let now = new Date('2026-05-04T08:00:00Z');
  const offices: string[] = [];
  const PEOPLE = [
    ['E-1', 'Zoë Ångström'],
    ['E-2', 'anna 100%'],
    ['E-3', 'Anna_Maria'],
    ['E-4', 'Bob'],
    ['E-5', 'Bob'],
    ['E-6', 'محمد علي'],
  ] as const;

  beforeAll(async () => {
    service = await TestService.start({
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0' },
      now: () => now,
    });
    for (const name of ['North', 'South']) {
      const { createOffice } = await service.ask<{ createOffice: { id: string } }>(CREATE_OFFICE, {
        input: { name },
      });
      offices.push(createOffice.id);
    }
    for (const [i, [employeeId, name]] of PEOPLE.entries()) {
      await register(service, {
        employeeId,
        name,
        officeId: offices[i % 2],
        faceDescriptor: strangerDescriptor(i),
      });
    }
    for (let i = 0; i < 12; i++) {
      now = new Date(Date.parse('2026-05-04T08:00:00Z') + i * 3_600_000);
      const [employeeId] = PEOPLE[i % 3] as (typeof PEOPLE)[number];
      await check(service, { employeeId, faceDescriptor: strangerDescriptor(i % 3) });
    }
  });
  afterAll(() => service.stop());

  const employees = (variables = {}): Promise<EmployeesAnswer['employees']> =>
    service.ask<EmployeesAnswer>(EMPLOYEES, variables).then((answer) => answer.employees);
  const ids = async (filter: object): Promise<string[]> =>
    (await employees({ filter })).nodes.map(({ employeeId }) => employeeId);
  const punches = (variables = {}): Promise<PunchesAnswer['attendances']> =>
    service.ask<PunchesAnswer>(PUNCHES, variables).then((answer) => answer.attendances);

  it('orders employees by name, whatever its case, then by id', async () => {
    expect(await ids({})).toEqual(['E-2', 'E-3', 'E-4', 'E-5', 'E-1', 'E-6']);
  });

  it.each([
    [{ search: 'ANNA' }, ['E-2', 'E-3']],
    [{ search: 'e-4' }, ['E-4']],
    [{ search: '%' }, ['E-2']],
    [{ search: '_' }, ['E-3']],
    [{ search: '\\' }, []],
    [{ search: 'علي' }, ['E-6']],
    [{ search: "' OR 1=1 --" }, []],
    [{ search: '' }, ['E-2', 'E-3', 'E-4', 'E-5', 'E-1', 'E-6']],
  ])('finds employees by %j', async (filter, expected) => {
    expect(await ids(filter)).toEqual(expected);
  });

  it('filters by office; one that is not there has nobody', async () => {
    expect(await ids({ officeId: offices[1] })).toEqual(['E-2', 'E-4', 'E-6']);
    expect(await ids({ officeId: 'nonsense' })).toEqual([]);
    expect((await punches({ filter: { officeId: 'nonsense' } })).totalCount).toBe(0);
  });

  it('pages through employees without a gap or a repetition, also when one is added before the cursor', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const page: EmployeesAnswer['employees'] = await employees({ first: 2, after });
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...page.nodes.map(({ employeeId }) => employeeId));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      if (pages++ === 0) {
        await register(service, { employeeId: 'E-0', name: 'Aaron', faceDescriptor: strangerDescriptor(99) });
      }
    } while (after !== null);
    expect(seen).toEqual(['E-2', 'E-3', 'E-4', 'E-5', 'E-1', 'E-6']);
    expect(await ids({ search: 'aaron' })).toEqual(['E-0']);
  });

  it('lists punches newest first, filtered by employee, office, type and a half-open range', async () => {
    const all = await punches();
    expect(all.totalCount).toBe(12);
    expect(all.nodes.map(({ employee }) => employee.employeeId).slice(0, 3)).toEqual(['E-3', 'E-2', 'E-1']);
    expect((await punches({ filter: { employeeId: 'e-1' } })).totalCount).toBe(4);
    expect((await punches({ filter: { officeId: offices[1] } })).totalCount).toBe(4);
    const logins = await punches({ filter: { type: 'LOGIN' } });
    expect(new Set(logins.nodes.map(({ type }) => type))).toEqual(new Set(['LOGIN']));
    const range = { from: '2026-05-04T09:00:00Z', to: '2026-05-04T12:00:00+00:00' };
    expect((await punches({ filter: range })).totalCount).toBe(3);
  });

  it('pages through punches that share their moment', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: PunchesAnswer['attendances'] = await punches({ first: 5, after });
      seen.push(...page.nodes.map(({ id }) => id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual((await punches()).nodes.map(({ id }) => id));
    expect(new Set(seen).size).toBe(12);
  });

  it('finds one employee in any case, and answers null for nobody', async () => {
    const query = 'query ($id: String!) { employee(employeeId: $id) { name office { name } } }';
    expect(await service.ask(query, { id: 'e-6' })).toEqual({
      employee: { name: 'محمد علي', office: { name: 'South' } },
    });
    for (const id of ['E-77', '', '../x', 'a\u0000b']) {
      expect(await service.ask(query, { id })).toEqual({ employee: null });
    }
  });

  it('costs the same number of statements whether a page has few rows or many', async () => {
    const statements = jest.spyOn(Client.prototype, 'query');
    // The least of several times: what the service does in the background only ever adds to it.
    const count = async (work: () => Promise<unknown>): Promise<number> => {
      const counts: number[] = [];
      for (let n = 0; n < 5; n++) {
        statements.mockClear();
        await work();
        counts.push(statements.mock.calls.length);
      }
      return Math.min(...counts);
    };
    const withAll = `query ($first: Int!) { attendances(first: $first) { totalCount
      nodes { employee { name officeName office { name } } office { name } imageUrl } } }`;
    try {
      const employeesOne = await count(() => employees({ first: 2 }));
      expect(await count(() => employees({ first: 200 }))).toBe(employeesOne);
      // Rows, their offices, the total.
      expect(employeesOne).toBe(3);
      const punchesOne = await count(() => service.ask(withAll, { first: 1 }));
      expect(await count(() => service.ask(withAll, { first: 200 }))).toBe(punchesOne);
      // Rows, their employees, the offices of both, the total.
      expect(punchesOne).toBeLessThanOrEqual(5);
    } finally {
      statements.mockRestore();
    }
  });
});
