/** Real: the service, Chromium, the built page, axe. Fake: nothing. */
import { violations } from '../support/web/axe';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { signIn } from '../support/web/desk-page';
import { Installation } from '../support/web/installation';
import { planWork } from '../support/web/planned-work';

const DAY_MS = 86_400_000;
const dateOf = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
/** A day of which everything is over, whatever the time is now. */
const PAST = dateOf(-2);

describeInBrowser('the page of hours', () => {
  let place: Installation;
  let opened: Visit;

  beforeAll(async () => {
    place = await Installation.start();
    await planWork(place, PAST);
  });
  beforeEach(async () => {
    opened = await visit({});
  });
  afterEach(() => opened.close());
  afterAll(() => place.stop());

  const open = async (path: `/hours${string}` = '/hours') => {
    await signIn(opened.page, place, path);
    return opened.page;
  };

  it('shows who is late, absent or forgot to punch, and a punch is corrected in two clicks with a preview', async () => {
    const page = await open();
    await page.getByLabel('Date', { exact: true }).fill(PAST);
    await page.locator('.missing', { hasText: 'Grace Hopper' }).waitFor();
    await page.locator('.absent', { hasText: 'Eileen Collins' }).waitFor();
    await page.locator('.late', { hasText: 'Grace Hopper' }).waitFor();
    expect(await violations(page)).toEqual([]);

    const entry = page.locator('.missing .entry');
    await entry.getByRole('button', { name: 'Correct the day of Grace Hopper' }).click();
    expect(await entry.getByLabel('Direction').inputValue()).toBe('LOGOUT');
    expect(await violations(page)).toEqual([]);
    await entry.getByRole('button', { name: 'Preview: add punch' }).click();
    await entry.getByText(/Incomplete 0:00 becomes Present \d:\d\d/).waitFor();
    expect(await violations(page)).toEqual([]);
    await entry.getByRole('button', { name: 'Apply' }).click();
    await page.locator('.missing', { hasText: 'Nobody' }).waitFor();
  });

  it("shows a person's month, and opens a day to what its figures are made of, by the keyboard", async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Person', exact: true }).click();
    await page.getByLabel('Find a person').fill('hop');
    await page.getByRole('button', { name: 'Grace Hopper (GH-1906)' }).press('Enter');
    await page.getByLabel('Month').fill(PAST.slice(0, 7));
    const row = page.locator('tbody', { has: page.locator('tr.present, tr.incomplete') });
    const button = row.getByRole('button').first();
    await button.press('Enter');
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    await row.locator('.steps', { hasText: 'Planned' }).waitFor();
    await page
      .getByRole('img', { name: /Worked \d:\d\d of 8:00 planned/ })
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('shows who is in the building, and makes files', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'In the building' }).click();
    await page.locator('.office select').selectOption({ label: 'Head office' });
    await page.getByRole('heading', { name: /^Unsure/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Files' }).click();
    expect(await violations(page)).toEqual([]);
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await downloaded).suggestedFilename()).toMatch(/^timesheet-days Head office .*\.csv$/);
  });

  it.each(['de', 'es', 'fr', 'ar'])(
    'speaks %s, from right to left where it is written so',
    async (language) => {
      const { page } = opened;
      await page.goto(`${place.url}/hours?lang=${language}`);
      await page.locator('input[type=password]').fill('an-admin-key-for-the-tests');
      await page.locator('button.primary').click();
      await page.locator('.kinds').waitFor();
      expect(await page.evaluate(() => document.documentElement.dir)).toBe(language === 'ar' ? 'rtl' : 'ltr');
      expect(await violations(page)).toEqual([]);
      // Nothing wider than the window.
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    },
  );
});
