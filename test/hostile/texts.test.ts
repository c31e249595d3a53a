/**
 * Real: the service over HTTP, the database, every mutation of the schema with a call that works, every query. Fake: nothing.
 * What one field of it gets instead is a text that the database would refuse.
 */
import { randomBytes } from 'node:crypto';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { startClosed, type Speaker } from '../support/access';
import { everyMutation } from '../support/every-mutation';
import { oversizedInputs } from '../support/oversized-inputs';
import type { TestService } from '../support/service';

const TEXTS = ['a\u0000', 'x'.repeat(5000), '\ud800', ''];
/** Wrong rows of an import are data, and nothing is written. A saved check is for a person. */
const TAKEN = /"added":0|"ReviewQueued"/;

let service: TestService;
let admin: Speaker;
let tried = 0;
const faults: string[] = [];

/** What somebody sends instead: one text of the variables, or of the document, is another one. */
function* spoiled(
  query: string,
  variables: object,
): Generator<[place: string, text: string, string, object]> {
  for (const text of TEXTS) {
    for (const [path, value] of leaves(variables, [])) {
      if (typeof value === 'string') yield [path.join('.'), text, query, withLeaf(variables, path, text)];
    }
    for (const { 0: quoted, index } of query.matchAll(/"[^"]*"/g)) {
      const spoilt = query.slice(0, index) + JSON.stringify(text) + query.slice(index + quoted.length);
      yield [query.slice(Math.max(0, index - 30), index), text, spoilt, variables];
    }
  }
}

function* leaves(value: unknown, path: string[]): Generator<[string[], unknown]> {
  if (typeof value !== 'object' || value === null) yield [path, value];
  else for (const [key, below] of Object.entries(value)) yield* leaves(below, [...path, key]);
}

function withLeaf(value: unknown, [key, ...rest]: readonly string[], text: string): object {
  if (key === undefined) return text as unknown as object;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = withLeaf(copy[key], rest, text);
  return copy;
}

/** Sends a mutation with each of its texts spoilt, and then as it is. */
async function attack(query: string, variables: object = {}): Promise<void> {
  if (!query.startsWith('mutation')) return;
  for (const [place, text, document, values] of spoiled(query, variables)) {
    tried += 1;
    const { data, errors } = await admin.send(document, values as Record<string, unknown>);
    const code = errors?.[0]?.extensions.code;
    if (code === undefined && TAKEN.test(JSON.stringify(data))) continue;
    if (code === undefined || code === 'INTERNAL_SERVER_ERROR') {
      faults.push(
        `${query.slice(0, 80)} ${place} ${JSON.stringify(text).slice(0, 10)}: ${code ?? JSON.stringify(data)}`,
      );
    }
  }
}

const steps = everyMutation({
  get service() {
    return service;
  },
  admin: {
    async ask<T, O extends string>(query: O, variables: object) {
      await attack(query, variables);
      return admin.ask<T, O>(query, variables as never);
    },
    send: (query: string, variables: object) => admin.send(query, variables as never),
  } as unknown as Speaker,
});

beforeAll(async () => {
  const env = {
    ...{ RATE_LIMIT_PER_ADDRESS: '0', RATE_LIMIT_PER_KEY: '0', LOCKOUT_KEY_FAILURES: '0' },
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
  };
  ({ service, admin } = await startClosed({ env }));
});
afterAll(() => service.stop());

it('a mutation refuses every text that the database would not take, and works afterwards', async () => {
  for (const step of Object.values(steps)) await step();
  expect(faults).toEqual([]);
  expect(tried).toBeGreaterThan(300);
}, 300_000);

it('a query answers or refuses it', async () => {
  const schema = buildClientSchema(
    (await admin.ask(getIntrospectionQuery())) as unknown as IntrospectionQuery,
  );
  const internal: string[] = [];
  for (const { name, subscription, body } of oversizedInputs(schema)) {
    if (subscription || !name.startsWith('Query')) continue;
    for (const text of TEXTS) {
      const { query, variables } = JSON.parse(body(JSON.stringify(text))) as {
        query: string;
        variables: object;
      };
      const { errors } = await admin.send(query, variables as never);
      if (errors?.[0]?.extensions.code === 'INTERNAL_SERVER_ERROR')
        internal.push(`${name} ${JSON.stringify(text).slice(0, 10)}`);
    }
  }
  expect(internal).toEqual([]);
});

it.each(['employees by name', 'workDays', 'timesheets', 'absences'])(
  'a cursor of %s that somebody made is refused',
  async (list) => {
    const id = '01900000-0000-7000-8000-000000000001';
    for (const key of ['a\u0000', '2026-01-01 a\u0000', '2026-01-01\u0000', '\ud800']) {
      const after = Buffer.from(JSON.stringify([list, key, id])).toString('base64url');
      const range = 'filter: { from: "2026-01-01", until: "2026-01-02" }, first: 1, after: $after';
      for (const query of [
        'query ($after: String) { employees(first: 1, after: $after) { nodes { id } } }',
        'query ($after: String) { absences(first: 1, after: $after) { nodes { id } } }',
        `query ($after: String) { workDays(${range}) { nodes { date } } }`,
        `query ($after: String) { timesheets(${range}) { nodes { from } } }`,
      ]) {
        const { errors } = await admin.send(query, { after });
        expect(errors?.[0]?.extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
        expect(errors?.length).toBeGreaterThan(0);
      }
    }
  },
);
