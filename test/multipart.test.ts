/** Real: the service over HTTP, fetch and sockets, the multipart parser, the embedded database. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { SVG } from './support/bad-photos';
import { expectDiscreet, faultOf, footprint, post, send, type RawAnswer } from './support/hostile';
import { CHECK, hopper, register, REGISTER } from './support/operations';
import { photo } from './support/photos';
import { TestService } from './support/service';

const { faceDescriptor } = hopper;
const jpeg = photo('grace-hopper.jpg');
const BOUNDARY = 'rollcall-test';
const MAX_IMAGE_BYTES = 200_000;

let service: TestService;
let before: Awaited<ReturnType<typeof footprint>>;

beforeAll(async () => {
  const env = { MAX_IMAGE_BYTES: String(MAX_IMAGE_BYTES), PUNCH_MIN_INTERVAL_SECONDS: '0' };
  service = await TestService.start('pglite', { env });
  await register(service);
  before = await footprint(service);
});
afterAll(() => service.stop());

const operations = (input: object = {}, query = CHECK): string =>
  JSON.stringify({
    query,
    variables: { input: { employeeId: 'EMP-1', faceDescriptor, image: null, ...input } },
  });
const MAP = '{"0":["variables.input.image"]}';

interface Part {
  readonly name: string;
  readonly body: string | Buffer;
  readonly file?: string;
  readonly type?: string;
}

const file = (body: Buffer, name = 'face.jpg', type = 'image/jpeg'): Part => ({
  name: '0',
  body,
  file: name,
  type,
});
const usual = (...more: Part[]): Part[] => [
  { name: 'operations', body: operations() },
  { name: 'map', body: MAP },
  ...more,
];

const multipart = (parts: readonly Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ name, body, file: filename, type }) => [
      Buffer.from(
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"` +
          (filename === undefined ? '' : `; filename="${filename}"`) +
          (type === undefined ? '' : `\r\nContent-Type: ${type}`) +
          '\r\n\r\n',
      ),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);

const headers = {
  'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
  'apollo-require-preflight': '1',
};
const upload = (parts: readonly Part[]): Promise<RawAnswer> => post(service.url, multipart(parts), headers);

async function expectRefused(
  answer: RawAnswer | Promise<RawAnswer>,
  says: RegExp,
  { field, status, code = 'BAD_USER_INPUT' }: { field?: string; status?: number; code?: string } = {},
): Promise<void> {
  const { text, status: actual, ...rest } = await answer;
  expectDiscreet(text, { faceDescriptor, base64: hopper.imageBase64 });
  expect(actual).toBe(status ?? actual);
  expect(actual).toBeLessThan(500);
  const { message, extensions } = faultOf({ text, status: actual, ...rest });
  expect({ code: extensions.code, field: extensions['field'], message }).toEqual({
    code,
    field,
    message: expect.stringMatching(says) as unknown,
  });
  expect(await footprint(service)).toEqual(before);
}

describe('an upload by the specification', () => {
  const form = (operation: string, bytes: Buffer, name: string, type: string): FormData => {
    const body = new FormData();
    body.set('operations', operation);
    body.set('map', MAP);
    body.set('0', new Blob([new Uint8Array(bytes)], { type }), name);
    return body;
  };
  const sendForm = async (body: FormData): Promise<unknown> => {
    const more = { 'apollo-require-preflight': 'true' };
    return (await fetch(`${service.url}/graphql`, { method: 'POST', headers: more, body })).json();
  };
  afterAll(async () => {
    before = await footprint(service);
  });

  it('registers, with the photo kept byte for byte', async () => {
    const input = { employeeId: 'UPLOADED', name: 'Grace' };
    const answer = await sendForm(form(operations(input, REGISTER), jpeg, 'g.jpg', 'image/jpeg'));
    const { data } = answer as { data: { registerEmployee: { employee: { faceImageUrl: string } } } };
    const stored = await fetch(data.registerEmployee.employee.faceImageUrl);
    expect(Buffer.from(await stored.arrayBuffer()).equals(jpeg)).toBe(true);
  });

  it.each([
    ['a JPEG', 'face.jpg', 'image/jpeg', 'grace-hopper.jpg'],
    ['a PNG', 'face.png', 'image/png', 'photo.png'],
    ['a JPEG that claims to be an SVG', 'x.svg', 'image/svg+xml', 'grace-hopper.jpg'],
    ['a JPEG that claims to be a page', '../../x.html', 'text/html', 'grace-hopper.jpg'],
    ['a WebP without a name or a type', '', '', 'photo.webp'],
  ])('checks with %s', async (_what, name, type, fixture) => {
    const answer = await sendForm(form(operations(), photo(fixture), name || 'blob', type));
    expect(answer).toMatchObject({ data: { checkAttendance: { status: 'RECORDED' } } });
  });
});

describe('an upload that is refused', () => {
  it.each([
    ['an SVG that claims to be a JPEG', SVG, /must be a JPEG, PNG or WebP/],
    ['nothing', Buffer.alloc(0), /empty/],
    ['half a JPEG', jpeg.subarray(0, jpeg.length >> 1), /truncated, corrupt/],
    [
      'a file one byte over the limit',
      Buffer.concat([jpeg, Buffer.alloc(MAX_IMAGE_BYTES + 1 - jpeg.length)]),
      /not be larger than 200000 bytes/,
    ],
    ['a file far over the limit', Buffer.alloc(1_500_000, 1), /not be larger than 200000 bytes/],
  ])('is %s', async (_what, bytes, says) => {
    await expectRefused(upload(usual(file(bytes))), says, { field: 'image' });
  });

  it('is a request so large that reading it is pointless', async () => {
    const answer = upload(usual(file(Buffer.alloc(10_000_000))));
    await expectRefused(answer, /at most 2297152 bytes, its photo at most 200000/, {
      field: 'image',
      status: 413,
    });
  });

  it('has imageBase64 beside it', async () => {
    const parts = usual(file(jpeg));
    parts[0] = { name: 'operations', body: operations({ imageBase64: hopper.imageBase64 }) };
    await expectRefused(upload(parts), /exactly one of imageBase64 and image, not both/, {
      field: 'imageBase64',
    });
  });

  it('comes without the header that other sites cannot send', async () => {
    const { 'content-type': type } = headers;
    const answer = post(service.url, multipart(usual(file(jpeg))), { 'content-type': type });
    await expectRefused(answer, /Cross-Site Request Forgery/, { status: 400, code: 'BAD_REQUEST' });
  });

  const operation = { name: 'operations', body: operations() };
  const map = (body: string): Part => ({ name: 'map', body });
  const misshapen = /must have the parts "operations".*"map".*and one file, in this order/;
  it.each<[string, Part[], RegExp]>([
    ['no parts', [], misshapen],
    ['only a file', [file(jpeg)], misshapen],
    ['only operations', [operation], misshapen],
    ['no operations', [map(MAP), file(jpeg)], misshapen],
    ['the map after the file', [operation, file(jpeg), map(MAP)], misshapen],
    [
      'operations that are no JSON',
      [{ name: 'operations', body: '{"query": "mutation' }, map(MAP)],
      misshapen,
    ],
    ['operations that are a number', [{ name: 'operations', body: '5' }, map(MAP)], misshapen],
    ['a map that is no JSON', [operation, map('{'), file(jpeg)], misshapen],
    ['a map that is a list', [operation, map('[]'), file(jpeg)], misshapen],
    ['a map to nowhere', [operation, map('{"0":["a.b.c"]}'), file(jpeg)], misshapen],
    ['a map to a prototype', [operation, map('{"0":["__proto__.x"]}'), file(jpeg)], misshapen],
    ['a map to a constructor', [operation, map('{"0":["constructor.prototype.x"]}'), file(jpeg)], misshapen],
    ['a map of numbers', [operation, map('{"0":[0]}'), file(jpeg)], misshapen],
    [
      'a map for two files',
      [operation, map('{"0":["variables.input.image"],"1":["variables.x"]}')],
      misshapen,
    ],
    ['operations of 2 MB', [{ name: 'operations', body: ' '.repeat(2_000_000) }], misshapen],
    [
      'a map to a text',
      [operation, map('{"0":["variables.input.employeeId"]}'), file(jpeg)],
      /must be a text/,
    ],
  ])('has %s', async (_what, parts, says) => {
    const field = says === misshapen ? {} : { field: 'employeeId' };
    await expectRefused(upload(parts), says, field);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('names a file that is not there', async () => {
    await expectRefused(upload(usual()), /missing or broke off/, { field: 'image' });
  });

  it('has a second file', async () => {
    const twice = usual(file(jpeg), { ...file(jpeg), name: '1' });
    // Whether the first was read before the second is seen is a matter of luck; nothing else is.
    const { text } = await upload(twice);
    expectDiscreet(text, hopper.imageBase64);
    const { data } = JSON.parse(text) as { data?: { checkAttendance: { status: string } } | null };
    if (data == null) expect(text).toContain('BAD_USER_INPUT');
    else expect(data.checkAttendance.status).toBe('RECORDED');
    before = await footprint(service);
  });

  it.each([
    ['no boundary', 'multipart/form-data'],
    ['an empty boundary', 'multipart/form-data; boundary='],
    ['another boundary', 'multipart/form-data; boundary=other'],
  ])('has %s', async (_what, type) => {
    const answer = post(service.url, multipart(usual(file(jpeg))), { ...headers, 'content-type': type });
    await expectRefused(answer, misshapen, { status: 400 });
  });

  it('is a multipart body of broken headers', async () => {
    const body = `--${BOUNDARY}\r\n${'x'.repeat(100_000)}\r\n\r\n--${BOUNDARY}--\r\n`;
    await expectRefused(post(service.url, body, headers), misshapen);
  });
});

describe('an upload that breaks off', () => {
  const body = multipart(usual(file(randomBytes(150_000))));
  const head = (length: number): string =>
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n` +
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('') +
    '\r\n';

  it.each(['destroy', 'end', 'resetAndDestroy'] as const)('by %s leaves nothing behind', async (how) => {
    for (const sent of [100, 2000, 60_000, body.length - 3]) {
      const socket = connect(Number(new URL(service.url).port), 'localhost');
      socket.on('error', () => undefined).resume();
      socket.write(head(body.length));
      socket.write(body.subarray(0, sent));
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket[how]();
      if (!socket.closed) await once(socket, 'close');
    }
    expect(await footprint(service)).toEqual(before);
  });

  it('by a length that is shorter than the body is refused', async () => {
    const socket = connect(Number(new URL(service.url).port), 'localhost');
    let text = '';
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.end(Buffer.concat([Buffer.from(head(body.length - 100_000)), body]));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 (200 OK|400 Bad Request)/);
    expect(text).toContain('BAD_USER_INPUT');
    expect(await footprint(service)).toEqual(before);
  });
});

describe('a file that nobody reads', () => {
  const large = file(randomBytes(190_000));
  const unread: readonly (readonly [string, Part[]])[] = [
    [
      'unknown field',
      [{ name: 'operations', body: operations({}, 'mutation { nope }') }, { name: 'map', body: MAP }, large],
    ],
    [
      'broken query',
      [{ name: 'operations', body: operations({}, 'mutation {{{') }, { name: 'map', body: MAP }, large],
    ],
    [
      'bad variables',
      [{ name: 'operations', body: operations({ latitude: 'x' }) }, { name: 'map', body: MAP }, large],
    ],
    [
      'bad arguments',
      [{ name: 'operations', body: operations({ latitude: 91 }) }, { name: 'map', body: MAP }, large],
    ],
    ['bad map', [{ name: 'operations', body: operations() }, { name: 'map', body: '{' }, large]],
    [
      'both',
      [{ name: 'operations', body: operations({ imageBase64: 'AAAA' }) }, { name: 'map', body: MAP }, large],
    ],
  ];

  it.each(unread)('(%s) does not hold up the requests behind it on its connection', async (_what, parts) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = new URL(service.url);
    const ask = (body: Buffer, more: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const out = request(
          {
            port,
            host: 'localhost',
            path: '/graphql',
            method: 'POST',
            agent,
            headers: { ...more, 'content-length': body.length },
          },
          (answer) => answer.resume().once('end', () => resolve(answer.statusCode)),
        );
        out
          .once('error', reject)
          .setTimeout(5000, () => out.destroy(new Error('hangs')))
          .end(body);
      });
    try {
      for (let i = 0; i < 50; i++) expect(await ask(multipart(parts), headers)).toBeLessThan(500);
      const query = Buffer.from('{"query":"{ __typename }"}');
      expect(await ask(query, { 'content-type': 'application/json' })).toBe(200);
    } finally {
      agent.destroy();
    }
    expect(await footprint(service)).toEqual(before);
  });

  it('does not reach a route that is not there either', async () => {
    const body = multipart(usual(large));
    const answer = await send(service.url, '/nowhere', { method: 'POST', headers, body });
    expect(answer.status).toBe(404);
    expect(faultOf(answer).extensions.code).toBe('NOT_FOUND');
  });
});
