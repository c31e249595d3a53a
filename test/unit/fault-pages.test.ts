/** Real: Fastify with the service's fault answers, over a port of its own. Fake: routes that fail in every way. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { type ErrorCode, RollcallError, unavailable } from '../../src/errors';
import { FaultAnswers } from '../../src/http/routes/fault-answers';
import { NOTICES, type Notice } from '../../src/http/routes/notice-texts';
import { serveWebPages } from '../../src/http/routes/web-pages';

const SECRET = 'secret-of-the-database';
const browser = { accept: 'text/html,*/*;q=0.8' };

const FAILURES: Readonly<Record<string, () => never>> = {
  ...Object.fromEntries(
    (['BAD_USER_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT'] as ErrorCode[]).map(
      (code) => [
        `/${code}`,
        (): never => {
          throw new RollcallError(code, 'Why <b>it</b> & "that" failed');
        },
      ],
    ),
  ),
  '/TOO_MANY_REQUESTS': () => {
    throw new RollcallError('TOO_MANY_REQUESTS', 'Too many', { retryAfterSeconds: 7 });
  },
  '/UNAVAILABLE': () => {
    throw unavailable('The service is stopping; try again shortly');
  },
  '/internal': () => {
    throw new Error(SECRET);
  },
  '/too-large': () => {
    throw Object.assign(new Error(SECRET.repeat(2)), { statusCode: 413 });
  },
};

async function serve(root: string): Promise<FastifyInstance> {
  const app = Fastify();
  new FaultAnswers({ webRoot: root }).register(app, pino({ enabled: false }));
  await serveWebPages(app, { root });
  for (const [path, fail] of Object.entries(FAILURES)) app.get(path, fail);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app;
}

const urlOf = (app: FastifyInstance): string => app.listeningOrigin;

describe('faults for a person at a browser', () => {
  let folder: string;
  let app: FastifyInstance;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-pages-'));
    const head =
      '<script type="module" src="/a.js"></script><link rel="modulepreload" href="/b.js"><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/assets/home-1.css">';
    writeFileSync(join(folder, 'home.html'), `<!doctype html><html><head>${head}</head></html>`);
    app = await serve(folder);
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['/BAD_USER_INPUT', 400, NOTICES.en.badRequest.title],
    ['/UNAUTHENTICATED', 401, NOTICES.en.refused.title],
    ['/FORBIDDEN', 403, NOTICES.en.refused.title],
    ['/NOT_FOUND', 404, NOTICES.en.notFound.title],
    ['/CONFLICT', 409, NOTICES.en.badRequest.title],
    ['/TOO_MANY_REQUESTS', 429, NOTICES.en.tooMany.title],
    ['/UNAVAILABLE', 503, NOTICES.en.unavailable.title],
    ['/internal', 500, NOTICES.en.internal.title],
    ['/too-large', 413, NOTICES.en.badRequest.title],
    ['/nothing', 404, NOTICES.en.notFound.title],
  ])('%s is %s: %s', async (path, status, title) => {
    const page = await fetch(urlOf(app) + path, { headers: browser });
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain(`<h1>${title}</h1>`);
    expect(html).not.toContain(SECRET);
    expect(html).not.toContain('<b>');
    const json = await fetch(urlOf(app) + path);
    expect([json.status, json.headers.get('content-type')]).toEqual([
      status,
      'application/json; charset=utf-8',
    ]);
  });

  it('have what a program gets too, escaped, if it says more than the status', async () => {
    const refused = await (await fetch(`${urlOf(app)}/FORBIDDEN`, { headers: browser })).text();
    expect(refused).toContain('Why &lt;b&gt;it&lt;/b&gt; &amp; &quot;that&quot; failed</p>');
    const busy = await fetch(`${urlOf(app)}/TOO_MANY_REQUESTS`, { headers: browser });
    expect(busy.headers.get('retry-after')).toBe('7');
  });

  it('name the request if the log has more about it', async () => {
    const answer = await fetch(`${urlOf(app)}/internal`, {
      headers: { ...browser, 'accept-language': 'de' },
    });
    expect(await answer.text()).toMatch(/Anfrage: <code dir="ltr">[\w-]+<\/code>/);
  });

  it('have the style and the icon of the start page, and none of its scripts', async () => {
    const html = await (await fetch(`${urlOf(app)}/nothing`, { headers: browser })).text();
    expect(html).toContain('<link rel="stylesheet" href="/assets/home-1.css">');
    expect(html).toContain('<link rel="icon" href="/icon.svg">');
    expect(html).not.toMatch(/script|modulepreload/);
  });
});

it('the service says at every page that the pages are not built, to programs and to people', async () => {
  const app = await serve(join(tmpdir(), 'rollcall-no-such-folder'));
  try {
    for (const path of ['/', '/kiosk', '/enrol', '/board']) {
      const [json, page] = await Promise.all([
        fetch(urlOf(app) + path),
        fetch(urlOf(app) + path, { headers: browser }),
      ]);
      expect([json.status, page.status]).toEqual([404, 404]);
      expect(await json.json()).toMatchObject({
        errors: [
          { message: 'The pages are not built; run: npm run build', extensions: { code: 'NOT_FOUND' } },
        ],
      });
      const html = await page.text();
      expect(html).toContain('The pages are not built; run: npm run build');
      // Nothing to load that is not there.
      expect(html).not.toContain('<link');
    }
  } finally {
    await app.close();
  }
});

it('every language has every notice', () => {
  const kinds = Object.keys(NOTICES.en).sort();
  for (const texts of Object.values(NOTICES)) {
    expect(Object.keys(texts).sort()).toEqual(kinds);
    const titles = Object.values<string | Notice>(texts).map((text) =>
      typeof text === 'string' ? text : text.title,
    );
    expect(new Set(titles).size).toBe(kinds.length);
  }
});
