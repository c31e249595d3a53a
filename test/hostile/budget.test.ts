/**
 * Real: src/main.ts as a process of its own, every input of the schema that it introspects, the database; its processor
 * time and memory as the system counts them. Fake: nothing.
 */
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { ADMIN_KEY, as, createKey, createOffice, Speaker } from '../support/access';
import { ApiClient } from '../support/api-client';
import { ChildService } from '../support/child-service';
import { costOf } from '../support/costs';
import { createStorage, type TestStorage } from '../support/databases';
import { effort } from '../support/effort';
import { expectDiscreet, send, type RawAnswer } from '../support/hostile';
import { LoopBlocks } from '../support/loop-blocks';
import { excessive, oversizedInputs, type Excess, type OversizedInput } from '../support/oversized-inputs';
import { slowness } from '../support/slowness';

/** What one request may cost: processor time and blocks of the event loop in milliseconds, memory in megabytes. */
const BUDGETS = {
  others: { cpuMs: 1500, blockMs: 100, peakMb: 100 },
  staff: { cpuMs: 5000, blockMs: 1000, peakMb: 100 },
} as const;

const EVERYBODY = ['nobody', 'KIOSK', 'VIEWER', 'HR', 'ADMIN'];
/** Refused late: the same for all, but for what the role may call. */
const LEAST_AND_MOST = ['KIOSK', 'ADMIN'];

/** Far beyond the bounds, and then as much as they let through. */
const WALKS: readonly (readonly [Excess, size: number, roles: readonly string[]])[] = [
  ['keys', 100_000, EVERYBODY],
  ['items', 100_000, EVERYBODY],
  ['levels', 100_000, EVERYBODY],
  ['text', 100_000, EVERYBODY],
  ['marks', 100_000, EVERYBODY],
  ['copies', 5000, EVERYBODY],
  ['keys', 16_000, LEAST_AND_MOST],
  ['items', 16_000, LEAST_AND_MOST],
  ['levels', 14, LEAST_AND_MOST],
];
const cases = WALKS.flatMap(([excess, size, roles]) => roles.map((role) => [role, size, excess] as const));
/** In `npm test` a walk takes one of so many inputs, and other walks take others. */
const PART = effort(1, 48);

const blocks = new LoopBlocks();
const secrets: Record<string, string | null> = { nobody: null, ADMIN: ADMIN_KEY };
let storage: TestStorage;
let child: ChildService;
let url: string;
let inputs: readonly OversizedInput[];
let faults: string[] = [];

beforeAll(async () => {
  storage = await createStorage();
  const env = {
    ADMIN_API_KEY: ADMIN_KEY,
    ...{ RATE_LIMIT_PER_ADDRESS: '0', RATE_LIMIT_PER_KEY: '0', FACE_WORKERS: '0' },
    ...blocks.env,
  };
  child = ChildService.spawn({ storage, env, onLine });
  ({ url } = await child.listening);
  const admin = new Speaker(new ApiClient(url), ADMIN_KEY);
  const officeId = await createOffice(admin, { name: 'Lima' });
  for (const role of ['HR', 'VIEWER', 'KIOSK'] as const) {
    secrets[role] = (await createKey(admin, { role, officeId: role === 'KIOSK' ? officeId : null })).secret;
  }
  const schema = (await admin.ask(getIntrospectionQuery())) as unknown as IntrospectionQuery;
  inputs = oversizedInputs(buildClientSchema(schema));
});
afterAll(async () => {
  await child.stop();
  await storage.remove();
});

function onLine(line: string): void {
  blocks.onLine(line);
  if (/"level":(50|60)/.test(line)) faults.push(line);
}

function ask(body: string, subscription: boolean, key: string | null): Promise<RawAnswer> {
  return send(url, subscription ? '/graphql/stream' : '/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(subscription ? { accept: 'text/event-stream' } : {}),
      ...(key === null ? {} : as(key)),
    },
    body,
  });
}

it.each(cases)(
  'every input of the schema costs %s little with %i %s',
  async (role, size, excess) => {
    const budget = role === 'HR' || role === 'ADMIN' ? BUDGETS.staff : BUDGETS.others;
    const start = cases.findIndex((each) => each.join() === [role, size, excess].join()) % PART;
    const chosen = inputs.filter((_, i) => i % PART === start);
    expect(chosen.length).toBeGreaterThan(5);
    faults = [];
    const costly: string[] = [];
    // Copies differ from place to place; the rest is written once, which takes longer than to refuse it.
    const same = excess === 'copies' ? null : excessive(excess, size, '');
    await blocks.longest(child);
    for (const { name, subscription, least, body } of chosen) {
      const sent = body(same ?? excessive(excess, size, least));
      const key = secrets[role] ?? null;
      const { cpuMs, peakMb, outcome } = await costOf(child, () => ask(sent, subscription, key));
      const blockMs = await blocks.longest(child);
      expectDiscreet(outcome.text, '');
      const dear =
        cpuMs / slowness() > budget.cpuMs || blockMs / slowness() > budget.blockMs || peakMb > budget.peakMb;
      if (dear || outcome.status >= 500) {
        costly.push(`${name}: ${outcome.status}, ${cpuMs} ms, ${blockMs} ms at a time, ${peakMb} MB`);
      }
    }
    expect(costly).toEqual([]);
    expect(faults).toEqual([]);
  },
  600_000,
);
