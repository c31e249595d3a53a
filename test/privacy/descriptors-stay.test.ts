/**
 * Real: src/main.ts as a process of its own with everything that it prints and answers, PostgreSQL where there is one,
 * the face engine, encryption. Fake: nothing.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, type GraphQLCompositeType, type GraphQLSchema } from 'graphql';
import { join } from 'node:path';
import { Client } from 'pg';
import { KeyRing } from '../../src/services/encryption/key-ring';
import { TemplateVault } from '../../src/services/faces/matching/template-vault';
import { decodeTemplate } from '../../src/services/faces/engine/descriptor';
import { ChildService } from '../support/child-service';
import { openDataSource } from '../support/data-source';
import { createStorage, itOnServer, type TestStorage } from '../support/databases';
import { everyField } from '../support/every-field';
import { post, send, type RawAnswer } from '../support/hostile';
import { collins, hopper, hopperAgain } from '../support/operations';
import { base64Photo, descriptor, near, packed, photo, strangerDescriptor } from '../support/photos';
import { vectorsIn } from '../support/vector-forms';

const API_KEY = 'key-of-the-tests-0123456789';
const ENCRYPTION_KEY = randomBytes(32);
const headers = { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` };

const printed: string[] = [];
const answered: Buffer[] = [];
/** What clients sent; what the server computed is added from the database. */
const vectors: number[][] = [
  hopper.faceDescriptor,
  hopperAgain.faceDescriptor,
  collins.faceDescriptor,
  descriptor('grace-hopper-3'),
  strangerDescriptor(7),
  near(hopper.faceDescriptor, 0.96, 8),
];
let storage: TestStorage;
let child: ChildService;
let url: string;
let schema: GraphQLSchema;

beforeAll(async () => {
  schema = buildSchema(readFileSync(join(__dirname, '..', '..', 'src', 'schema.graphql'), 'utf8'));
  storage = await createStorage();
  await start();
});
afterAll(async () => {
  await child.stop();
  await storage.remove();
});

async function start(): Promise<void> {
  child = ChildService.spawn({
    storage,
    env: {
      LOG_LEVEL: 'trace',
      ADMIN_API_KEY: API_KEY,
      ENCRYPTION_KEY: ENCRYPTION_KEY.toString('hex'),
      ENCRYPT_MEDIA: 'true',
      PUNCH_MIN_INTERVAL_SECONDS: '0',
      REPLAY_WINDOW_DAYS: '1',
      // Descriptors of people who are not in the photos.
      FACE_DESCRIPTOR_TRUST: 'client',
    },
    onLine: (line) => printed.push(line),
  });
  ({ url } = await child.listening);
}

const keep = (answer: RawAnswer): RawAnswer => {
  answered.push(answer.bytes, Buffer.from(JSON.stringify(answer.headers)));
  return answer;
};
const ask = async (query: string, variables: object = {}): Promise<string> =>
  keep(await post(url, JSON.stringify({ query, variables }), headers)).text;

/** Everything that an operation can answer. */
function everythingOf(operation: string): string {
  const { type } =
    { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() }[operation] ?? {};
  if (type === undefined) throw new Error(`There is no ${operation}`);
  return everyField(schema, getNamedType(type) as GraphQLCompositeType, 3);
}
const mutate = (operation: string, input: object): Promise<string> => {
  const { type } = schema.getMutationType()?.getFields()[operation]?.args[0] ?? {};
  return ask(
    `mutation ($input: ${String(type)}) { ${operation}(input: $input) ${everythingOf(operation)} }`,
    { input },
  );
};

it('step 1: people are enrolled, by what clients compute and by what the server computes', async () => {
  const enrolled = [
    { name: 'Grace Hopper', employeeId: 'EMP-1', ...hopper },
    { name: 'Eileen Collins', employeeId: 'EMP-2', imageBase64: base64Photo('eileen-collins.jpg') },
    {
      name: 'Stranger',
      employeeId: 'EMP-3',
      imageBase64: hopper.imageBase64,
      faceDescriptor: packed(strangerDescriptor(7)),
    },
  ];
  for (const input of enrolled)
    expect(await mutate('registerEmployee', input)).toContain('registered successfully');
  const further = {
    employeeId: 'EMP-1',
    imageBase64: base64Photo('grace-hopper-3.jpg'),
    faceDescriptor: descriptor('grace-hopper-3'),
  };
  expect(await mutate('addFaceTemplate', further)).toContain('faceTemplates');
  // Somebody who is enrolled already is named, and not by a vector.
  const again = { name: 'Again', employeeId: 'EMP-4', ...hopperAgain };
  expect(await mutate('registerEmployee', again)).toContain('FACE_ALREADY_ENROLLED');
});

it('step 2: faces are checked, refused, taken for a replay, and not found', async () => {
  expect(await mutate('checkAttendance', hopperAgain)).toContain('"RECORDED"');
  expect(await mutate('checkAttendance', hopperAgain)).toContain('REPLAY_DETECTED');
  expect(await mutate('checkAttendance', { imageBase64: base64Photo('eileen-collins-2.jpg') })).toMatch(
    /"(RECORDED|FACE_NOT_RECOGNIZED)"/,
  );
  const claimed = {
    employeeId: 'EMP-2',
    imageBase64: base64Photo('grace-hopper-2.jpg'),
    faceDescriptor: near(hopper.faceDescriptor, 0.96, 8),
  };
  expect(await mutate('checkAttendance', claimed)).toMatch(/FACE_MISMATCH|REPLAY_DETECTED/);
  expect(await mutate('checkAttendance', { imageBase64: base64Photo('no-face.jpg') })).toContain(
    'FACE_NOT_USABLE',
  );
});

it('step 3: nonsense with vectors in it is refused', async () => {
  const { imageBase64, faceDescriptor } = hopper;
  const list = `[${faceDescriptor.join()}]`;
  const answers = await Promise.all([
    mutate('checkAttendance', { imageBase64, faceDescriptor: faceDescriptor.slice(1) }),
    mutate('checkAttendance', { imageBase64, faceDescriptor: [...faceDescriptor.slice(1), 'x'] }),
    mutate('checkAttendance', { imageBase64, faceDescriptor: faceDescriptor.map((x) => x * 1e300) }),
    mutate('checkAttendance', { imageBase64, faceDescriptor: packed(faceDescriptor).slice(4) }),
    mutate('checkAttendance', { imageBase64, faceDescriptor: { vector: faceDescriptor } }),
    mutate('checkAttendance', { imageBase64, employeeId: packed(faceDescriptor) }),
    mutate('checkAttendance', { imageBase64, latitude: faceDescriptor, longitude: packed(faceDescriptor) }),
    mutate('checkAttendance', { imageBase64, requestId: list }),
    mutate('registerEmployee', { name: list, employeeId: 'EMP-9', imageBase64, faceDescriptor }),
    ask(`{ employee(employeeId: ${list}) { name } }`),
    ask(`mutation { checkAttendance(input: { faceDescriptor: ${list}, imageBase64: 7 }) { status } }`),
    ask(`{ nope(a: "${packed(faceDescriptor)}", b: ${list}) }`),
    post(url, `{"query": ${list}`, headers).then((answer) => keep(answer).text),
    post(url, photo('grace-hopper.jpg'), { ...headers, 'content-type': 'image/jpeg' }).then(
      (answer) => keep(answer).text,
    ),
  ]);
  for (const answer of answers) expect(answer).toMatch(/"code":"(BAD_|GRAPHQL_)/);
});

itOnServer('step 4: the database refuses rows and quotes them', async () => {
  const client = new Client({ connectionString: storage.databaseUrl ?? '' });
  await client.connect();
  await client.query('ALTER TABLE face_templates ADD CONSTRAINT none CHECK (false) NOT VALID');
  const input = {
    name: 'X',
    employeeId: 'EMP-5',
    imageBase64: hopper.imageBase64,
    faceDescriptor: strangerDescriptor(9),
  };
  vectors.push(strangerDescriptor(9));
  expect(await mutate('registerEmployee', input)).toContain('INTERNAL_SERVER_ERROR');
  await client.query('ALTER TABLE face_templates DROP CONSTRAINT none');
  await client.end();
});

const DAYS = 'from: "2026-01-01", until: "2026-01-02"';
/** Of queries that need some. */
const argumentsWith = (office: string): Readonly<Record<string, string>> => ({
  employee: '(employeeId: "EMP-2")',
  erasure: '(id: "01a21339-0000-7000-8000-000000000000")',
  dayPlans: `(employeeIds: ["EMP-2"], ${DAYS})`,
  holidays: `(officeId: "${office}", ${DAYS})`,
  muster: `(officeId: "${office}")`,
  timesheet: `(employeeId: "EMP-2", ${DAYS})`,
  timesheets: `(filter: { ${DAYS} }, first: 1)`,
  workDay: '(employeeId: "EMP-2", date: "2026-01-01")',
  workDays: `(filter: { ${DAYS} }, first: 1)`,
  workTotals: `(filter: { ${DAYS} }, by: MONTH)`,
});

it('step 5: everything there is to ask is asked', async () => {
  const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
  const created = await ask('mutation { createOffice(input: { name: "Lima" }) { id } }');
  const office = JSON.parse(created) as { data: { createOffice: { id: string } } };
  const given = argumentsWith(office.data.createOffice.id);
  for (const { name } of queries) {
    const { data } = JSON.parse(await ask(`{ ${name}${given[name] ?? ''} ${everythingOf(name)} }`)) as {
      data?: Record<string, unknown>;
    };
    expect([name, data?.[name]]).not.toEqual([name, undefined]);
  }
  expect(await ask(`mutation { rotateEncryption ${everythingOf('rotateEncryption')} }`)).toContain('keyId');
  for (const path of ['/healthz', '/readyz', '/metrics', '/graphiql', '/graphql']) {
    keep(await send(url, path, { headers: { accept: 'text/html' } }));
  }
  const { data } = JSON.parse(await ask('{ attendances { nodes { localImageUrl } } }')) as {
    data: { attendances: { nodes: { localImageUrl: string }[] } };
  };
  for (const { localImageUrl } of data.attendances.nodes) {
    const { pathname, search } = new URL(localImageUrl);
    keep(await send(url, pathname + search));
    keep(await send(url, pathname));
  }
});

it('step 6: nothing that was printed or answered has a vector in it, in no form', async () => {
  expect(await child.stop()).toBe(0);
  // A start with everything to load, and the end of it.
  await start();
  expect(await child.stop()).toBe(0);
  vectors.push(...(await storedVectors()));
  expect(vectors.length).toBeGreaterThanOrEqual(10);
  expect(answered.length).toBeGreaterThan(60);
  expect(printed.length).toBeGreaterThan(40);

  const everything = Buffer.concat([...answered, Buffer.from(printed.join('\n'))]);
  expect(vectorsIn(everything, vectors)).toEqual([]);
  // The search would find one: in an answer's JSON, as base64 in the middle of something, and as bytes.
  const leaked = vectors[0] ?? [];
  const bytes = Buffer.concat([Buffer.alloc(3), Buffer.from(packed(leaked), 'base64')]);
  for (const leak of [JSON.stringify({ a: leaked }), `x${packed(leaked)}`, bytes]) {
    expect(vectorsIn(Buffer.concat([everything, Buffer.from(leak)]), vectors)).not.toEqual([]);
  }
});

/** What the server computed and keeps, decrypted. */
async function storedVectors(): Promise<number[][]> {
  const vault = new TemplateVault(new KeyRing({ key: ENCRYPTION_KEY, previous: [] }));
  const dataSource = await openDataSource(storage);
  try {
    const rows = await dataSource.query<
      {
        id: string;
        employee_id: string;
        model_id: string;
        vector: Buffer;
        dimension: number;
        plain_vector: Buffer | null;
        plain_dimension: number | null;
      }[]
    >('SELECT * FROM face_templates');
    return rows.flatMap((row) => {
      const { vector, dimension, plain_vector: plain, plain_dimension: plainDimension } = row;
      const template = { id: row.id, employeeId: row.employee_id, modelId: row.model_id };
      return [
        [...decodeTemplate(vault.open(template, 'vector', vector, dimension))],
        ...(plain === null
          ? []
          : [[...decodeTemplate(vault.open(template, 'plain_vector', plain, plainDimension ?? 128))]]),
      ];
    });
  } finally {
    await dataSource.destroy();
  }
}
