/** Real: the service over HTTP, fetch, the multipart parser, the database. Fake: nothing. */
import { once } from 'node:events';
import { PartNames } from '../../src/http/graphql/part-names';
import { SVG } from '../support/bad-photos';
import { expectDiscreet, faultOf, footprint, post, type RawAnswer } from '../support/hostile';
import {
  file,
  MAP,
  multipart,
  multipartHeaders as headers,
  operations,
  usual,
  type Part,
} from '../support/multipart';
import { hopper, register, REGISTER } from '../support/operations';
import { photo, strangerDescriptor } from '../support/photos';
import { TestService } from '../support/service';

const { faceDescriptor } = hopper;
const jpeg = photo('grace-hopper.jpg');
const MAX_IMAGE_BYTES = 200_000;

let service: TestService;
let before: Awaited<ReturnType<typeof footprint>>;

beforeAll(async () => {
  const env = { MAX_IMAGE_BYTES: String(MAX_IMAGE_BYTES), PUNCH_MIN_INTERVAL_SECONDS: '0' };
  service = await TestService.start({ env });
  await register(service);
  before = await footprint(service);
});
afterAll(() => service.stop());

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
    const input = { employeeId: 'UPLOADED', name: 'Grace', faceDescriptor: strangerDescriptor(1) };
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

describe('an upload as clients send it', () => {
  afterAll(async () => {
    before = await footprint(service);
  });
  const recorded = { data: { checkAttendance: { status: 'RECORDED' } } };

  it.each<[string, Partial<Part>]>([
    ['neither a file name nor a type', {}],
    ['a type and no file name', { type: 'image/jpeg' }],
  ])('is read from a part with %s', async (_what, more) => {
    const { text } = await upload(usual({ name: '0', body: jpeg, ...more }));
    expect(JSON.parse(text)).toMatchObject(recorded);
  });

  it('is read from parts without a file name that come in pieces', async () => {
    const body = multipart(usual({ name: '0', body: jpeg }));
    for (const size of [1000, 4093]) {
      const names = new PartNames('rollcall-test');
      const out: Buffer[] = [];
      names.on('data', (chunk: Buffer) => out.push(chunk));
      for (let at = 0; at < body.length; at += size) names.write(body.subarray(at, at + size));
      names.end();
      await once(names, 'end');
      const expected = multipart(usual({ name: '0', body: jpeg, file: 'photo' }));
      expect(Buffer.concat(out).equals(expected)).toBe(true);
    }
  });

  it('is one file for several photos', async () => {
    const input = { employeeId: 'TWICE', name: 'Nobody', images: [null, null] };
    const parts = [
      { name: 'operations', body: JSON.stringify({ query: REGISTER, variables: { input } }) },
      { name: 'map', body: '{"0":["variables.input.images.0","variables.input.images.1"]}' },
      file(photo('no-face.jpg')),
    ];
    const { extensions, message } = faultOf(await upload(parts));
    expect({ code: extensions.code, message }).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('images[0]: No face found') as unknown,
    });
  });

  it('is one file for two operations', async () => {
    const query = `mutation($a: CheckAttendanceInput!, $b: CheckAttendanceInput!) {
      a: checkAttendance(input: $a) { status } b: checkAttendance(input: $b) { status } }`;
    const input = { employeeId: 'EMP-1', faceDescriptor, image: null };
    const parts = [
      { name: 'operations', body: JSON.stringify({ query, variables: { a: input, b: input } }) },
      { name: 'map', body: '{"0":["variables.a.image","variables.b.image"]}' },
      file(jpeg),
    ];
    expect(JSON.parse((await upload(parts)).text)).toMatchObject({
      data: { a: { status: 'RECORDED' }, b: { status: 'RECORDED' } },
    });
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
      /must have at most 200000 bytes/,
    ],
    ['a file far over the limit', Buffer.alloc(1_500_000, 1), /must have at most 200000 bytes/],
  ])('is %s', async (_what, bytes, says) => {
    await expectRefused(upload(usual(file(bytes))), says, { field: 'image' });
  });

  it('is a request so large that reading it is pointless', async () => {
    const answer = upload(usual(file(Buffer.alloc(10_000_000))));
    await expectRefused(answer, /at most 3097152 bytes, a photo at most 200000/, {
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
  const misshapen = /must have these parts in this order: "operations".*"map".*and 1 to 5 files/;
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
      'a map for six files',
      [
        operation,
        map(JSON.stringify(Object.fromEntries([...'012345'].map((n) => [n, [`variables.x${n}`]])))),
      ],
      misshapen,
    ],
    ['operations of 2 MB', [{ name: 'operations', body: ' '.repeat(2_000_000) }], misshapen],
    [
      'a map to a text',
      [operation, map('{"0":["variables.input.employeeId"]}'), file(jpeg)],
      /must be a string/,
    ],
  ])('has %s', async (_what, parts, says) => {
    const field = says === misshapen ? {} : { field: 'employeeId' };
    await expectRefused(upload(parts), says, field);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('names a file that is not there', async () => {
    await expectRefused(upload(usual()), /missing or incomplete/, { field: 'image' });
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
    const body = `--rollcall-test\r\n${'x'.repeat(100_000)}\r\n\r\n--rollcall-test--\r\n`;
    await expectRefused(post(service.url, body, headers), misshapen);
  });
});
