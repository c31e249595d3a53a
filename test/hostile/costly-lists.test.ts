/**
 * Real: src/main.ts as a process of its own, the database with a month of 1,000 people; its processor time as the system
 * counts it. Fake: nothing.
 */
import { Client } from 'pg';
import { MONTH, seed } from '../../bench/working-days/seed';
import { ADMIN_KEY, as, createKey, Speaker } from '../support/access';
import { ApiClient } from '../support/api-client';
import { ChildService } from '../support/child-service';
import { costOf } from '../support/costs';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { faultOf, post, type RawAnswer } from '../support/hostile';
import { LoopBlocks } from '../support/loop-blocks';
import { slowness } from '../support/slowness';

/** Milliseconds of processor time, and of the event loop at a time; megabytes. */
const MAX = { cpuMs: 1500, blockMs: 100, peakMb: 100 };
const PEOPLE = 1000;
const RANGE = `from: "${MONTH.from}", until: "${MONTH.until}"`;
const TOTALS =
  'totals { workedMinutes expectedMinutes balanceMinutes classes { class minutes } premiums { code minutes } }';
const FIGURES =
  'figures { workedMinutes plannedMinutes balanceMinutes lateMinutes classes { class minutes } }';

describeOnServer('lists of 1,000 people cost a viewer little:', () => {
  const blocks = new LoopBlocks();
  let storage: TestStorage;
  let child: ChildService;
  let url: string;
  let viewer: string;

  beforeAll(async () => {
    storage = await createStorage();
    const env = { ADMIN_API_KEY: ADMIN_KEY, FACE_WORKERS: '0', RATE_LIMIT_PER_KEY: '0', ...blocks.env };
    child = ChildService.spawn({ storage, env, onLine: blocks.onLine });
    ({ url } = await child.listening);
    const client = new Client({ connectionString: storage.databaseUrl ?? '' });
    await client.connect();
    await seed(client, PEOPLE);
    await client.end();
    viewer = (await createKey(new Speaker(new ApiClient(url), ADMIN_KEY), { role: 'VIEWER' })).secret;
  }, 300_000);
  afterAll(async () => {
    await child.stop();
    await storage.remove();
  });

  const ask = (query: string): Promise<RawAnswer> =>
    post(url, JSON.stringify({ query }), { 'content-type': 'application/json', ...as(viewer) });
  const times = (count: number, field: (i: number) => string): string =>
    `{ ${Array.from({ length: count }, (_, i) => `a${i}: ${field(i)}`).join(' ')} }`;
  const totals = `workTotals(filter: { ${RANGE} }, by: MONTH) { employees ${TOTALS} }`;

  it.each([
    [
      'timesheets',
      `{ timesheets(filter: { ${RANGE} }, first: 200) { nodes { employee { name } ${TOTALS} } } }`,
    ],
    [
      'days',
      `{ workDays(filter: { ${RANGE} }, first: 200) { nodes { status flags employee { name } ${FIGURES} } } }`,
    ],
    [
      'months of 20 people',
      times(20, (i) => `timesheet(employeeId: "P${i + 1}", ${RANGE}) { days { date status ${FIGURES} } }`),
    ],
    [
      'punches',
      '{ attendances(first: 200) { totalCount nodes { id recordedAt employee { name office { name } } } } }',
    ],
    [
      'punches of a working day',
      `{ attendances(first: 200, filter: { workDate: "${MONTH.from}" }) { totalCount nodes { id workDate } } }`,
    ],
    ['sums over everybody', `{ ${totals} }`],
    [
      'days with a flag that nobody has',
      `{ workDays(filter: { ${RANGE}, flags: [CONTINUED] }) { nodes { date } } }`,
    ],
    [
      '30 searches',
      times(30, (i) => `employees(first: 100, filter: { search: "${i}" }) { totalCount nodes { name } }`),
    ],
  ])('%s', async (_what, query) => {
    await blocks.longest(child);
    const { cpuMs, peakMb, outcome } = await costOf(child, () => ask(query));
    expect(outcome.status).toBe(200);
    expect(cpuMs / slowness()).toBeLessThan(MAX.cpuMs);
    expect(peakMb).toBeLessThan(MAX.peakMb);
    expect((await blocks.longest(child)) / slowness()).toBeLessThan(MAX.blockMs);
  });

  it('sums over everybody are made once in an operation', async () => {
    const { extensions } = faultOf(await ask(times(2, () => totals)));
    expect(extensions.code).toBe('BAD_USER_INPUT');
  });
});
