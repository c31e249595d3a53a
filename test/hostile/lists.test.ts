/** Real: the service over HTTP, the database. Fake: nothing. */
import { expectDiscreet, faultOf, footprint, post } from '../support/hostile';
import { check, collins, hopper, PUNCHES, register } from '../support/operations';
import { TestService } from '../support/service';

const EMPLOYEES = `query ($filter: EmployeeFilter, $first: Int! = 50, $after: String) {
  employees(filter: $filter, first: $first, after: $after) {
    totalCount nodes { employeeId } pageInfo { endCursor hasNextPage }
  }
}`;
const cursorOf = (...keys: unknown[]): string => Buffer.from(JSON.stringify(keys)).toString('base64url');
const ID = '0190a5c4-7a3b-7000-8000-000000000000';

describe('lists', () => {
  let service: TestService;
  let cursors: { employees: string; attendances: string };

  beforeAll(async () => {
    service = await TestService.start();
    await register(service);
    await register(service, { name: 'Eileen Collins', employeeId: 'EMP-2', ...collins });
    await check(service, { employeeId: 'EMP-1' });
    const pages = await service.ask<Record<'employees' | 'attendances', { pageInfo: { endCursor: string } }>>(
      '{ employees { pageInfo { endCursor } } attendances { pageInfo { endCursor } } }',
    );
    cursors = {
      employees: pages.employees.pageInfo.endCursor,
      attendances: pages.attendances.pageInfo.endCursor,
    };
  });
  afterAll(() => service.stop());

  const lists = [
    ['employees', EMPLOYEES],
    ['attendances', PUNCHES],
  ] as const;

  async function expectRefused(query: string, variables: object, field: string, says: RegExp): Promise<void> {
    const before = await footprint(service);
    const answer = await post(service.url, JSON.stringify({ query, variables }));
    expectDiscreet(answer.text, variables);
    expect(answer.status).toBeLessThan(500);
    const { message, extensions } = faultOf(answer);
    expect({ code: extensions.code, field: extensions['field'], message }).toEqual({
      code: 'BAD_USER_INPUT',
      field,
      message: expect.stringMatching(says) as unknown,
    });
    expect(await footprint(service)).toEqual(before);
  }

  describe.each(lists)('%s', (list, query) => {
    it.each([0, 201, -1, -(2 ** 31), 2 ** 31 - 1])('refuses a page of %d rows', async (first) => {
      await expectRefused(query, { first }, 'first', /must be 1 to 200/);
      const written = `{ ${list}(first: ${first}) { totalCount } }`;
      await expectRefused(written, {}, 'first', /must be 1 to 200/);
    });

    it.each([null, 1.5, '10', 2 ** 31])('refuses %j as a number of rows', async (first) => {
      await expectRefused(
        query,
        { first },
        'first',
        /must be a (32-bit )?whole number|non-null type "Int!" must not be null/,
      );
      const nullable = `query ($n: Int) { ${list}(first: $n) { totalCount } }`;
      if (first === null) await expectRefused(nullable, { n: null }, 'first', /must not be null/);
    });

    it.each([
      ['empty', ''],
      ['not base64', '***'],
      ['not JSON', Buffer.from('[hello').toString('base64url')],
      ['a number', Buffer.from('5').toString('base64url')],
      ['an object', Buffer.from('{"length":2}').toString('base64url')],
      ['of one key', cursorOf('a')],
      ['of three keys', cursorOf('a', ID, 'b')],
      ['of other types', cursorOf(5, [ID])],
      ['of something that is no id', cursorOf('2026-01-31T08:30:00.000Z', "' OR 1=1 --")],
      ['with a NUL', cursorOf('Grace\u0000', ID)],
      ['with a NUL in the id', cursorOf('Grace', `${ID}\u0000`)],
      ['with half a surrogate pair', cursorOf('Grace\ud83d', ID)],
      ['a NUL', '\u0000'],
      ['half a surrogate pair', '\ud83d'],
      ['padded', `${cursorOf('2026-01-31T08:30:00.000Z', ID)}=`],
      ['of 100,000 characters', 'A'.repeat(100_000)],
      ['deeply nested', Buffer.from('['.repeat(3000)).toString('base64url')],
      ['with a key that is longer than any', cursorOf('n'.repeat(2500), ID)],
    ])('refuses a cursor that is %s', async (_what, after) => {
      await expectRefused(query, { after }, 'after', /must be a cursor from this list/);
    });

    it("refuses the other list's cursor", async () => {
      const after = list === 'employees' ? cursors.attendances : cursors.employees;
      await expectRefused(query, { after }, 'after', /must be a cursor from this list/);
    });

    it('takes its own', async () => {
      const page = await service.ask<Record<string, unknown>>(query, { after: cursors[list] });
      expect(page[list]).toMatchObject({ nodes: [] });
    });
  });

  it.each([
    '0000-01-01T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '9999-99-99T99:99:99.999Z',
    'infinity',
    'now',
  ])('attendances refuses a forged cursor of the time %s', async (time) => {
    await expectRefused(PUNCHES, { after: cursorOf(time, ID) }, 'after', /must be a cursor/);
  });

  it.each([
    ['a NUL', 'Gra\u0000ce', /at most 200 characters, without control characters/],
    ['half a surrogate pair', 'Gra\ud83dce', /without control characters/],
    ['201 characters', 's'.repeat(201), /at most (200|131072) characters/],
    ['ten million characters', 's'.repeat(10_000_000), /at most (200|131072) characters/],
  ])('employees refuses a search with %s', async (_what, search, says) => {
    await expectRefused(EMPLOYEES, { filter: { search } }, 'search', says);
  });

  it.each(['', 'a\u0000b', '\ud83d', 'a/b', 'e'.repeat(65)])(
    'attendances refuses the employeeId %j',
    async (employeeId) => {
      await expectRefused(PUNCHES, { filter: { employeeId } }, 'employeeId', /must be 1 to 64 letters/);
    },
  );

  it.each(['', 'a\u0000b', '\ud83d', 'a/b', 'e'.repeat(100_000)])(
    'nobody is found by the employeeId %j',
    async (employeeId) => {
      const query = 'query ($id: String!) { employee(employeeId: $id) { id } }';
      expect(await service.ask<Record<string, unknown>>(query, { id: employeeId })).toEqual({
        employee: null,
      });
    },
  );

  it.each(['', 'a\u0000b', '\ud83d', "' OR 1=1 --", 'e'.repeat(100_000)])(
    'no office has the id %j',
    async (officeId) => {
      for (const [list, query] of lists) {
        const answer = await service.ask<Record<string, unknown>>(query, { filter: { officeId } });
        expect(answer[list]).toMatchObject({ totalCount: 0, nodes: [] });
      }
    },
  );

  it('attendances refuses a range that ends before it begins', async () => {
    const filter = { from: '2026-02-01T00:00:00Z', to: '2026-01-31T23:59:59Z' };
    await expectRefused(PUNCHES, { filter }, 'to', /must not be before from/);
  });

  it.each([
    ['0000-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00', 1],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:01Z', 0],
    ['2026-01-31T08:30:00.123456789Z', '9999-12-31T23:59:59.999Z', 1],
  ])('attendances takes the range %s to %s', async (from, to, totalCount) => {
    const now = Date.now();
    expect(now).toBeGreaterThan(Date.parse('2025-01-01'));
    const { attendances } = await service.ask(PUNCHES, { filter: { from, to } });
    expect(attendances).toMatchObject({ totalCount });
  });

  it.each([0, 15, 1025, -1, 2 ** 31 - 1])('refuses a thumbnail of %d pixels', async (size) => {
    const query = `query ($size: Int!) { employee(employeeId: "EMP-1") { thumbnailUrl(size: $size) } }`;
    await expectRefused(query, { size }, 'size', /must be 16 to 1024 pixels/);
  });

  it('still finds who is there', async () => {
    const { employees } = await service.ask(EMPLOYEES, { filter: { search: 'hopper' } });
    expect(employees).toMatchObject({ nodes: [{ employeeId: 'EMP-1' }] });
    expect(await check(service, { employeeId: 'EMP-1', ...hopper })).toHaveProperty('status');
  });
});
