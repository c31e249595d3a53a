/** Real: services with and without a key, Chromium, the built pages, axe. Fake: a network that is cut. */
import type { Page } from 'playwright-core';
import { createKey, Speaker } from '../support/access';
import { send } from '../support/hostile';
import { descriptor } from '../support/photos';
import { freePort } from '../support/ports';
import { TestService } from '../support/service';
import { violations } from '../support/web/axe';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { ADMIN_KEY, Installation } from '../support/web/installation';

const LANGUAGES = ['en', 'es', 'de', 'fr', 'ar'];
const LINKS = ['/kiosk', '/enrol', '/board', '/hours', '/graphiql', '/reference', '/healthz', '/readyz'];
/** What only those learn who may: a number of people, a version, a database. */
const TELLING = /\d|enrolled|postgres|pglite|embedded|version/i;
/** The narrowest phones. */
const PHONE = { width: 320, height: 640 };

const heading = (page: Page, name: string): Promise<void> => page.getByRole('heading', { name }).waitFor();
const stored = (page: Page): Promise<number> => page.evaluate(() => sessionStorage.length);

async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describeInBrowser('the start page', () => {
  let place: Installation;
  let admin: Speaker;
  /** Without a key; also reached under a name that is not this machine's. */
  let open: TestService;
  let openUrl: string;
  let publicUrl: string;
  let browser: Visit;
  /** A tab of its own: keys are a tab's. */
  let page: Page;
  /** Of this tab. */
  let requests: string[];
  let errors: string[];

  beforeAll(async () => {
    // No face is read here: without its models the service starts sooner.
    const faceless = { FACE_WORKERS: '0', FACE_WARM_START: 'false' };
    place = await Installation.start(faceless);
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg', {
      faceDescriptor: descriptor('grace-hopper-2'),
    });
    admin = new Speaker(place.service, ADMIN_KEY);
    const port = await freePort();
    openUrl = `http://localhost:${port}`;
    publicUrl = `http://rollcall.localhost:${port}`;
    const env = { ...faceless, PORT: String(port), PUBLIC_URL: publicUrl };
    open = await TestService.start({ env });
    browser = await visit({ film: null, reducedMotion: true });
  });
  beforeEach(async () => {
    page = await browser.context.newPage();
    requests = [];
    errors = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
  });
  afterEach(() => page.close());
  afterAll(async () => {
    await browser.close();
    await place.stop();
    await open.stop();
  });

  it('links to everything, says that a key is needed, and shows a stranger nothing more', async () => {
    await page.goto(place.url);
    await heading(page, 'A key is needed');
    const links = await page.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toEqual(LINKS);
    expect(await page.locator('main').innerText()).not.toMatch(TELLING);
    expect((await send(place.url, '/')).text).not.toContain('enrolled');
    expect(await stored(page)).toBe(0);
    // Nothing that reads faces, and nothing of other servers.
    expect(requests.filter((url) => !url.startsWith(`${place.url}/`))).toEqual([]);
    expect(requests.filter((url) => /face|tfjs|\.wasm|\.bin/.test(url))).toEqual([]);
  });

  it('shows the number of enrolled people after sign-in, and forgets the key at sign-out', async () => {
    await page.goto(place.url);
    await signIn(page, 'a guess');
    await page.getByRole('alert').filter({ hasText: 'This key is not valid' }).waitFor();
    expect(await stored(page)).toBe(0);
    await signIn(page, ADMIN_KEY);
    await page.getByText('1 person is enrolled').waitFor();
    await page.reload();
    await page.getByText('1 person is enrolled').waitFor();
    // The other pages know the key by now.
    await page.getByRole('link', { name: 'Board' }).click();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'A key is needed');
    expect(await stored(page)).toBe(0);
    expect(await page.locator('main').innerText()).not.toMatch(TELLING);
  });

  it('asks for a key again once its own is revoked', async () => {
    const { id, secret } = await createKey(admin, { role: 'VIEWER' });
    await page.goto(place.url);
    await signIn(page, secret);
    await page.getByText('1 person is enrolled').waitFor();
    await admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id });
    await page.reload();
    await page.getByRole('alert').filter({ hasText: 'This key is not valid' }).waitFor();
    expect(await stored(page)).toBe(0);
    expect(await page.locator('main').innerText()).not.toMatch(TELLING);
  });

  it('asks again when the browser brings it back, and shows nothing of before meanwhile', async () => {
    await page.goto(place.url);
    await signIn(page, ADMIN_KEY);
    await page.getByText('1 person is enrolled').waitFor();
    // As after signing out on another page and going back; Chromium under a debugger keeps no pages for that.
    await page.evaluate(() => {
      sessionStorage.clear();
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    });
    await heading(page, 'A key is needed');
    expect(await page.locator('main').innerText()).not.toMatch(TELLING);
  });

  it('says nothing of numbers to a role that may not count people', async () => {
    const { secret } = await createKey(admin, { role: 'KIOSK', officeId: place.office.id });
    await page.goto(place.url);
    await signIn(page, secret);
    await heading(page, 'You are signed in');
    expect(await page.locator('main').innerText()).not.toMatch(TELLING);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says when the service does not answer, and tries again', async () => {
    await page.goto(place.url);
    await heading(page, 'A key is needed');
    await place.network.down();
    try {
      await signIn(page, ADMIN_KEY);
      await heading(page, 'The service did not say whether it needs a key');
      expect(await stored(page)).toBe(0);
    } finally {
      await place.network.up();
    }
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page, 'A key is needed');
  });

  it('says that a service without a key is open, with the number of people, on this machine only', async () => {
    await page.goto(openUrl);
    await heading(page, 'Open: no key is needed');
    await page.getByText('Only this computer can use the service').waitFor();
    await page.getByText('Nobody is enrolled yet').waitFor();
    await page.goto(publicUrl);
    await page.getByText('Everybody who reaches this address can use the service').waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(TELLING);
    expect(errors).toEqual([]);
    // Under a name that was pointed here there is no page at all, and a person is told why.
    const headers = { host: 'evil.example', accept: 'text/html' };
    const foreign = await send(openUrl, '/', { headers });
    expect([foreign.status, foreign.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    expect(foreign.text).toContain('Only requests to localhost are accepted');
  });

  it('leads nowhere that is not there, and no page misses a file', async () => {
    const failed: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    // The reference is a build of its own.
    const there = LINKS.filter((link) => link !== '/reference');
    for (const path of ['/', ...there]) {
      await page.goto(openUrl + path);
      if (['/', '/kiosk', '/enrol', '/board'].includes(path)) await page.locator('h1').waitFor();
    }
    expect(requests.length).toBeGreaterThan(there.length + 10);
    expect(failed).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('is met by who follows a wrong link, with the style of the other pages', async () => {
    const answer = await page.goto(`${openUrl}/nothing`);
    expect(answer?.status()).toBe(404);
    expect(await page.locator('.card').evaluate((card) => getComputedStyle(card).display)).toBe('grid');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Go to the start page' }).click();
    await heading(page, 'Open: no key is needed');
  });

  it.each(['light', 'dark'] as const)('is read by axe without a violation, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(place.url);
    await heading(page, 'A key is needed');
    expect(await violations(page)).toEqual([]);
    await signIn(page, 'a guess');
    await page.getByRole('alert').filter({ hasText: 'not valid' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await signIn(page, ADMIN_KEY);
    await page.getByText('1 person is enrolled').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(openUrl);
    await heading(page, 'Open: no key is needed');
    expect(await violations(page)).toEqual([]);
  });

  it('fits a phone in every language, also from right to left', async () => {
    await page.setViewportSize(PHONE);
    const leads = new Set<string>();
    for (const language of LANGUAGES) {
      for (const url of [place.url, openUrl]) {
        await page.goto(`${url}/?lang=${language}`);
        await page.locator('.home h2').nth(1).waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        leads.add(await page.locator('.lead').innerText());
      }
    }
    expect(leads.size).toBe(LANGUAGES.length);
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    const icon = await page.locator('.desk-header img').boundingBox();
    const choice = await page.locator('.language').boundingBox();
    expect(icon?.x).toBeGreaterThan(choice?.x ?? Infinity);
    expect(await violations(page)).toEqual([]);
  });
});
