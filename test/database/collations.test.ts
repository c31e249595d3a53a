/** Real: the service over HTTP and its migrations, on databases with other collations. Fake: nothing. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config/config';
import { migrate } from '../../src/database/migrate';
import { createStorage, database, describeOnServer, type TestStorage } from '../support/databases';
import { check, CREATE_OFFICE, hopper, register, REGISTER } from '../support/operations';
import { TestService } from '../support/service';

const TURKISH = 'tr_TR.utf8';
const ICU = (locale: string): string =>
  `LOCALE_PROVIDER icu ICU_LOCALE '${locale}' LC_COLLATE 'C' LC_CTYPE 'C'`;

/** How the databases are created; null: the embedded one. */
const COLLATIONS: (readonly [name: string, locale: string | null])[] = [['embedded', null]];
if (database === 'postgres') {
  COLLATIONS.push(
    ['C', `LC_COLLATE 'C' LC_CTYPE 'C'`],
    ['ICU, Turkish', ICU('tr')],
    ['ICU, German telephone books', ICU('de-u-co-phonebk')],
    ['ICU, upper case first', ICU('en-u-kf-upper')],
    ['Turkish of the C library', `LC_COLLATE '${TURKISH}' LC_CTYPE '${TURKISH}'`],
  );
}

/** In the order of every list. */
const SORTED = [
  'adams 10',
  'Adams 2',
  'Álvaro',
  'Baker',
  'Çelik',
  'İlker',
  'Işıl',
  'Ivanov',
  'Jose',
  'José',
  'Müller',
  'Mumford',
  'Öz',
  'Weiß',
  'Zoë',
  'Σοφία',
  'Иван',
  'علی',
];

const hasTurkish = spawnSync('locale', ['-a'], { encoding: 'utf8' }).stdout?.includes(TURKISH) === true;
const [there, missing] = [true, false].map((wanted) =>
  COLLATIONS.filter(([, locale]) => (hasTurkish || locale?.includes(TURKISH) !== true) === wanted),
) as [typeof COLLATIONS, typeof COLLATIONS];
for (const [name] of missing) {
  it.skip(`names and ids in a database with the collation ${name} (skipped: this machine has no ${TURKISH})`, () =>
    undefined);
}

describe.each(there)('names and ids in a database with the collation %s', (_name, locale) => {
  let storage: TestStorage;
  let on: TestService;

  const open = async (): Promise<DataSource> =>
    createDataSource(
      loadConfig({
        DATA_DIR: storage.dataDir,
        ...(storage.databaseUrl === null ? {} : { DATABASE_URL: storage.databaseUrl }),
      }),
      {
        onFatal: (error) => {
          throw error;
        },
      },
    ).initialize();

  beforeAll(async () => {
    storage = await createStorage(locale === null ? 'pglite' : 'postgres', locale);
    const dataSource = await open();
    await migrate(dataSource);
    await addEarlierRows(dataSource);
    await migrate(dataSource);
    await dataSource.destroy();
    on = await TestService.start({ storage, env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
  });
  afterAll(async () => {
    await on.stop();
    await storage.remove();
  });

  const names = async (search: string | null = null): Promise<string[]> => {
    const { employees } = await on.ask<{ employees: { nodes: { name: string }[]; totalCount: number } }>(
      `query Names($search: String) { employees(filter: { search: $search }, first: 200) { totalCount nodes { name } } }`,
      { search },
    );
    expect(employees.totalCount).toBe(employees.nodes.length);
    return employees.nodes.map(({ name }) => name);
  };

  it('an upgrade keeps everybody, the later of two with a suffix and a review item', async () => {
    const rows = await on.sql<{ employee_id: string; name: string }>(
      'SELECT employee_id, name FROM employees ORDER BY created_at, id',
    );
    expect(rows).toEqual([
      { employee_id: 'ID-1', name: 'First' },
      { employee_id: 'id-1-3', name: 'José' },
      { employee_id: 'iD-1-4', name: 'Third' },
      { employee_id: 'Id-1-2', name: 'Another' },
      { employee_id: LONG, name: 'Long' },
      { employee_id: `${LONG.toLowerCase().slice(0, 62)}-2`, name: 'Also long' },
      { employee_id: 'LONG-NAME', name: GROWS },
    ]);
    const { reviewItems } = await on.ask<{ reviewItems: { nodes: Record<string, unknown>[] } }>(
      `{ reviewItems(filter: { employeeId: "ID-1", status: PENDING }) {
        nodes { reason note claimedEmployeeId employee { employeeId } otherEmployee { employeeId } } } }`,
    );
    expect(reviewItems.nodes).toEqual(
      expect.arrayContaining(
        ['id-1', 'iD-1'].map((claimed) => ({
          reason: 'DUPLICATE_EMPLOYEE_ID',
          note: expect.stringMatching(new RegExp(`ID-1 and ${claimed}, .* is now ${claimed}-[34]`)) as string,
          claimedEmployeeId: claimed,
          employee: { employeeId: expect.stringMatching(`^${claimed}-[34]$`) as string },
          otherEmployee: { employeeId: 'ID-1' },
        })),
      ),
    );
    expect(reviewItems.nodes).toHaveLength(2);
  });

  it('an item about a duplicate is dismissed, and cannot become a punch', async () => {
    const [item] = await on.sql<{ id: string }>(
      `SELECT id FROM review_items WHERE claimed_employee_id = 'id-1'`,
    );
    const input = { employeeId: 'ID-1', type: 'LOGIN', recordedAt: new Date().toISOString(), reason: 'r' };
    expect(
      await on.fault(
        `mutation A($input: AcceptReviewItemInput!) { acceptReviewItem(input: $input) { id } }`,
        {
          input: { ...input, id: item?.id },
        },
      ),
    ).toMatchObject({
      extensions: { code: 'CONFLICT' },
      message: expect.stringMatching(/dismiss/) as string,
    });
    const { dismissReviewItem } = await on.ask<{ dismissReviewItem: { status: string } }>(
      `mutation D($input: DismissReviewItemInput!) { dismissReviewItem(input: $input) { status } }`,
      { input: { id: item?.id, reason: 'Two people' } },
    );
    expect(dismissReviewItem.status).toBe('DISMISSED');
  });

  it('the photo of the employee with the suffix keeps its name, which nobody else gets', async () => {
    const renamed = `SELECT image_path AS path FROM employees WHERE employee_id = 'id-1-3'`;
    expect(await on.sql(renamed)).toEqual([{ path: 'face_images/id-1.jpg' }]);
    // As if the other one were erased.
    await on.sql(`UPDATE employees SET employee_id_key = 'other' WHERE employee_id = 'ID-1'`);
    const input = { name: 'New', employeeId: 'id-1', ...hopper, allowDuplicateFace: true };
    expect(await on.fault(REGISTER, { input })).toMatchObject({ extensions: { code: 'CONFLICT' } });
    await on.sql(`UPDATE employees SET employee_id_key = 'id-1' WHERE employee_id = 'ID-1'`);
  });

  it('a cursor from before the upgrade is refused', async () => {
    const [row] = await on.sql<{ id: string }>('SELECT id FROM employees LIMIT 1');
    for (const list of ['employees', 'attendances']) {
      const after = Buffer.from(JSON.stringify([list, 'First', row?.id])).toString('base64url');
      const fault = await on.fault(`query P($after: String) { employees(after: $after) { totalCount } }`, {
        after,
      });
      expect(fault).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field: 'after' } });
    }
  });

  it('an employeeId is one in every case and form', async () => {
    for (const [employeeId, taken] of [
      ['INDIGO-1', ['indigo-1', 'Indigo-1', 'ＩＮＤＩＧＯ-１', 'iNDIGO-١']],
      ['kelvin', ['KELVIN', '\u212Aelvin']],
    ] as const) {
      await register(on, { employeeId, name: employeeId, allowDuplicateFace: true });
      for (const other of taken) {
        const fault = await on.fault(REGISTER, {
          input: { name: 'Other', employeeId: other, ...hopper, allowDuplicateFace: true },
        });
        expect(fault).toMatchObject({ extensions: { code: 'CONFLICT' } });
        const { employee } = await on.ask<{ employee: { employeeId: string } }>(
          `query E($id: String!) { employee(employeeId: $id) { employeeId } }`,
          { id: other },
        );
        expect(employee.employeeId).toBe(employeeId);
        const { status, attendance } = await check(on, { employeeId: other });
        expect([status, attendance?.employee.employeeId]).toEqual(['RECORDED', employeeId]);
      }
      const { attendances, auditLog } = await on.ask<Record<string, { totalCount: number }>>(
        `query L($id: String!) { attendances(filter: { employeeId: $id }) { totalCount }
          auditLog(filter: { employeeId: $id, action: "employee.register" }) { totalCount } }`,
        { id: taken[0] },
      );
      expect([attendances?.totalCount, auditLog?.totalCount]).toEqual([taken.length, 1]);
    }
  });

  it('lists are sorted as people sort names, over pages and ties', async () => {
    await on.reset();
    // Some as a Mac writes them, with their accents apart.
    for (const [n, name] of [...SORTED].reverse().entries()) {
      const typed = n % 2 === 0 ? name : name.normalize('NFD');
      await register(on, { employeeId: `E-${n}`, name: typed, allowDuplicateFace: true });
      await on.ask(CREATE_OFFICE, {
        input: { name: typed },
      });
    }
    await register(on, { employeeId: 'TIE', name: 'Baker', allowDuplicateFace: true });
    const expected = SORTED.flatMap((name) => (name === 'Baker' ? [name, name] : [name]));
    expect(await names()).toEqual(expected);
    const { offices } = await on.ask<{ offices: { name: string }[] }>('{ offices { name } }');
    expect(offices.map(({ name }) => name)).toEqual(SORTED);
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const { employees }: { employees: Paged } = await on.ask<{ employees: Paged }>(
        `query P($after: String) { employees(first: 2, after: $after) {
          nodes { name } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      paged.push(...employees.nodes.map(({ name }) => name));
      after = employees.pageInfo.hasNextPage ? employees.pageInfo.endCursor : null;
    } while (after !== null);
    expect(paged).toEqual(expected);
  });

  it('a search finds a name however it is typed', async () => {
    for (const [typed, found] of [
      ['josé', ['José']],
      ['JOSÉ', ['José']],
      ['Jose\u0301', ['José']],
      ['jose', ['Jose']],
      ['JOS', ['Jose', 'José']],
      ['ışıl', ['Işıl']],
      ['IŞIL', ['Işıl']],
      ['ilker', ['İlker']],
      ['İLKER', ['İlker']],
      ['I\u0307LKER', ['İlker']],
      ['weiss', ['Weiß']],
      ['WEIẞ', ['Weiß']],
      ['ΣΟΦΊΑ', ['Σοφία']],
      ['иВАН', ['Иван']],
      ['ADAMS ２', ['Adams 2']],
      ['e-０', ['علی']],
      ['%', []],
      ['_', []],
    ] as const) {
      expect([typed, await names(typed)]).toEqual([typed, found]);
    }
    await on.ask(`mutation U($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { name } }`, {
      input: { employeeId: 'tie', name: 'Zu\u0308rn' },
    });
    expect(await names('ZÜRN')).toEqual(['Zürn']);
    expect(await on.sql(`SELECT count(*)::int AS n FROM employees WHERE name IS NOT NFC NORMALIZED`)).toEqual(
      [{ n: 0 }],
    );
  });
});

interface Paged {
  nodes: { name: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

const LONG = 'I'.repeat(64);
/** A letter that NFC makes two of: as long as a name may be it stays as it is. */
const GROWS = '\u0958'.repeat(200);

/** Rows as the version before the keys wrote them, of which several are the same person's id now. */
async function addEarlierRows(dataSource: DataSource): Promise<void> {
  const columns = async (): Promise<number> =>
    (
      await dataSource.query<unknown[]>(
        `SELECT 1 FROM information_schema.columns WHERE column_name = 'employee_id_key'`,
      )
    ).length;
  while ((await columns()) > 0) await dataSource.undoLastMigration();
  // As with a collation in which they are apart.
  await dataSource.query('DROP INDEX employees_employee_id_key');
  await dataSource.query('CREATE UNIQUE INDEX employees_employee_id_key ON employees (employee_id)');
  for (const [n, [employeeId, name]] of [
    ['ID-1', 'First'],
    ['id-1', 'Jose\u0301'],
    ['iD-1', 'Third'],
    // Has the suffix that would be next.
    ['Id-1-2', 'Another'],
    [LONG, 'Long'],
    [LONG.toLowerCase(), 'Also long'],
    ['LONG-NAME', GROWS],
  ].entries()) {
    await dataSource.query(
      `INSERT INTO employees (id, name, employee_id, active, created_at, image_path)
       VALUES ($1, $2, $3, true, now() + $4 * interval '1 second', $5)`,
      [randomUUID(), name, employeeId, n, `face_images/${employeeId}.jpg`],
    );
  }
}

describeOnServer('a database', () => {
  it('with an encoding that does not have every script is refused with the reason', async () => {
    const storage = await createStorage('postgres', `ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`);
    try {
      await expect(TestService.start({ storage })).rejects.toThrow(/encoding SQL_ASCII.*ENCODING 'UTF8'/);
    } finally {
      await storage.remove();
    }
  });
});
