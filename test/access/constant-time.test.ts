/**
 * Real: Authenticator, MediaAddresses, node:crypto. Fake: nothing; calls are watched. That a comparison takes the same
 * time whatever is compared is not to be measured, it is so by construction: this holds the construction.
 */
import crypto, { randomBytes } from 'node:crypto';
import { Authenticator } from '../../src/http/hooks/authenticator';
import { MediaAddresses } from '../../src/services/photos/media-addresses';

const KEY = 'the-administrators-key-0123456789';
const equal = jest.spyOn(crypto, 'timingSafeEqual');
const lengths = (): number[][] =>
  equal.mock.calls.map((pair) => pair.map((bytes) => Buffer.from(bytes as Uint8Array).length));

beforeEach(() => equal.mockClear());

it.each([
  ['the right one', KEY, 'admin'],
  ['one that begins alike', `${KEY.slice(0, -1)}x`, undefined],
  ['one that ends alike', `x${KEY.slice(1)}`, undefined],
  ['a short one', 'x', undefined],
  ['a long one', 'x'.repeat(5000), undefined],
])('keys are compared as digests, in one constant-time comparison: %s', async (_what, guess, kind) => {
  const authenticator = new Authenticator({
    adminApiKey: KEY,
    keys: { find: () => Promise.resolve(null) },
    tokens: null,
  });
  expect((await authenticator.authenticate(`Bearer ${guess}`, '127.0.0.1'))?.kind).toBe(kind);
  expect(lengths()).toEqual([[32, 32]]);
});

it('signatures of addresses are compared whole, in constant time', async () => {
  const addresses = new MediaAddresses({
    key: randomBytes(32),
    ttlSeconds: 3600,
    publicUrl: () => 'http://localhost',
    employeeOf: () => Promise.resolve('id'),
    now: () => new Date(),
  });
  const path = 'face_images/EMP-1.jpg';
  const url = new URL(addresses.address({ id: 'id', image: { path } }) ?? '');
  const expires = url.searchParams.get('expires') ?? '';
  const signature = url.searchParams.get('signature') ?? '';
  const forged = `${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`;
  equal.mockClear();
  const kinds: string[] = [];
  for (const given of [signature, forged]) {
    kinds.push((await addresses.admit(path, `expires=${expires}&signature=${given}`)).kind);
  }
  expect(kinds).toEqual(['signed', 'invalid']);
  expect(lengths()).toEqual([
    [signature.length, signature.length],
    [signature.length, signature.length],
  ]);
});
