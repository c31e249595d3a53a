/** Real: the service over HTTP, the database, the disk. Fake: nothing. */
import { Verbatim } from '../support/hostile';
import { check, collins, CREATE_OFFICE, hopper, register } from '../support/operations';
import { strangerDescriptor } from '../support/photos';
import { expectBodyRefused, expectRefused, faceOperations, writtenOut } from '../support/refusals';
import { TestService } from '../support/service';

let service: TestService;
let officeId: string;

beforeAll(async () => {
  service = await TestService.start();
  const input = { name: 'Gate', latitude: 40.4, longitude: -3.7, radiusMeters: 100 };
  const { createOffice } = await service.ask<{ createOffice: { id: string } }>(CREATE_OFFICE, { input });
  officeId = createOffice.id;
  await register(service);
  await register(service, { employeeId: 'FENCED', officeId, ...collins });
});
afterAll(() => service.stop());

/** PostgreSQL refuses the first of these; terminals and logs obey the others. */
const withControls = (text: string): [what: string, value: string][] =>
  [0, 1, 0x1b, 0x7f, 0x85].map((code) => [
    `with the control character ${code}`,
    `${text}${String.fromCharCode(code)}`,
  ]);
const idSays = /must be 1 to 64 letters \(A-Z, a-z\), digits, '.', '_' and '-'/;

describe.each(faceOperations)('%s', (_name, document, input) => {
  it.each([
    ['empty', ''],
    ['a blank', ' '],
    ['65 characters', 'a'.repeat(65)],
    ['a path', '../../etc/passwd'],
    ['with a slash', 'a/b'],
    ['with a backslash', 'a\\b'],
    ['with a line break at its end', 'EMP-1\n'],
    ['an emoji', '😀'],
    ['of letters that only look like Latin ones', 'ЕМР-1'],
    ...withControls('EMP'),
  ])('refuses an employeeId that is %s', async (_what, employeeId) => {
    await expectRefused(service, document, { ...input, employeeId }, { field: 'employeeId', says: idSays });
  });
});

describe('a name', () => {
  const [, REGISTER, input] = faceOperations[0];
  const says = /must be 1 to 200 characters, not only spaces, without control characters/;

  it.each([
    ['empty', ''],
    ['blanks', ' \u00a0\u2003 '],
    ['10,000 characters', 'n'.repeat(10_000)],
    ['201 characters', 'é'.repeat(201)],
    ...withControls('Grace'),
  ])('is refused where it is %s', async (_what, name) => {
    await expectRefused(service, REGISTER, { ...input, name }, { field: 'name', says });
  });

  it.each([
    ['right to left', 'גרייס הופר \u200fمرحبا'],
    ['of combining characters', 'Zo\u0308e\u0301 ก็ नि'],
    ['200 characters outside of the basic plane', '😀'.repeat(200)],
  ])('is kept as it is where it is %s', async (what, name) => {
    const { employee } = await register(service, {
      name,
      employeeId: `NAME-${what.length}`,
      faceDescriptor: strangerDescriptor(what.length),
    });
    expect(employee.name).toBe(name.normalize('NFC'));
  });
});

describe('a position', () => {
  const [, CHECK, input] = faceOperations[1];
  const latitude = { field: 'latitude', says: /must be a number, -90 to 90 degrees/ };
  const longitude = { field: 'longitude', says: /must be a number, -180 to 180 degrees/ };

  it.each([
    ['a latitude of 91', { latitude: 91, longitude: 0 }, latitude],
    ['a latitude of -90.0001', { latitude: -90.0001, longitude: 0 }, latitude],
    ['a longitude of 181', { latitude: 0, longitude: 181 }, longitude],
    ['a longitude of -1e300', { latitude: 0, longitude: -1e300 }, longitude],
    ['only a latitude', { latitude: 10 }, { field: 'longitude', says: /must be given together/ }],
    [
      'only a longitude',
      { latitude: null, longitude: 10 },
      { field: 'latitude', says: /must be given together/ },
    ],
    [
      'none, where the office has a geofence',
      { employeeId: 'FENCED', ...collins },
      { field: 'latitude', says: /latitude and longitude required/ },
    ],
  ])('is refused: %s', async (_what, position, refusal) => {
    await expectRefused(service, CHECK, { ...input, ...position }, refusal);
  });

  it.each([
    ['Infinity', new Verbatim('1e999'), /must be a number, -90 to 90 degrees/],
    ['NaN', new Verbatim('NaN'), /must be a finite number/],
    ['a text', '40.4', /must be a finite number/],
  ])('is refused where the document says %s', async (_what, value, says) => {
    const query = writtenOut(CHECK, { ...input, latitude: value, longitude: 0 });
    await expectBodyRefused(service, { query }, hopper, { says, field: 'latitude' });
  });
});

describe('a requestId', () => {
  const [, CHECK, input] = faceOperations[1];
  const says = /must be 1 to 64 characters, not only spaces, without control characters/;

  it.each([['empty', ''], ['blanks', '   '], ['65 characters', 'r'.repeat(65)], ...withControls('r')])(
    'is refused where it is %s',
    async (_what, requestId) => {
      await expectRefused(service, CHECK, { ...input, requestId }, { field: 'requestId', says });
    },
  );

  it('may have 64 characters of any script', async () => {
    const answer = await check(service, { employeeId: 'EMP-1', requestId: '界'.repeat(64) });
    expect(answer.status).toBe('RECORDED');
  });
});

describe('an office', () => {
  const input = { name: 'Office', latitude: 0, longitude: 0, radiusMeters: 10, timeZone: 'UTC' };
  const together = /must be given together/;
  const zone = { timeZone: /must be an IANA time zone/ };
  const text = { name: /must be 1 to 200 characters/ };

  it.each([
    ['no latitude', { latitude: null }, { latitude: together }],
    ['no longitude', { longitude: undefined }, { longitude: together }],
    ['a position without a radius', { radiusMeters: null }, { radiusMeters: together }],
    ['a radius of 0', { radiusMeters: 0 }, { radiusMeters: /must be a number, 1 to 100000 metres/ }],
    ['a radius of 100001', { radiusMeters: 100_001 }, { radiusMeters: /1 to 100000 metres/ }],
    ['a latitude of 91', { latitude: 91 }, { latitude: /-90 to 90 degrees/ }],
    ['a longitude of -181', { longitude: -181 }, { longitude: /-180 to 180 degrees/ }],
    ['an empty name', { name: '' }, text],
    ['a name of 201 characters', { name: 'n'.repeat(201) }, text],
    ['a NUL in the name', { name: 'a\u0000b' }, text],
    ['an unknown time zone', { timeZone: 'Mars/Olympus' }, zone],
    ['an empty time zone', { timeZone: '' }, zone],
    ['an offset', { timeZone: '+01:00' }, zone],
    ['a NUL in the time zone', { timeZone: 'UTC\u0000' }, zone],
    ['a path as the time zone', { timeZone: '../../etc/localtime' }, zone],
    ['a time zone of 10,000 characters', { timeZone: 'A'.repeat(10_000) }, zone],
  ])('is refused with %s', async (_what, change, refusal) => {
    const [[field, says]] = Object.entries(refusal) as [[string, RegExp]];
    await expectRefused(service, CREATE_OFFICE, { ...input, ...change }, { field, says });
  });

  const UPDATE = 'mutation ($input: UpdateOfficeInput!) { updateOffice(input: $input) { id } }';

  it.each([
    ['a name of null', { name: null }, 'name', /must not be null/],
    ['a time zone of null', { timeZone: null }, 'timeZone', /must not be null/],
    ['half a geofence', { latitude: null }, 'latitude', together],
    ['a NUL in the name', { name: '\u0000' }, 'name', /1 to 200 characters/],
  ])('is not changed to %s', async (_what, change, field, says) => {
    await expectRefused(service, UPDATE, { id: officeId, ...change }, { field, says });
  });

  it.each(['', 'nobody', '\u0000', '00000000-0000-0000-0000-000000000000', 'x'.repeat(10_000)])(
    'that is not there is not found by an id such as %j',
    async (id) => {
      const refusal = { code: 'NOT_FOUND', field: 'id', says: /office not found/ };
      await expectRefused(service, UPDATE, { id, name: 'X' }, refusal);
      const [, REGISTER, registration] = faceOperations[0];
      const fault = { ...refusal, field: 'officeId' };
      await expectRefused(service, REGISTER, { ...registration, officeId: id }, fault);
    },
  );
});

// In the document the parser refuses them; an escape in JSON reaches the service.
describe('half a surrogate pair in a variable', () => {
  it.each([
    ['name', faceOperations[0], { name: 'Grace \ud83d' }],
    ['employeeId', faceOperations[0], { employeeId: 'EMP\udc00' }],
    ['employeeId', faceOperations[1], { employeeId: 'EMP\udc00' }],
    ['requestId', faceOperations[1], { requestId: '\udc00' }],
  ] as const)('is refused in %s', async (field, [, query, input], change) => {
    const variables = { input: { ...input, ...change } };
    await expectBodyRefused(service, { query, variables }, hopper, { field, says: /must be 1 to/ });
  });
});
