/** Real: the service over HTTP with a key, its built pages. Fake: what a proxy says of a client's address. */
import { startClosed } from '../support/access';
import { faultOf, type RawAnswer, send } from '../support/hostile';
import type { TestService } from '../support/service';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8';
const PER_ADDRESS = 400;
/** Whatever is sent has this in it; no answer may. */
const MARKER = 'zq7marker';

describe('an address without an answer', () => {
  let service: TestService;
  /** The policy of the pages. */
  let policy: string | undefined;

  beforeAll(async () => {
    ({ service } = await startClosed({
      env: { TRUST_PROXY: 'loopback', RATE_LIMIT_PER_ADDRESS: String(PER_ADDRESS) },
    }));
    policy = String((await open('/')).headers['content-security-policy']);
  });
  afterAll(() => service.stop());

  let visitors = 0;
  /** As a browser asks that follows a link. Each visitor has an address of their own. */
  const open = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> =>
    send(service.url, path, {
      method,
      headers: { accept: BROWSER, 'x-forwarded-for': `203.0.113.${visitors++ % 250}`, ...headers },
    });

  const expectPage = (answer: RawAnswer, status: number): void => {
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    expect(answer.headers).toMatchObject({
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/) as string,
      'x-correlation-id': answer.headers['x-request-id'],
      vary: expect.stringContaining('accept, accept-language') as string,
    });
    expect(answer.headers['permissions-policy']).toContain('microphone=()');
    expect(answer.text).toMatch(/^<!doctype html>/);
    expect(answer.text).toContain('<a href="/">');
    expect(answer.text).not.toMatch(/<script|<style|<iframe|<base| style=| on\w+=|javascript:|https?:/i);
    expect(answer.text.toLowerCase()).not.toContain(MARKER);
  };

  it.each([
    ['/nothing', 404],
    ['/graphql/', 404],
    ['/graphql/nothing', 404],
    ['/graphql/stream', 404],
    ['/media', 404],
    ['/exports', 404],
    ['/exports/a/b', 404],
    ['/.env', 404],
    ['/index.html', 404],
    ['/home.html', 404],
    ['/kiosk/', 404],
    ['/assets/', 404],
    ['/%zz', 400],
    ['/exports/abc', 404],
    ['/media/face_images/EMP-1.jpg', 403],
    ['/media/face_images/EMP-1.jpg?expires=1&signature=abc', 403],
  ])('%s is a page for a browser and JSON for a program: %s', async (path, status) => {
    expectPage(await open(path), status);
    for (const accept of ['*/*', 'application/json', 'application/json, text/html', undefined]) {
      const answer = await send(service.url, path, { headers: accept === undefined ? {} : { accept } });
      expect([accept, answer.status]).toEqual([accept, status]);
      expect(faultOf(answer).extensions['requestId']).toBe(answer.headers['x-request-id']);
    }
  });

  it('is answered by HEAD like by GET, without the body', async () => {
    for (const path of ['/nothing', '/%zz', '/media/face_images/EMP-1.jpg']) {
      const [head, get] = [await open(path, {}, 'HEAD'), await open(path)];
      expect([head.status, head.headers['content-type'], head.bytes.length]).toEqual([
        get.status,
        'text/html; charset=utf-8',
        0,
      ]);
      expect(head.headers['content-length']).toBe(String(get.bytes.length));
    }
    const program = await send(service.url, '/nothing', { method: 'HEAD' });
    expect([program.status, program.headers['content-type']]).toEqual([
      404,
      'application/json; charset=utf-8',
    ]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('is JSON for %s, which no link sends', async (method) => {
    const answer = await open('/nothing', {}, method);
    expect(answer.status).toBe(404);
    expect(faultOf(answer).extensions.code).toBe('NOT_FOUND');
  });

  it('is not quoted, whatever it is made of', async () => {
    const script = `<script>${MARKER}</script>`;
    for (const path of [
      `/${encodeURIComponent(script)}`,
      `/${script}`,
      `/nothing?q=${script}`,
      `/nothing?q="><img/src=x/onerror=${MARKER}>`,
      `/nothing#${script}`,
      `//${MARKER}.example/`,
      `/\\${MARKER}.example`,
      `/..%2f..%2f${MARKER}`,
      `/%2e%2e/${MARKER}`,
      `/${MARKER}%00`,
      `/${MARKER}%0d%0aset-cookie:%20a=b`,
      `/${MARKER}/%zz`,
      `/media/${script}`,
      `/media/face_images/${MARKER}.jpg?expires=${script}&signature=${script}`,
      `/exports/${encodeURIComponent(script)}`,
      `/graphql/${encodeURIComponent(script)}`,
      `/${MARKER.repeat(800)}`,
    ]) {
      const answer = await open(path, {
        'accept-language': `${MARKER}, "><script>`,
        'user-agent': script,
        referer: `http://${MARKER}.example/${script}`,
      });
      expect([400, 403, 404, 414]).toContain(answer.status);
      expectPage(answer, answer.status);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(JSON.stringify(answer.headers).toLowerCase()).not.toContain(MARKER);
    }
  });

  it('speaks the language of the browser', async () => {
    for (const [header, language, direction, title] of [
      ['de-CH, en;q=0.5', 'de', 'ltr', 'Seite nicht gefunden'],
      ['fr;q=0.2, es', 'es', 'ltr', 'Página no encontrada'],
      ['ar', 'ar', 'rtl', 'الصفحة غير موجودة'],
      ['ja', 'en', 'ltr', 'Page not found'],
    ] as const) {
      const answer = await open('/nothing', { 'accept-language': header });
      expect(answer.headers['content-language']).toBe(language);
      expect(answer.text).toContain(`<html lang="${language}" dir="${direction}">`);
      expect(answer.text).toContain(`<h1>${title}</h1>`);
    }
  });

  it('says of a link that it is no longer good', async () => {
    const used = await open('/exports/abc');
    expect(used.text).toContain('<h1>This link does not work</h1>');
    expect(used.text).toContain('Download not found: it was already used, or it has expired');
    const altered = await open('/media/face_images/EMP-1.jpg?expires=1&signature=abc');
    expect(altered.text).toContain('<h1>This link does not work</h1>');
  });

  it('does not take away what the known addresses answer a browser', async () => {
    for (const path of ['/', '/kiosk', '/enrol', '/board', '/graphql', '/graphiql']) {
      const answer = await open(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
    }
    for (const path of ['/healthz', '/readyz']) {
      const answer = await open(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
    }
    for (const [path, type, start] of [
      ['/favicon.ico', 'image/vnd.microsoft.icon', Buffer.from([0, 0, 1, 0])],
      ['/icon.svg', 'image/svg+xml', Buffer.from('<svg')],
    ] as const) {
      const answer = await open(path, { accept: 'image/avif,image/webp,*/*;q=0.8' });
      expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 200, type]);
      expect(answer.bytes.subarray(0, start.length)).toEqual(start);
    }
  });

  it('answers a program at / with the page all the same: there is nothing else', async () => {
    const answer = await send(service.url, '/');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('refuses wrong credentials and floods at every address, with a page for browsers', async () => {
    const wrong = { authorization: `Bearer ${MARKER}` };
    expectPage(await open('/nothing', wrong), 401);
    expect((await send(service.url, '/nothing', { headers: wrong })).status).toBe(401);

    const from = { 'x-forwarded-for': '198.51.100.9' };
    for (let n = 0; n < PER_ADDRESS; n++) await open('/nothing', from);
    const page = await open('/nothing', from);
    expectPage(page, 429);
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(0);
    expect(page.text).toContain('<h1>Too many requests</h1>');
    const json = await send(service.url, '/nothing', { headers: from });
    expect([json.status, faultOf(json).extensions.code]).toEqual([429, 'TOO_MANY_REQUESTS']);
  });
});
