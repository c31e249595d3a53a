/**
 * Real: src/main.ts as a process of its own, the database; its memory as the system counts it. Fake: chance, which has a
 * seed.
 */
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { ADMIN_KEY, as, createKey, createOffice, Speaker } from '../support/access';
import { ApiClient } from '../support/api-client';
import { ChildService } from '../support/child-service';
import { usageOf } from '../support/costs';
import { createStorage, type TestStorage } from '../support/databases';
import { effort } from '../support/effort';
import { Fuzzer, randomOf } from '../support/fuzz';
import { post, type RawAnswer } from '../support/hostile';
import { minimalOperations } from '../support/minimal-operations';
import { file, multipart, multipartHeaders, operations, MAP } from '../support/multipart';
import { CHECK, hopper, REGISTER } from '../support/operations';
import { photo } from '../support/photos';

const MS = effort(60_000, 4000);
const SEED = 20_261_130;
const MAX_GROWTH_MB = 150;

let storage: TestStorage;
let child: ChildService;
let url: string;
let documents: string[];
let credentials: (string | null)[];
const faults: string[] = [];

beforeAll(async () => {
  storage = await createStorage();
  const env = {
    ADMIN_API_KEY: ADMIN_KEY,
    ...{ RATE_LIMIT_PER_ADDRESS: '0', RATE_LIMIT_PER_KEY: '0', FACE_WORKERS: '0' },
  };
  const onLine = (line: string): void => void (/"level":(50|60)/.test(line) && faults.push(line));
  child = ChildService.spawn({ storage, env, onLine });
  ({ url } = await child.listening);
  const admin = new Speaker(new ApiClient(url), ADMIN_KEY);
  const officeId = await createOffice(admin, { name: 'Lima' });
  const kiosk = await createKey(admin, { role: 'KIOSK', officeId });
  const hr = await createKey(admin, { role: 'HR', officeId: null });
  credentials = [ADMIN_KEY, hr.secret, kiosk.secret, null];
  const schema = (await admin.ask(getIntrospectionQuery())) as unknown as IntrospectionQuery;
  // Revoking keys would turn everything that follows into refusals.
  documents = minimalOperations(buildClientSchema(schema)).map(({ document }) => document);
});
afterAll(async () => {
  await child.stop();
  await storage.remove();
});

const small = photo('tiny.jpg');

/** A GraphQL body or a multipart body, and what it is sent as. */
function request(fuzz: Fuzzer): { body: Buffer; headers: Record<string, string> } {
  const input = { employeeId: 'EMP-1', name: 'Grace', ...hopper, imageBase64: small.toString('base64') };
  if (fuzz.chance(0.4)) {
    const parts = [
      { name: 'operations', body: fuzz.text(operations(fuzz.value(input) as object)) },
      { name: 'map', body: fuzz.text(MAP) },
      file(fuzz.bytes(small)),
    ];
    const chosen = fuzz.pick([parts, parts.slice(0, 2), [...parts].reverse(), [...parts, ...parts]]);
    const body = multipart(chosen);
    return { body: fuzz.chance(0.5) ? fuzz.bytes(body) : body, headers: { ...multipartHeaders } };
  }
  const query = fuzz.text(fuzz.pick([...documents, CHECK, REGISTER]));
  const variables = fuzz.value({ input, first: 10, after: 'x', filter: { search: 'x' }, id: 'x' });
  const sent = fuzz.value({ query, variables, operationName: null, extensions: {} });
  const json = JSON.stringify(sent);
  const body = fuzz.chance(0.3) ? fuzz.bytes(Buffer.from(json)) : Buffer.from(json);
  return { body, headers: { 'content-type': 'application/json' } };
}

it(`random bodies for ${MS / 1000} s are answered without a crash, an internal error or growing memory`, async () => {
  const fuzz = new Fuzzer(randomOf(SEED));
  const end = performance.now() + MS;
  const before = usageOf(child);
  let sent = 0;
  while (performance.now() < end) {
    const batch = Array.from({ length: 8 }, async (): Promise<[Buffer, RawAnswer]> => {
      const { body, headers } = request(fuzz);
      const key = fuzz.pick(credentials);
      return [body, await post(url, body, { ...headers, ...(key === null ? {} : as(key)) })];
    });
    for (const [body, { status, text }] of await Promise.all(batch)) {
      if (status < 500 && !text.includes('INTERNAL_SERVER_ERROR')) continue;
      throw new Error(
        `${status} ${text.slice(0, 300)} to ${JSON.stringify(body.toString('latin1')).slice(0, 3000)}`,
      );
    }
    sent += batch.length;
  }
  expect(sent).toBeGreaterThan(50);
  expect(faults).toEqual([]);
  expect(usageOf(child).residentMb - before.residentMb).toBeLessThan(MAX_GROWTH_MB);
  // It lives.
  expect((await post(url, '{"query":"{ __typename }"}')).status).toBe(200);
}, 300_000);
