/** Real: the service, Chromium, the built pages. Fake: the film. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { closingVisits } from '../support/web/closing-visits';
import { describeInBrowser } from '../support/web/describe';
import { signIn } from '../support/web/desk-page';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk, says } from '../support/web/kiosk-page';

const BUDGET_BYTES = 60_000;
const ASSETS = join(__dirname, '..', '..', 'dist', 'web');

describeInBrowser('the pages', () => {
  let place: Installation;
  const open = closingVisits();

  beforeAll(async () => {
    place = await Installation.withGrace();
  });
  afterAll(() => place.stop());

  it('need no key, are cached by their content, and come with a strict policy', async () => {
    const { url } = place.service;
    for (const path of ['/', '/kiosk', '/enrol', '/board']) {
      const response = await fetch(url + path);
      expect(response.status).toBe(200);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
      expect(response.headers.get('permissions-policy')).toContain('camera=(self)');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      const html = await response.text();
      expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
      const [, script = ''] = /src="(\/assets\/[^"]+)"/.exec(html) ?? [];
      const asset = await fetch(url + script);
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect(asset.headers.get('content-encoding')).toBe('gzip');
      const etag = response.headers.get('etag') ?? '';
      const again = await fetch(url + path, { headers: { 'if-none-match': etag } });
      expect(again.status).toBe(304);
    }
    for (const path of ['/assets/..%2f..%2fpackage.json', '/assets/', '/kiosk.html.gz', '/.sources']) {
      expect((await fetch(url + path)).status).toBe(404);
    }
  });

  it('run under their policy: neither inline script nor eval does', async () => {
    const { page } = await open();
    await page.goto(`${place.url}/board`);
    await page.getByLabel('Key', { exact: true }).waitFor();
    const ran = await page.evaluate(async () => {
      const outcomes: string[] = [];
      const reported = new Promise<void>((resolve) =>
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          if (outcomes.push(effectiveDirective) === 3) resolve();
        }),
      );
      const script = document.createElement('script');
      script.textContent = 'globalThis.inlineRan = true';
      document.body.append(script);
      // In a task of the page's own: what a debugger evaluates may do everything.
      const evaluated = await new Promise<boolean>((resolve) => {
        setTimeout(() => {
          try {
            resolve(globalThis.eval('true') as boolean);
          } catch {
            resolve(false);
          }
        });
      });
      await fetch('https://example.com/').catch(() => undefined);
      await reported;
      return { outcomes, evaluated, inline: 'inlineRan' in globalThis };
    });
    expect(ran).toEqual({
      inline: false,
      evaluated: false,
      outcomes: ['script-src-elem', 'script-src', 'connect-src'],
    });
  });

  it('ask no other server for anything', async () => {
    const { page, requests, errors } = await open({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    await pairKiosk(page, place);
    await outcome(page);
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByRole('button', { name: 'Scan my badge' }).click();
    await says(page, 'Hold the code of your badge');
    await signIn(page, place, '/enrol');
    await page.locator('.people img.photo').waitFor();
    await page.goto(`${place.url}/board`);
    await page.locator('.board li').first().waitFor();
    // The recorder saw pages, workers and the service worker.
    for (const path of ['/kiosk', '/graphql', '/graphql/stream', '/kiosk-sw.js', '/media/']) {
      expect(requests.some((url) => url.startsWith(place.url + path))).toBe(true);
    }
    expect(requests.some((url) => url.endsWith('.wasm'))).toBe(true);
    const others = requests.filter((url) => !url.startsWith(`${place.url}/`) && !url.startsWith('blob:'));
    expect(others).toEqual([]);
    expect(errors.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('keep what is there for the time without network: one file that is not would keep the worker from being installed', async () => {
    const worker = await (await fetch(`${place.url}/kiosk-sw.js`)).text();
    const [, list = '[]'] = /"addresses":(\[[^\]]*\])/.exec(worker) ?? [];
    const addresses = JSON.parse(list) as string[];
    expect(addresses).toContain('/kiosk');
    const statuses = await Promise.all(addresses.map(async (path) => (await fetch(place.url + path)).status));
    expect(statuses).toEqual(addresses.map(() => 200));
  });

  it('are installable: a manifest with icons, and a service worker that controls the kiosk', async () => {
    const { page } = await open();
    await page.goto(`${place.url}/kiosk`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const manifest = (await (await fetch(`${place.url}/kiosk.webmanifest`)).json()) as {
      start_url: string;
      display: string;
      icons: { src: string }[];
    };
    expect(manifest).toMatchObject({ start_url: '/kiosk', display: 'fullscreen' });
    for (const { src } of manifest.icons) expect((await fetch(place.url + src)).status).toBe(200);
  });

  it('stay within their budget of JavaScript, the models aside', () => {
    const sizes = new Map(
      readdirSync(ASSETS, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.js'))
        .map((name) => [name, gzipSync(readFileSync(join(ASSETS, name)), { level: 9 }).length]),
    );
    const sum = (which: (name: string) => boolean): number =>
      [...sizes].reduce((total, [name, size]) => total + (which(name) ? size : 0), 0);
    // face-api with tfjs, which run the model; nothing of ours but the worker that asks them is in there.
    const isModel = (name: string): boolean => /^assets\/face-worker-/.test(name);
    expect([...sizes.keys()].filter(isModel)).toHaveLength(1);
    // All that a page can come to load: libraries, the service worker, the reader of badges, and one language.
    const pages = ['home', 'kiosk', 'enrol', 'board', 'hours'];
    const languages = ['en', 'es', 'de', 'fr', 'ar'];
    for (const page of pages) {
      for (const language of languages) {
        const rest = [...pages, ...languages].filter((name) => name !== page && name !== language);
        const others = new RegExp(`^assets/(${rest.join('|')})-`);
        const size = sum((name) => !isModel(name) && !others.test(name));
        expect(size).toBeGreaterThan(20_000);
        expect(size).toBeLessThan(BUDGET_BYTES);
      }
    }
  });
});
