/** Real: the service, Chromium, the built pages, axe. Fake: the film, a network that is cut. */
import type { Page } from 'playwright-core';
import { violations } from '../support/web/axe';
import { closingVisits } from '../support/web/closing-visits';
import { describeInBrowser } from '../support/web/describe';
import { fillIn, signIn } from '../support/web/desk-page';
import { ADMIN_KEY, Installation } from '../support/web/installation';
import { outcome, pairKiosk, says } from '../support/web/kiosk-page';

const HOPPER = [{ show: 'grace-hopper.jpg', seconds: 2 }];
const TABS = 40;

/** Goes on to an element by the tabulator key alone. */
async function tabTo(
  page: Page,
  matches: (active: { text: string; label: string }) => boolean,
): Promise<void> {
  for (let i = 0; i < TABS; i++) {
    const active = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return {
        text: element?.textContent?.trim() ?? '',
        label: element?.labels?.[0]?.textContent?.trim() ?? '',
      };
    });
    if (matches(active)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The tabulator key does not come there');
}

describeInBrowser('the pages, for everybody', () => {
  let place: Installation;
  const open = closingVisits();

  beforeAll(async () => {
    place = await Installation.withGrace();
  });
  afterAll(() => place.stop());

  it('are read by axe without a violation: the kiosk in every state', async () => {
    const { page } = await open({ film: HOPPER, reducedMotion: true });
    await page.goto(`${place.url}/kiosk`);
    await page.getByLabel('Pairing code').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Pairing code').fill('WRONG');
    await page.getByRole('button', { name: 'Pair' }).click();
    await page.getByText('This code is not valid').waitFor();
    expect(await violations(page)).toEqual([]);
    await pairKiosk(page, place);
    await outcome(page);
    expect(await violations(page)).toEqual([]);
    await says(page, 'Next person, please');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Scan my badge' }).click();
    await says(page, 'Hold the code of your badge');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Type my number' }).click();
    await page.getByLabel('Employee number').fill('NOBODY');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    expect(await outcome(page)).toContain('This number does not exist');
    expect(await violations(page)).toEqual([]);
    await place.network.down();
    try {
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await page.getByText('1 punch is waiting to be sent').waitFor();
      expect(await violations(page)).toEqual([]);
    } finally {
      await place.network.up();
    }
  });

  it.each(['light', 'dark'] as const)(
    'are read by axe without a violation: the desk and the board, %s',
    async (colorScheme) => {
      const { page } = await open({ film: HOPPER, reducedMotion: true, colorScheme });
      await page.goto(`${place.url}/enrol`);
      await page.getByLabel('Key', { exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
      await signIn(page, place, '/enrol');
      await fillIn(page, 'Grace’s twin', 'GH-2', 1);
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Enrol', exact: true }).click();
      await page.getByText('It matches Grace Hopper').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: /Grace Hopper\s*GH-1906/ }).click();
      await page.getByRole('button', { name: 'Replace face' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Deactivate' }).click();
      await page.getByText('Deactivate Grace Hopper?').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.goto(`${place.url}/board`);
      await page.getByText('Live', { exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
    },
  );

  it('work by keyboard alone: pairing, and a check by number', async () => {
    const { page } = await open({ film: HOPPER });
    const code = await place.pairingCode();
    await page.goto(`${place.url}/kiosk`);
    await page.getByLabel('Pairing code').waitFor();
    await tabTo(page, ({ label }) => label === 'Pairing code');
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await outcome(page);
    await says(page, 'Next person, please');
    await tabTo(page, ({ text }) => text === 'Type my number');
    await page.keyboard.press('Enter');
    // The field has the focus before the next key.
    await page.keyboard.type('GH-1906');
    await page.keyboard.press('Enter');
    expect(await outcome(page)).toMatch(/Grace Hopper/);
  });

  it('work by keyboard alone: enrolling somebody', async () => {
    const { page } = await open({ film: [{ show: 'eileen-collins.jpg', seconds: 2 }] });
    await page.goto(`${place.url}/enrol`);
    await page.getByLabel('Key', { exact: true }).waitFor();
    await tabTo(page, ({ label }) => label === 'Key');
    await page.keyboard.type(ADMIN_KEY);
    await page.keyboard.press('Enter');
    await page.locator('.desk-header').waitFor();
    for (const [field, text] of [
      ['Name', 'Eileen Collins'],
      ['Employee number', 'EC-1956'],
    ] as const) {
      await tabTo(page, ({ label }) => label === field);
      await page.keyboard.type(text);
    }
    await tabTo(page, ({ label }) => label.startsWith('The person has read'));
    await page.keyboard.press('Space');
    await page.locator('button:enabled', { hasText: 'Take photo 1' }).waitFor();
    await tabTo(page, ({ text }) => text === 'Take photo 1');
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: 'Photo 1' }).waitFor();
    await tabTo(page, ({ text }) => text === 'Enrol');
    await page.keyboard.press('Enter');
    await page.getByText('Eileen Collins is enrolled').waitFor();
  });

  it('speak to screen readers: guidance as status, an outcome as alert, neither without words', async () => {
    const { page } = await open({
      film: [
        { show: null, seconds: 2 },
        { show: 'grace-hopper.jpg', seconds: 4 },
      ],
    });
    await pairKiosk(page, place);
    await page.getByRole('status').filter({ hasText: 'Stand in front of the camera' }).waitFor();
    const alert = page.getByRole('alert');
    await alert.filter({ hasText: /Grace Hopper\s*(Login|Logout) \d\d:\d\d/ }).waitFor();
    // Not read out twice: the picture of the camera and the shape are not for them.
    expect(await page.locator('video').getAttribute('aria-hidden')).toBe('true');
    expect(await page.locator('.outcome svg').getAttribute('aria-hidden')).toBe('true');
    await page
      .getByRole('status')
      .filter({ hasText: /Next person|Stand in front/ })
      .first()
      .waitFor();
  });

  it.each([
    [true, 0],
    [false, 1],
  ])('move nothing where less motion is wanted (%s)', async (reducedMotion, least) => {
    const { page } = await open({ film: HOPPER, reducedMotion });
    await page.addInitScript(() => {
      const seen = { animations: 0 };
      Object.assign(globalThis, { seen });
      for (const name of ['animationstart', 'transitionrun']) {
        addEventListener(name, () => seen.animations++, true);
      }
    });
    await pairKiosk(page, place);
    await outcome(page);
    await page.locator('.outcome').waitFor({ state: 'detached' });
    const count = await page.evaluate(
      () => (globalThis as unknown as { seen: { animations: number } }).seen.animations,
    );
    expect(Math.min(count, 1)).toBe(least);
  });

  it('read from right to left in Arabic, with the time of the office', async () => {
    const { page } = await open({ film: HOPPER });
    await pairKiosk(page, place, '?lang=ar');
    expect(await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang])).toEqual([
      'rtl',
      'ar',
    ]);
    const where = await page.locator('.bar .place').boundingBox();
    const clock = await page.locator('.bar .clock').boundingBox();
    expect(where?.x).toBeGreaterThan(clock?.x ?? Infinity);
    expect(await outcome(page)).toMatch(/Grace Hopper/);
    expect((await page.screenshot()).length).toBeGreaterThan(10_000);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(await violations(page)).toEqual([]);
  });

  it.each([
    ['es', 'fr'],
    ['de', 'ar'],
  ])('speak %s and %s on every page', async (...languages) => {
    const { page } = await open();
    const titles = new Set<string>();
    for (const language of languages) {
      for (const path of ['/kiosk', '/enrol', '/board']) {
        await page.goto(`${place.url}${path}?lang=${language}`);
        titles.add(await page.locator('h1').innerText());
        expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      }
    }
    expect(titles.size).toBe(languages.length * 3);
  });
});
