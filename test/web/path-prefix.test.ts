/** Real: the service, its built pages, Chromium. Fake: a reverse proxy that knows one path only. */
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { freePort } from '../support/ports';
import { TestService } from '../support/service';
import { chromiumPath, visit, type Visit } from '../support/web/browser';

const PREFIX = '/rollcall';

/** Answers 404 outside of the path. @param keeps whether the service sees the path too */
async function proxy(upstream: string, port: number, keeps: boolean): Promise<Server> {
  const server = createServer((request, response) => {
    const { url = '/', method = 'GET', headers } = request;
    if (!/^\/rollcall(\/|\?|$)/.test(url)) return void response.writeHead(404).end('not of Rollcall');
    const rest = url.slice(PREFIX.length);
    const path = keeps ? url : rest.startsWith('/') ? rest : `/${rest}`;
    const out = httpRequest(upstream + path, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(out);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

(chromiumPath === null ? describe.skip : describe).each([
  ['keeps', true],
  ['removes', false],
])('behind a proxy that %s the path of PUBLIC_URL', (_name, keeps) => {
  let service: TestService;
  let front: Server;
  let browser: Visit;
  let base: string;

  beforeAll(async () => {
    const [own, port] = [await freePort(), await freePort()];
    base = `http://localhost:${port}${PREFIX}`;
    service = await TestService.start({
      env: { FACE_WORKERS: '0', PORT: String(own), PUBLIC_URL: `${base}/` },
    });
    front = await proxy(`http://127.0.0.1:${own}`, port, keeps);
    browser = await visit({ reducedMotion: true });
  });
  afterAll(async () => {
    await browser.close();
    front.closeAllConnections();
    front.close();
    await service.stop();
  });

  it('every page loads its files and reaches the API', async () => {
    const failed: string[] = [];
    browser.context.on('response', (answer) => {
      if (answer.status() >= 400) failed.push(`${answer.status()} ${answer.url()}`);
    });
    const { page } = browser;
    for (const path of ['', '/', '/enrol', '/board', '/kiosk', '/reference']) {
      const asked = ['/reference'].includes(path) ? null : page.waitForResponse(`${base}/graphql`);
      await page.goto(base + path);
      await page.locator('h1').first().waitFor();
      if (path !== '/kiosk') await asked;
      asked?.catch(() => undefined);
    }
    expect([...new Set(failed)]).toEqual([]);
    expect(browser.requests.filter((url) => url.startsWith('http') && !url.startsWith(base))).toEqual([]);
  });

  it('the start page links below the path, and so does the page of an unknown address', async () => {
    const { page } = browser;
    await page.goto(base);
    const links = await page.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toHaveLength(8);
    expect(links.every((link) => link?.startsWith(`${PREFIX}/`))).toBe(true);
    await page.goto(`${base}/nowhere`);
    await page.locator('a').click();
    await page.locator('main.home').waitFor();
  });

  it('the kiosk opens without network', async () => {
    const { page } = browser;
    await page.goto(`${base}/kiosk`);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const manifest = (await (await fetch(`${base}/kiosk.webmanifest`)).json()) as { start_url: string };
    expect(manifest.start_url).toBe(`${PREFIX}/kiosk`);
    await browser.context.setOffline(true);
    await page.reload();
    await page.locator('h1').first().waitFor();
    await browser.context.setOffline(false);
  });
});
