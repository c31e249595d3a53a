/** Real: the service over HTTP, the database. Fake: what a proxy in front would say in its headers. */
import { createKey, type Speaker, startClosed } from '../support/access';
import { faultOf, post, send } from '../support/hostile';
import { freePort } from '../support/ports';
import { TestService } from '../support/service';

const json = { 'content-type': 'application/json' };
const LIST = JSON.stringify({ query: '{ offices { id } }' });

describe('rate limits', () => {
  it('bound the requests of each key, and say when to come again', async () => {
    const { service, admin } = await startClosed({ env: { RATE_LIMIT_PER_KEY: '5' } });
    try {
      const { secret } = await createKey(admin, { role: 'VIEWER' });
      const ask = (key: string) => post(service.url, LIST, { ...json, authorization: `Bearer ${key}` });
      for (let n = 0; n < 5; n++) expect((await ask(secret)).status).toBe(200);
      const refused = await ask(secret);
      expect(refused.status).toBe(429);
      const { message, extensions } = faultOf(refused);
      expect(message).toMatch(/^Too many requests with this key; try again in \d+ s$/);
      expect(extensions.code).toBe('TOO_MANY_REQUESTS');
      expect(refused.headers['retry-after']).toBe(String(extensions['retryAfterSeconds']));
      expect(extensions['retryAfterSeconds']).toBeGreaterThan(0);
      // Another key is another count; the key was made with one request of the administrator's.
      expect((await ask(admin.credential)).status).toBe(200);
    } finally {
      await service.stop();
    }
  });

  it('bound the requests from each address, guesses at keys among them, but not health checks', async () => {
    const env = { RATE_LIMIT_PER_ADDRESS: '10', TRUST_PROXY: '1' };
    const { service, admin } = await startClosed({ env });
    try {
      const from = (address: string, authorization = `Bearer ${admin.credential}`) =>
        post(service.url, LIST, { ...json, authorization, 'x-forwarded-for': address });
      for (let n = 0; n < 5; n++) {
        expect((await from('203.0.113.7', `Bearer guess-${n}`)).status).toBe(401);
        expect((await from('203.0.113.7')).status).toBe(200);
      }
      expect((await from('203.0.113.7')).status).toBe(429);
      expect((await from('203.0.113.7', 'Bearer guess')).status).toBe(429);
      expect((await from('203.0.113.8')).status).toBe(200);
      // What a client writes in front of what the proxy adds is its own invention.
      expect((await from('198.51.100.1, 203.0.113.7')).status).toBe(429);
      // One customer's IPv6 addresses are as many as there are grains of sand.
      for (let n = 0; n < 10; n++) expect((await from(`2001:db8:0:1::${n}`)).status).toBe(200);
      expect((await from('2001:db8:0:1:ffff::1')).status).toBe(429);
      expect((await from('2001:db8:0:2::1')).status).toBe(200);
      const headers = { 'x-forwarded-for': '203.0.113.7' };
      expect((await send(service.url, '/healthz', { headers })).status).toBe(200);
    } finally {
      await service.stop();
    }
  });

  it('let a lobby at nine through: 600 requests of one kiosk in a row, as they are', async () => {
    const { service, admin } = await startClosed();
    try {
      for (let n = 0; n < 60; n++) {
        const answers = await Promise.all(
          Array.from({ length: 10 }, () =>
            post(service.url, LIST, { ...json, authorization: `Bearer ${admin.credential}` }),
          ),
        );
        expect(answers.every(({ status }) => status === 200)).toBe(true);
      }
    } finally {
      await service.stop();
    }
  });

  it('do not bound an open service', async () => {
    const env = { RATE_LIMIT_PER_ADDRESS: '1', RATE_LIMIT_PER_KEY: '1' };
    const service = await TestService.start({ env });
    try {
      for (let n = 0; n < 5; n++) expect((await post(service.url, LIST)).status).toBe(200);
    } finally {
      await service.stop();
    }
  });
});

describe('HTTP behind a proxy that ends TLS', () => {
  let service: TestService;
  let admin: Speaker;

  beforeAll(async () => {
    const env = { TRUST_PROXY: 'loopback', PUBLIC_URL: 'https://attendance.test' };
    // Where PUBLIC_URL is set the service does not say which port it chose.
    const port = await freePort();
    ({ service, admin } = await startClosed({ env: { ...env, PORT: String(port) } }));
    url = `http://localhost:${port}`;
  });
  afterAll(() => service.stop());
  let url: string;

  const through = (proto: string, host = 'attendance.test') => ({
    'x-forwarded-proto': proto,
    'x-forwarded-host': host,
  });

  it('a GET by http is sent on to https, at the address of PUBLIC_URL whatever the Host says', async () => {
    for (const host of ['attendance.test', 'evil.example', 'a b', 'evil.example/x']) {
      const answer = await send(url, '/graphql?query={__typename}', { headers: through('http', host) });
      expect([answer.status, answer.headers.location]).toEqual([
        308,
        'https://attendance.test/graphql?query={__typename}',
      ]);
    }
    const elsewhere = await send(url, '//evil.example/%2e%2e', { headers: through('http') });
    expect(elsewhere.headers['x-request-id']).toBeDefined();
    expect(elsewhere.headers.location ?? 'none').toMatch(/^(none|https:\/\/attendance\.test\/)/);
  });

  it('anything else by http is refused: its body and its key were sent in the clear', async () => {
    const headers = { ...json, authorization: `Bearer ${admin.credential}` };
    const answer = await post(url, LIST, { ...headers, ...through('http') });
    expect([answer.status, faultOf(answer).extensions.code]).toEqual([403, 'FORBIDDEN']);
    expect((await post(url, LIST, { ...headers, ...through('https') })).status).toBe(200);
  });

  it('browsers are told to begin with https, only by https', async () => {
    const hsts = async (headers: Record<string, string>) =>
      (await send(url, '/healthz', { headers })).headers['strict-transport-security'];
    expect(await hsts(through('https'))).toBe('max-age=31536000; includeSubDomains');
    expect(await hsts(through('http'))).toBeUndefined();
    expect(await hsts({})).toBeUndefined();
  });

  it('a health check that comes by http is answered', async () => {
    expect((await send(url, '/readyz', { headers: through('http') })).status).toBe(200);
  });
});

describe('HTTP without TRUST_PROXY', () => {
  let service: TestService;
  let admin: Speaker;

  beforeAll(async () => {
    const env = { CORS_ORIGINS: 'https://people.example.com, http://localhost:3000', NODE_ENV: 'test' };
    ({ service, admin } = await startClosed({ env }));
  });
  afterAll(() => service.stop());

  it("a client's X-Forwarded headers are not believed", async () => {
    const headers = { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example' };
    const answer = await send(service.url, '/healthz', { headers });
    expect(answer.status).toBe(200);
    const https = await send(service.url, '/healthz', { headers: { 'x-forwarded-proto': 'https' } });
    expect(https.headers['strict-transport-security']).toBeUndefined();
  });

  it.each([
    ['https://people.example.com', true],
    ['http://localhost:3000', true],
    ['https://studio.apollographql.com', false],
    ['https://people.example.com.evil.example', false],
    ['http://people.example.com', false],
    ['null', false],
  ])('CORS_ORIGINS is the list of the pages that may call: %s %s', async (origin, allowed) => {
    const answer = await post(service.url, LIST, {
      ...json,
      origin,
      authorization: `Bearer ${admin.credential}`,
    });
    expect(answer.headers['access-control-allow-origin']).toBe(allowed ? origin : undefined);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('no answer of the API is kept by a cache, and helmet has its say on every one', async () => {
    const headers = { ...json, authorization: `Bearer ${admin.credential}` };
    const answers = await Promise.all([
      post(service.url, LIST, headers),
      post(service.url, LIST, json),
      post(service.url, LIST, { ...json, authorization: 'Bearer wrong' }),
      post(service.url, '{"query":"{ nothing }"}', headers),
      post(service.url, 'nonsense', headers),
      send(service.url, '/graphql?query={__typename}', {
        headers: { ...headers, 'apollo-require-preflight': '1' },
      }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401, 400, 400, 200]);
    for (const answer of answers) {
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['content-security-policy']).toMatch(/^default-src 'self';.*script-src 'self';/);
      expect(answer.headers['x-frame-options']).toBe('SAMEORIGIN');
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
      // The first only over HTTPS, the second not at all.
      expect(answer.headers['strict-transport-security']).toBeUndefined();
      expect(answer.headers['cross-origin-embedder-policy']).toBeUndefined();
    }
  });
});
