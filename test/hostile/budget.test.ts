/**
 * Real: src/main.ts as a process of its own, every input of the schema that it introspects, the database; its processor
 * time as the system counts it. Fake: nothing.
 */
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { ADMIN_KEY, as, createKey, createOffice, Speaker } from '../support/access';
import { ApiClient } from '../support/api-client';
import { ChildService } from '../support/child-service';
import { costOf, usageOf } from '../support/costs';
import { createStorage, type TestStorage } from '../support/databases';
import { effort } from '../support/effort';
import { expectDiscreet, send, type RawAnswer } from '../support/hostile';
import { bodyOf, oversizedInputs, type OversizedInput } from '../support/oversized-inputs';

const SIZE = 100_000;
/** In milliseconds of processor time: of KIOSK, VIEWER and nobody, and of ADMIN and HR. */
const BUDGET_MS = { others: 1500, staff: 5000 };
/** What may stay of all requests together, in megabytes. */
const MAX_GROWTH_MB = 300;

let storage: TestStorage;
let child: ChildService;
let url: string;
let inputs: readonly OversizedInput[];
const secrets: Record<string, string | null> = { nobody: null, ADMIN: ADMIN_KEY };
const logged: string[] = [];

beforeAll(async () => {
  storage = await createStorage();
  const env = {
    ADMIN_API_KEY: ADMIN_KEY,
    ...{ RATE_LIMIT_PER_ADDRESS: '0', RATE_LIMIT_PER_KEY: '0', FACE_WORKERS: '0' },
  };
  child = ChildService.spawn({ storage, env, onLine: (line) => logged.push(line) });
  ({ url } = await child.listening);
  const admin = new Speaker(new ApiClient(url), ADMIN_KEY);
  const officeId = await createOffice(admin, { name: 'Lima' });
  for (const role of ['HR', 'VIEWER', 'KIOSK'] as const) {
    secrets[role] = (await createKey(admin, { role, officeId: role === 'KIOSK' ? officeId : null })).secret;
  }
  const schema = (await admin.ask(getIntrospectionQuery())) as unknown as IntrospectionQuery;
  inputs = oversizedInputs(buildClientSchema(schema), SIZE);
});
afterAll(async () => {
  await child.stop();
  await storage.remove();
});

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

// In `npm test` each role gets one of 24 inputs, other roles others.
it.each([
  ['nobody', BUDGET_MS.others],
  ['KIOSK', BUDGET_MS.others],
  ['VIEWER', BUDGET_MS.others],
  ['HR', BUDGET_MS.staff],
  ['ADMIN', BUDGET_MS.staff],
])(
  'every input of the schema with 100,000 keys, items, levels or characters costs %s little',
  async (role, budget) => {
    const before = usageOf(child);
    const key = secrets[role] ?? null;
    const part = effort(1, 24);
    const start = Object.keys(secrets).indexOf(role) % part;
    const chosen = inputs.filter((_, i) => i % part === start);
    expect(chosen.length).toBeGreaterThan(10);
    let most = { name: '', cpuMs: 0 };
    for (const input of chosen) {
      const body = bodyOf(input);
      const { cpuMs, outcome } = await costOf(child, () => ask(body, input.subscription, key));
      expectDiscreet(outcome.text, '');
      expect([input.name, outcome.status]).toEqual([input.name, expect.any(Number)]);
      if (outcome.status >= 500) throw new Error(`${input.name}: ${outcome.status}`);
      if (cpuMs > most.cpuMs) most = { name: input.name, cpuMs };
    }
    expect(most).toEqual({ name: most.name, cpuMs: expect.any(Number) as number });
    if (most.cpuMs > budget) throw new Error(`${most.name} took ${most.cpuMs} ms`);
    expect(usageOf(child).residentMb - before.residentMb).toBeLessThan(MAX_GROWTH_MB);
    expect(logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  },
  600_000,
);
