/** Real: the service over HTTP, the database, jose on both sides. Fake: the identity provider, the clock. */
import { createHmac } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { createOffice, Speaker, startClosed } from '../support/access';
import type { Clock } from '../support/clock';
import { IdentityProvider } from '../support/identity-provider';
import { faultOf, post, type RawAnswer } from '../support/hostile';
import { base64Photo } from '../support/photos';
import type { TestService } from '../support/service';

let provider: IdentityProvider;
let service: TestService;
let admin: Speaker;
let clock: Clock;

beforeAll(async () => {
  provider = await IdentityProvider.start();
  ({ service, admin, clock } = await startClosed({ env: provider.env }));
});
afterAll(async () => {
  await service.stop();
  await provider.stop();
});

const LIST = '{ offices { id } }';
const seconds = (): number => Math.floor(clock.now().getTime() / 1000);
const tokenOf = (claims: Readonly<Record<string, unknown>>): Promise<string> =>
  provider.token(claims, seconds());
const ask = (credential: string, query = LIST, url = service.url): Promise<RawAnswer> =>
  post(url, JSON.stringify({ query }), {
    'content-type': 'application/json',
    authorization: `Bearer ${credential}`,
  });
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

it.each([
  ['ADMIN', '{ apiKeys { id } }', 200],
  ['admin', '{ apiKeys { id } }', 200],
  ['HR', '{ lockouts { kind } }', 200],
  ['HR', '{ apiKeys { id } }', 403],
  ['VIEWER', '{ employees { totalCount } }', 200],
  ['VIEWER', 'mutation { deleteOffice(id: "x") }', 403],
])('a token lets the role %s ask %s: %i', async (role, query, status) => {
  expect((await ask(await tokenOf({ role }), query)).status).toBe(status);
  // Of several roles the most powerful one counts.
  expect((await ask(await tokenOf({ role: ['staff', 'KIOSK', role] }), query)).status).toBe(status);
});

it('a token names a kiosk by the office in its token', async () => {
  const [here] = [await createOffice(admin, { name: 'Lima' }), await createOffice(admin, { name: 'Quito' })];
  const token = await tokenOf({ role: 'KIOSK', office: here.toUpperCase() });
  expect(await new Speaker(service, token).ask(LIST)).toEqual({ offices: [{ id: here }] });
  for (const office of [undefined, 'Lima', 5]) {
    const answer = await ask(await tokenOf({ role: 'KIOSK', office }));
    expect([answer.status, faultOf(answer).extensions.code]).toEqual([403, 'FORBIDDEN']);
  }
});

it.each([[undefined], ['BOSS'], [5], [{ role: 'ADMIN' }], [[]], ['']])(
  'everything is FORBIDDEN to a token with the role %j',
  async (role) => {
    const answer = await ask(await tokenOf({ role }));
    expect([answer.status, faultOf(answer).extensions.code]).toEqual([403, 'FORBIDDEN']);
  },
);

describe('the service does not take a token', () => {
  const forgeries: [string, () => Promise<string>][] = [
    [
      'without a signature (alg none)',
      async () => {
        const [, payload] = (await tokenOf({ role: 'ADMIN' })).split('.');
        return `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`;
      },
    ],
    [
      'with alg none and the signature of another',
      async () => {
        const [, payload, signature] = (await tokenOf({ role: 'ADMIN' })).split('.');
        return `${encode({ alg: 'none', kid: 'one' })}.${payload}.${signature}`;
      },
    ],
    [
      'signed with the public key as a secret (HS256)',
      async () => {
        const [, payload] = (await tokenOf({ role: 'ADMIN' })).split('.');
        const signed = `${encode({ alg: 'HS256', kid: 'one', typ: 'JWT' })}.${payload}`;
        return `${signed}.${createHmac('sha256', provider.publicPem).update(signed).digest('base64url')}`;
      },
    ],
    [
      'signed with a key of its own, which it brings along',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        const [, payload = ''] = (await tokenOf({ role: 'ADMIN' })).split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
        return new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid: 'one', jku: 'http://localhost:1/keys' })
          .sign(privateKey);
      },
    ],
    [
      'whose claims were changed',
      async () => {
        const [header, payload = '', signature] = (await tokenOf({ role: 'VIEWER' })).split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
        return `${header}.${encode({ ...claims, role: 'ADMIN' })}.${signature}`;
      },
    ],
    ['of another issuer', () => tokenOf({ role: 'ADMIN', iss: 'https://elsewhere.example' })],
    ['for another audience', () => tokenOf({ role: 'ADMIN', aud: 'payroll' })],
    ['for nobody', () => tokenOf({ role: 'ADMIN', aud: undefined })],
    ['that has expired', () => tokenOf({ role: 'ADMIN', exp: seconds() - 6 })],
    ['that never expires', () => tokenOf({ role: 'ADMIN', exp: undefined })],
    ['that is not valid yet', () => tokenOf({ role: 'ADMIN', nbf: seconds() + 60 })],
    ['about nobody', () => tokenOf({ role: 'ADMIN', sub: undefined })],
    ['that is none', () => Promise.resolve('a.b.c')],
    ['of two parts', () => Promise.resolve('YQ.Yg')],
    ['of 20 KB', () => Promise.resolve(`${'a'.repeat(20_000)}.b.c`)],
  ];

  it.each(forgeries)('%s', async (_what, forge) => {
    const answer = await ask(await forge());
    expect([answer.status, faultOf(answer).message]).toEqual(
      _what === 'of 20 KB' ? [431, expect.any(String)] : [401, 'API key not valid'],
    );
  });
});

it('the service takes a token whose clock is a few seconds off', async () => {
  expect((await ask(await tokenOf({ role: 'VIEWER', exp: seconds() - 3 }))).status).toBe(200);
});

it('a person is counted by what the token is about, whatever else is in it', async () => {
  const challenge = 'mutation { createChallenge { token } }';
  const check = (credential: string, token: string) =>
    new Speaker(service, credential).send<{ checkAttendance: { status: string; reason?: string } }>(
      `mutation ($input: CheckAttendanceInput!) {
        checkAttendance(input: $input) { status ... on ChallengeRefused { reason } }
      }`,
      {
        input: {
          imageBase64: base64Photo('sample.jpg'),
          faceDescriptor: Array(128).fill(0.1),
          challenge: token,
        },
      },
    );
  const grace = new Speaker(service, await tokenOf({ role: 'HR' }));
  const { createChallenge } = await grace.ask<{ createChallenge: { token: string } }>(challenge);
  const other = await check(await tokenOf({ role: 'HR', sub: 'eileen' }), createChallenge.token);
  expect(other.data?.checkAttendance).toEqual({ status: 'CHALLENGE_REFUSED', reason: 'FOREIGN' });
  const same = await check(await tokenOf({ role: 'HR', jti: 'another' }), createChallenge.token);
  expect(same.data?.checkAttendance.status).toBe('FACE_NOT_RECOGNIZED');
});

it('a role is found within objects if the claim is a path', async () => {
  const env = { ...provider.env, AUTH_ROLE_CLAIM: 'realm_access.roles' };
  const keycloak = await startClosed({ env });
  try {
    const at = Math.floor(keycloak.clock.now().getTime() / 1000);
    const token = await provider.token({ realm_access: { roles: ['offline', 'viewer'] } }, at);
    expect((await ask(token, LIST, keycloak.service.url)).status).toBe(200);
    const none = await provider.token({ role: 'ADMIN', realm_access: {} }, at);
    expect((await ask(none, LIST, keycloak.service.url)).status).toBe(403);
  } finally {
    await keycloak.service.stop();
  }
});

it.each(['down', 'html', 'error', 'hang'] as const)(
  'a token is answered UNAVAILABLE while the keys cannot be had (%s), and API keys go on',
  async (mode) => {
    const away = await startClosed({ env: provider.env });
    provider.mode = mode;
    try {
      const at = Math.floor(away.clock.now().getTime() / 1000);
      const token = await provider.token({ role: 'VIEWER' }, at);
      const answer = await ask(token, LIST, away.service.url);
      expect([answer.status, faultOf(answer).extensions.code]).toEqual([503, 'UNAVAILABLE']);
      expect(await away.admin.ask(LIST)).toEqual({ offices: [] });
    } finally {
      provider.mode = 'ok';
      await away.service.stop();
    }
  },
);

describe('the age of a token', () => {
  it.each([
    ['older than a day', 86_400 + 10, 401],
    ['of an hour', 3600, 200],
    ['from the future', -60, 401],
  ])('%s, whatever its end is', async (_what, age, status) => {
    const token = await tokenOf({ role: 'VIEWER', iat: seconds() - age, exp: seconds() + 1_000_000 });
    expect((await ask(token)).status).toBe(status);
  });

  it('is needed', async () => {
    expect((await ask(await tokenOf({ role: 'VIEWER', iat: undefined }))).status).toBe(401);
  });

  it('has a bound of its own if it is set', async () => {
    const strict = await startClosed({ env: { ...provider.env, AUTH_MAX_TOKEN_AGE_SECONDS: '60' } });
    try {
      const now = Math.floor(strict.clock.now().getTime() / 1000);
      const token = (age: number) => provider.token({ role: 'VIEWER', iat: now - age, exp: now + 1000 }, now);
      expect((await ask(await token(30), LIST, strict.service.url)).status).toBe(200);
      expect((await ask(await token(90), LIST, strict.service.url)).status).toBe(401);
    } finally {
      await strict.service.stop();
    }
  });
});
