/** Real: Fastify with the hooks of the service. Fake: the proxies, whose headers are written here. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import Fastify from 'fastify';
import { loadConfig } from '../../src/config/config';
import { readForwarded, trustOf } from '../../src/http/hooks/forwarded';
import { requireHttps } from '../../src/http/hooks/transport-security';

/** A service that answers how it sees a request. */
function serviceBehind(TRUST_PROXY: string) {
  const { trustProxy } = loadConfig({ TRUST_PROXY }).http;
  const app = Fastify({ trustProxy: trustOf(trustProxy) });
  if (trustProxy !== null) readForwarded(app, trustProxy);
  requireHttps(app, null);
  app.get('/', ({ protocol, host, ip }) => ({ protocol, host, ip }));
  return app;
}

/** How the service sees a request that came through proxies. */
async function seen(TRUST_PROXY: string, headers: Readonly<Record<string, string>>) {
  const app = serviceBehind(TRUST_PROXY);
  const answer = await app.inject({ url: '/', headers });
  await app.close();
  return answer.statusCode === 200 ? answer.json<Record<string, string>>() : answer.headers.location;
}

const OUTER = 'https://outer.test/';
const CHAIN = '203.0.113.7, 10.0.0.1';

// Each proxy adds what it saw at the end; the outermost trusted one saw the client.
it.each([
  ['2', 'https,http', 'https'],
  ['2', 'https, https', 'https'],
  ['2', ' HTTPS ,http', 'https'],
  ['2', 'https,,http', 'https'],
  ['2', 'http,https', OUTER],
  ['2', 'https', 'https'],
  ['2', 'http', OUTER],
  ['2', 'https,http,https', OUTER],
  ['2', 'http,https,http', 'https'],
  ['1', 'https', 'https'],
  ['1', 'https,http', 'https://inner.test/'],
  ['3', 'https,http', 'https'],
  ['loopback', 'https,http', 'https://inner.test/', '203.0.113.7'],
  ['loopback', 'http,https', 'https', '203.0.113.7'],
  ['loopback, 10.0.0.0/8', 'https,http', 'https', CHAIN],
  ['loopback, 10.0.0.0/8', 'http,https', OUTER, CHAIN],
  ['loopback, 10.0.0.0/8', 'https,http,http', OUTER, CHAIN],
  ['loopback, 10.0.0.0/8', 'https', 'https', CHAIN],
  ['loopback, 10.0.0.0/8', 'https,http', 'https', `198.51.100.1, ${CHAIN}`],
])('TRUST_PROXY=%s reads X-Forwarded-Proto: %s as %s', async (trusted, proto, expected, chain = CHAIN) => {
  const answer = await seen(trusted, {
    'x-forwarded-proto': proto,
    'x-forwarded-host': 'outer.test, inner.test',
    'x-forwarded-for': chain,
  });
  if (expected === 'https') expect(answer).toMatchObject({ protocol: 'https' });
  else expect(answer).toBe(expected);
});

it('the host is the one that the outermost proxy was asked for, and the address is the client’s', async () => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'outer.test, inner.test' };
  const through = { ...headers, 'x-forwarded-for': CHAIN };
  expect(await seen('2', through)).toEqual({ protocol: 'https', host: 'outer.test', ip: '203.0.113.7' });
  expect(await seen('1', through)).toEqual({ protocol: 'https', host: 'inner.test', ip: '10.0.0.1' });
});

it('addresses that do not include the sender mean that nothing of it is believed', async () => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.test', host: 'attendance.test' };
  expect(await seen('10.0.0.0/8', headers)).toBe('https://attendance.test/');
});

it.each([
  ['2', ['https', 'http'], 200],
  ['2', ['https', 'https'], 200],
  ['2', ['http', 'https'], 308],
  ['2', ['http, https', 'http'], 200],
  ['2', ['https', 'http, https'], 308],
  ['1', ['http', 'https'], 200],
  ['1', ['https', 'http'], 308],
  ['loopback', ['https', 'http'], 308],
])('TRUST_PROXY=%s reads the header lines %j as one list', async (trusted, lines, status) => {
  const app = serviceBehind(trusted);
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  try {
    const headers = { 'X-Forwarded-Proto': lines, 'X-Forwarded-Host': ['outer.test', 'inner.test'] };
    const [answer] = (await once(request({ port, headers }).end(), 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(status);
  } finally {
    await app.close();
  }
});
