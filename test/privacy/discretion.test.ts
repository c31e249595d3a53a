/**
 * Real: src/main.ts as a process of its own and all that it prints, PostgreSQL where there is one, the stand-in for
 * Cloudinary on loopback. Fake: nothing.
 */
import { Client } from 'pg';
import { ChildService } from '../support/child-service';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, itOnServer, type TestStorage } from '../support/databases';
import { faultOf, post, type RawAnswer } from '../support/hostile';
import { CHECK, collins, hopper, REGISTER } from '../support/operations';
import { packed, photo } from '../support/photos';
import { until } from '../support/until';

const KEY = 'hush-admin-key-0123456789';
const WRONG_KEY = 'hush-wrong-key-0123456789';
const { imageBase64, faceDescriptor } = hopper;

const lines: string[] = [];
let storage: TestStorage;
let standIn: CloudinaryStandIn;
let child: ChildService;
let url: string;

beforeAll(async () => {
  [storage, standIn] = await Promise.all([
    createStorage(),
    CloudinaryStandIn.start({ apiKey: 'hush-cloudinary-key', apiSecret: 'hush-cloudinary-secret' }),
  ]);
  const database = storage.databaseUrl === null ? null : new URL(storage.databaseUrl);
  // The server of the tests trusts whoever connects; the password is only there to be kept quiet.
  if (database !== null) database.password = 'hush-database';
  child = ChildService.spawn({
    storage: { ...storage, databaseUrl: database?.href ?? null },
    env: {
      LOG_LEVEL: 'trace',
      ADMIN_API_KEY: KEY,
      CLOUDINARY_CLOUD_NAME: standIn.cloudName,
      CLOUDINARY_API_KEY: standIn.apiKey,
      CLOUDINARY_API_SECRET: standIn.apiSecret,
      CLOUDINARY_UPLOAD_PREFIX: standIn.url,
      PUNCH_MIN_INTERVAL_SECONDS: '0',
    },
    onLine: (line) => lines.push(line),
  });
  ({ url } = await child.listening);
});
afterAll(async () => {
  await child.stop();
  await standIn.stop();
  await storage.remove();
});

const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
const ask = (query: string, input: object, more: object = {}): Promise<RawAnswer> =>
  post(url, JSON.stringify({ query, variables: { input } }), { ...headers, ...more });
const one = { employeeId: 'EMP-1', ...hopper };

/** Waits for a line of the log; printing is not waited for by an answer. */
async function logged(text: string): Promise<Record<string, unknown>> {
  const line = await until(() => lines.find((candidate) => candidate.includes(text)));
  return JSON.parse(line ?? '') as Record<string, unknown>;
}

it('the service registers and checks, with a CDN that works and one that quotes keys in its refusals', async () => {
  expect((await ask(REGISTER, { name: 'Grace Hopper', ...one })).text).toContain('registered successfully');
  expect((await ask(CHECK, one)).text).toContain('RECORDED');
  for (const mode of ['unauthorized', 'server-error', 'reset', 'malformed'] as const) {
    standIn.failWith(mode, 1);
    expect((await ask(CHECK, { ...one, faceDescriptor: packed(faceDescriptor) })).text).toContain('RECORDED');
  }
  standIn.failWith(null);
  await logged('Upload failed; it stays pending');
});

it('the service refuses what is wrong', async () => {
  const answers = await Promise.all([
    ask(CHECK, { ...one, faceDescriptor: faceDescriptor.slice(1) }),
    ask(CHECK, { ...one, imageBase64: imageBase64.slice(0, 4000) }),
    ask(CHECK, { ...one, latitude: imageBase64 }),
    ask(CHECK, { ...one, employeeId: imageBase64 }),
    ask(CHECK, { ...one, employeeId: 'EMP-1', imageBase64: null }),
    ask(REGISTER, { ...one, name: imageBase64 }),
    ask(`{ nope(a: "${imageBase64}", b: [${faceDescriptor.join()}]) }`, {}),
    ask(CHECK, one, { authorization: `Bearer ${WRONG_KEY}` }),
    ask(CHECK, one, { authorization: WRONG_KEY }),
    post(url, `{"query":"${imageBase64}`, headers),
    post(url, photo('grace-hopper.jpg'), { ...headers, 'content-type': 'image/jpeg' }),
    post(url, photo('grace-hopper.jpg'), {
      ...headers,
      'content-type': `multipart/form-data; boundary=${KEY}`,
    }),
  ]);
  for (const answer of answers) {
    expect(faultOf(answer).extensions.code).toMatch(/^(BAD_|GRAPHQL_|UNAUTHENTICATED)/);
    await logged(String(answer.headers['x-request-id']));
  }
});

itOnServer('the service fails inside, and only the log says how', async () => {
  const client = new Client({ connectionString: storage.databaseUrl ?? '' });
  await client.connect();
  await client.query('ALTER TABLE attendances RENAME TO elsewhere');
  const answer = await ask(CHECK, one);
  await client.query('ALTER TABLE elsewhere RENAME TO attendances');
  // PostgreSQL quotes a row that it refuses, template included.
  await client.query('ALTER TABLE face_templates ADD CONSTRAINT none CHECK (false) NOT VALID');
  const refused = await ask(REGISTER, { name: 'Eileen Collins', employeeId: 'EMP-2', ...collins });
  await client.query('ALTER TABLE face_templates DROP CONSTRAINT none');
  await client.end();

  for (const { text, headers: sent } of [answer, refused]) {
    expect(text).toContain('INTERNAL_SERVER_ERROR');
    expect(text).not.toMatch(/attendances|face_templates|none/);
    expect(text).toContain(String(sent['x-request-id']));
  }
  const { err, reqId, correlationId, path } = await logged('"Internal error"');
  const id = answer.headers['x-correlation-id'];
  expect({ reqId, correlationId, path }).toEqual({ reqId: id, correlationId: id, path: ['checkAttendance'] });
  expect(err).toMatchObject({ message: 'relation "attendances" does not exist', code: '42P01' });
  await logged('violates check constraint');
});

it('the service prints no photo, no descriptor, no key and no secret, and JSON only', async () => {
  expect(await child.stop()).toBe(0);
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  const printed = lines.join('\n');
  expect(printed).not.toContain('hush');
  const bytes = packed(faceDescriptor);
  const hex = Buffer.from(bytes, 'base64').toString('hex');
  const faces = [imageBase64, photo('grace-hopper.jpg').toString('hex'), bytes, hex].flatMap((text) =>
    [0, text.length >> 1, text.length - 24].map((from) => text.slice(from, from + 24)),
  );
  for (const piece of [...faces, ...faceDescriptor.slice(0, 20).map((x) => String(x).slice(0, 10))]) {
    expect(printed.includes(piece)).toBe(false);
  }
});
