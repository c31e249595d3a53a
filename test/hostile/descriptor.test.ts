/** Real: the service over HTTP, the database, the disk. Fake: nothing. */
import { expectDiscreet, faultOf, post, Verbatim } from '../support/hostile';
import { CHECK, check, hopper, register } from '../support/operations';
import { descriptor, packed } from '../support/photos';
import { expectBodyRefused, expectRefused, faceOperations, writtenOut } from '../support/refusals';
import { TestService } from '../support/service';

const face = descriptor('grace-hopper');
const withFirst = (first: unknown): unknown[] => [first, ...face.slice(1)];
const scaledTo = (norm: number): number[] => {
  const length = Math.hypot(...face);
  return face.map((x) => (x / length) * norm);
};
const base64Of = (bytes: number): string =>
  Buffer.concat([Buffer.from(packed(face), 'base64'), Buffer.alloc(1)])
    .subarray(0, bytes)
    .toString('base64');

const finite = /every number must be finite/;
const norm = /norm must be 0.1 to 100/;
const bytes512 = /exactly 512 bytes/;
const cases: readonly (readonly [what: string, value: unknown, says: RegExp])[] = [
  ['127 numbers', face.slice(1), /exactly 128 numbers, not 127/],
  ['129 numbers', [...face, 0.1], /exactly 128 numbers, not 129/],
  ['an empty list', [], /exactly 128 numbers, not 0/],
  ['an empty text', '', bytes512],
  ['a NaN in base64', packed([NaN, ...face.slice(1)]), finite],
  ['an infinity in base64', packed([Infinity, ...face.slice(1)]), finite],
  ['1e39, which no Float32 holds', withFirst(1e39), norm],
  ['zeros only', Array<number>(128).fill(0), norm],
  ['denormals only', Array<number>(128).fill(1e-310), norm],
  ['denormals only, in base64', packed(Array<number>(128).fill(1e-42)), norm],
  ['a text among the numbers', withFirst(String(face[0])), /must be a number; entry 0 is not/],
  ['a null among the numbers', withFirst(null), /must be a number; entry 0 is not/],
  ['a list among the numbers', withFirst([face[0]]), /must be a number; entry 0 is not/],
  ['an object', { numbers: 128 }, /a list of 128 numbers, or base64 of 512 bytes/],
  ['a single number', 0.123456789, /a list of 128 numbers, or base64 of 512 bytes/],
  ['true', true, /a list of 128 numbers, or base64 of 512 bytes/],
  ['base64 of 511 bytes', base64Of(511), bytes512],
  ['base64 of 513 bytes', base64Of(513), bytes512],
  ['as many characters that are not base64', '*'.repeat(684), bytes512],
  ['the URL alphabet', packed(face).replaceAll('+', '-').replaceAll('/', '_').replace('AA', '-_'), bytes512],
  ['a norm of 0.09', scaledTo(0.09), norm],
  ['a norm of 101', scaledTo(101), norm],
];

describe('a face descriptor that cannot be one', () => {
  let service: TestService;

  beforeAll(async () => {
    // Without the face engine a descriptor has to come from the client.
    service = await TestService.start({ env: { FACE_WORKERS: '0' } });
    await register(service);
  });
  afterAll(() => service.stop());

  describe.each(faceOperations)('%s', (_name, document, input) => {
    it.each(cases)('refuses %s', async (_what, faceDescriptor, says) => {
      await expectRefused(service, document, { ...input, faceDescriptor }, { field: 'faceDescriptor', says });
    });

    it.each([
      ['left out', undefined],
      ['null', null],
    ])('refuses a descriptor that is %s', async (_what, faceDescriptor) => {
      await expectRefused(
        service,
        document,
        { ...input, faceDescriptor },
        { field: 'faceDescriptor', says: /required/ },
      );
    });

    it.each([
      ['Infinity', withFirst(new Verbatim('1e999')), finite],
      ['the name NaN', withFirst(new Verbatim('NaN')), /must be a number; entry 0 is not/],
      ['a bare name', new Verbatim('FACE'), /a list of 128 numbers, or base64 of 512 bytes/],
    ])('refuses %s written out in the document', async (_what, value, says) => {
      const query = writtenOut(document, { ...input, faceDescriptor: value });
      await expectBodyRefused(service, { query }, face, { field: 'faceDescriptor', says });
    });

    it.each([
      ['Infinity', '1e999', finite],
      ['minus infinity', '-1e999', finite],
      ['NaN', 'NaN', /must be a JSON object/],
    ])('refuses %s written out in the JSON', async (_what, number, says) => {
      const body = JSON.stringify({
        query: document,
        variables: { input: { ...input, faceDescriptor: withFirst('NUMBER') } },
      }).replace('"NUMBER"', number);
      const answer = await post(service.url, body);
      expectDiscreet(answer.text, face);
      const { message, extensions } = faultOf(answer);
      expect(extensions.code).toBe('BAD_USER_INPUT');
      expect(message).toMatch(says);
    });

    it('refuses 100,000 numbers as a variable, and 10,000 in the document', async () => {
      const faceDescriptor = Array.from({ length: 100_000 }, (_, i) => (i % 997) / 997);
      const variables = { input: { ...input, faceDescriptor } };
      await expectBodyRefused(service, { query: document, variables }, faceDescriptor, {
        field: 'faceDescriptor',
        says: /exactly 128 numbers, not 100000/,
      });
      const query = writtenOut(document, { ...input, faceDescriptor: faceDescriptor.slice(0, 10_000) });
      await expectBodyRefused(service, { query }, faceDescriptor, {
        code: 'GRAPHQL_PARSE_FAILED',
        says: /more that 5000 tokens/,
      });
    });
  });

  it('still takes both forms of a right one, with components that are denormal or zero', async () => {
    const faceDescriptor = withFirst(0);
    faceDescriptor[1] = 1e-310;
    expect(await check(service, { employeeId: 'EMP-1', faceDescriptor })).toHaveProperty(
      'status',
      'RECORDED',
    );
    const { checkAttendance } = await service.ask(
      writtenOut(CHECK, { ...hopper, faceDescriptor: packed(face) }),
    );
    expect(checkAttendance).toHaveProperty('status', 'ALREADY_RECORDED');
  });
});
