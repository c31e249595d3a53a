/** Real: the service over HTTP, the pages of the installed packages, the database, the disk. Fake: a network that is cut. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse, validate, buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { Client } from 'pg';
import { firstMinutes, FIRST_OPERATIONS } from '../../src/http/graphql/examples';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { expectDiscreet, faultOf, post, send } from '../support/hostile';
import { CHECK, check, collins, hopper, register } from '../support/operations';
import { TcpProxy } from '../support/proxy';
import { TestService } from '../support/service';
import { until } from '../support/until';

describe('the pages and probes', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start();
  });
  afterAll(() => service.stop());

  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  it('opens Sandbox at /graphql in a browser, with the first minutes prefilled', async () => {
    const page = await send(service.url, '/graphql', { headers: browser });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    // Sandbox comes from a CDN, whose script is allowed here and nowhere else.
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'.*script-src 'unsafe-inline' https:\/\/embeddable-sandbox\.cdn\.apollographql\.com;/,
    );
    expect(page.text).toMatch(
      /<script nonce="\w+" src="https:\/\/embeddable-sandbox\.cdn\.apollographql\.com\//,
    );
    const config = JSON.parse(/var embeddedSandboxConfig = (.*);\n/.exec(page.text)?.[1] ?? '') as {
      initialState: Record<string, unknown>;
    };
    expect(config.initialState).toMatchObject(firstMinutes(true));
  });

  it('prefills operations that work as they are, in their order', async () => {
    const schema = buildClientSchema(
      (await service.ask(getIntrospectionQuery())) as unknown as IntrospectionQuery,
    );
    expect(validate(schema, parse(FIRST_OPERATIONS))).toEqual([]);
    const { document: query, variables } = firstMinutes(true);
    expect(JSON.stringify(variables)).not.toContain('faceDescriptor');
    const run = async (operationName: string): Promise<unknown> => {
      const answer = await post(service.url, JSON.stringify({ query, variables, operationName }));
      return JSON.parse(answer.text);
    };
    expect(await run('Register')).toMatchObject({
      data: { registerEmployee: { message: 'Employee registered successfully!' } },
    });
    expect(await run('Check')).toMatchObject({
      data: { checkAttendance: { status: 'RECORDED', message: 'Login recorded successfully!' } },
    });
    expect(await run('Punches')).toMatchObject({ data: { attendances: { totalCount: 1 } } });
  });

  it('serves an explorer at /graphiql that needs no internet', async () => {
    const page = await send(service.url, '/graphiql', { headers: browser });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
    });
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'.*script-src 'sha256-[^']+';/,
    );
    const html = gunzipSync(page.bytes).toString();
    // Elements of the page itself, before the scripts that are written into it.
    const head = html
      .replace(/<script[^>]*>[\s\S]*?<\/script>/g, '')
      .replace(/<style>[\s\S]*?<\/style>/g, '');
    const loaded = [...head.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]*)"/g)].map(
      ([, url]) => url?.slice(0, 20),
    );
    for (const url of loaded) expect(url).toMatch(/^data:/);
    const scripts = [...html.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes);
    expect(scripts.length).toBeGreaterThan(0);
    for (const attributes of scripts) expect(attributes).not.toMatch(/\bsrc=/);
    expect(html).not.toMatch(/@import\s+(?:url\()?["']?https?:|url\(["']?https?:/);
    expect(html).toContain('/graphql');
  });

  it('says at /healthz that the process answers, and at /readyz what works', async () => {
    const [health, ready] = await Promise.all([send(service.url, '/healthz'), send(service.url, '/readyz')]);
    expect([health.status, JSON.parse(health.text)]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', templates: 'ok', disk: 'ok' } },
    ]);
  });

  it('is not ready while photos cannot be written, refuses checks, and heals', async () => {
    const incoming = join(service.storage.dataDir, 'incoming');
    await register(service, { employeeId: 'DISK', ...collins });
    rmSync(incoming, { recursive: true });
    writeFileSync(incoming, 'in the way');
    const ready = await send(service.url, '/readyz');
    expect([ready.status, JSON.parse(ready.text)]).toMatchObject([
      503,
      { status: 'not ready', checks: { database: 'ok', disk: 'failing' } },
    ]);
    const input = { employeeId: 'DISK', ...collins };
    const answer = await post(service.url, JSON.stringify({ query: CHECK, variables: { input } }));
    expectDiscreet(answer.text, collins);
    expect(faultOf(answer).extensions.code).toBe('UNAVAILABLE');
    expect(answer.text).not.toContain(service.storage.dataDir);
    rmSync(incoming);
    mkdirSync(incoming);
    expect((await send(service.url, '/readyz')).status).toBe(200);
    expect(await check(service, { employeeId: 'DISK', ...collins })).toHaveProperty('status', 'RECORDED');
  });

  it.each(['/nothing', '/graphql/', '/GRAPHQL', '/.env', '/metrics/x'])(
    'answers 404 in JSON at %s',
    async (path) => {
      const answer = await send(service.url, path);
      expect(answer.status).toBe(404);
      expect(faultOf(answer)).toMatchObject({
        message: 'Address not found',
        extensions: { code: 'NOT_FOUND', requestId: answer.headers['x-request-id'] },
      });
    },
  );

  it('gives every request an id of its own, whatever the client calls it', async () => {
    const ask = () =>
      send(service.url, '/graphql?query={nope}', {
        headers: { 'apollo-require-preflight': '1', 'x-correlation-id': 'mine', 'x-request-id': 'mine' },
      });
    const [one, two] = await Promise.all([ask(), ask()]);
    expect(one.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(one.headers['x-request-id']).not.toBe(two.headers['x-request-id']);
    expect(faultOf(one).extensions['requestId']).toBe(one.headers['x-request-id']);
    expect(one.headers['x-correlation-id']).toBe(one.headers['x-request-id']);
    expect(faultOf(one).extensions['correlationId']).toBe(one.headers['x-correlation-id']);
  });

  it('tells browsers not to guess types, and to load nothing from elsewhere', async () => {
    const { headers } = await send(service.url, '/healthz');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['x-powered-by']).toBeUndefined();
    const answer = await post(service.url, '{"query":"{ __typename }"}');
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});

describeOnServer('the service, when PostgreSQL fails,', () => {
  let service: TestService;
  let storage: TestStorage;
  let network: TcpProxy;

  beforeAll(async () => {
    storage = await createStorage();
    const url = storage.databaseUrl ?? '';
    network = await TcpProxy.before(url);
    const proxied = { ...storage, databaseUrl: network.through(url) };
    service = await TestService.start({ storage: proxied });
    await register(service);
  });
  afterAll(async () => {
    await service.stop();
    await network.close();
    await storage.remove();
  });

  const sql = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: storage.databaseUrl ?? '' });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  const checkIt = () =>
    post(
      service.url,
      JSON.stringify({ query: CHECK, variables: { input: { employeeId: 'EMP-1', ...hopper } } }),
    );

  it('is not ready and says UNAVAILABLE while the database is away, and heals by itself', async () => {
    await network.close();
    const ready = await send(service.url, '/readyz');
    expect([ready.status, JSON.parse(ready.text)]).toMatchObject([503, { checks: { database: 'failing' } }]);
    expect((await send(service.url, '/healthz')).status).toBe(200);
    const answer = await checkIt();
    expectDiscreet(answer.text, hopper);
    expect(faultOf(answer)).toMatchObject({
      message: 'Database unavailable; try again shortly',
      extensions: { code: 'UNAVAILABLE', requestId: answer.headers['x-request-id'] },
    });
    await network.open();
    // A look at the database that began before may still fail.
    await until(async () => (await send(service.url, '/readyz')).status === 200);
    const healed = JSON.parse((await checkIt()).text) as unknown;
    expect(healed).toMatchObject({ data: { checkAttendance: { status: 'RECORDED' } } });
  });

  it('masks what it did not expect', async () => {
    await sql('ALTER TABLE attendances RENAME TO attendances_elsewhere');
    try {
      const answer = await checkIt();
      const fault = faultOf(answer);
      expect(fault).toMatchObject({
        message: 'Internal error. The log contains it under this correlation id',
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: answer.headers['x-request-id'] },
      });
      expect(Object.keys(fault.extensions).sort()).toEqual(['code', 'correlationId', 'requestId']);
      expect(answer.text).not.toMatch(/attendances|\brelation|SELECT|QueryFailed|stack/);
    } finally {
      await sql('ALTER TABLE attendances_elsewhere RENAME TO attendances');
    }
    expect(await check(service, { employeeId: 'EMP-1' })).toHaveProperty('status');
  });
});
