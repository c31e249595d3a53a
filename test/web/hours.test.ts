// cspell:ignore suchen Monat Schicht abzüglich Stunden
/** Real: the service, Chromium, the built page, axe. Fake: nothing. */
import { readFileSync } from 'node:fs';
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
/** The last Sunday of October that is over: the clocks of Berlin were set back. */
const AUTUMN = ((): string => {
  for (let days = -2; ; days -= 1) {
    const [, month, day] = dateOf(days).split('-').map(Number) as [number, number, number];
    if (month === 10 && day > 24 && new Date(dateOf(days)).getUTCDay() === 0) return dateOf(days);
  }
})();

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

  it('takes times by the clocks of the office, also if they are changed', async () => {
    // The browser is in Tokyo, the office in Berlin.
    const page = await open();
    await page.getByLabel('Date', { exact: true }).fill(PAST);
    await page.locator('.late', { hasText: 'Grace Hopper' }).waitFor();
    const entry = page.locator('.late .entry');
    await entry.getByRole('button', { name: 'Correct the day of Grace Hopper' }).click();
    const time = entry.getByLabel('Time (Europe/Berlin)');
    expect(await time.inputValue()).toMatch(new RegExp(`^${PAST}T(07:00|15:30)$`));

    await time.fill('2026-03-29T02:30');
    await entry.getByText('The clocks of Europe/Berlin skip this time').waitFor();
    expect(await time.getAttribute('aria-invalid')).toBe('true');
    expect(await violations(page)).toEqual([]);

    const asked = async (): Promise<string | undefined> => {
      const sent = page.waitForRequest((request) => (request.postData() ?? '').includes('recordedAt":'));
      await entry.getByRole('button', { name: 'Preview: add punch' }).click();
      return /"recordedAt":"([^"]*)"/.exec((await sent).postData() ?? '')?.[1];
    };
    await time.fill(`${AUTUMN}T02:30`);
    const which = entry.getByLabel('this time occurs twice');
    expect(await which.inputValue()).toBe('first');
    expect(await asked()).toBe(`${AUTUMN}T00:30:00.000Z`);
    await entry.getByText(new RegExp(`${AUTUMN.slice(-2)} Oct, 02:30 \\(Europe/Berlin\\)`)).waitFor();
    expect(await violations(page)).toEqual([]);
    await entry.getByRole('button', { name: 'Cancel' }).click();
    await which.selectOption('second');
    expect(await asked()).toBe(`${AUTUMN}T01:30:00.000Z`);
    await entry.getByRole('button', { name: 'Cancel' }).click();
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
    const download = await downloaded;
    expect(download.suggestedFilename()).toMatch(/^timesheet-days Head office .*\.csv$/);
    await page.getByText('Saved: timesheet-days Head office').waitFor();
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toMatch(/^\uFEFFemployee_id,.*\r\nEC-1956,.*\r\n$/s);
  });

  it('shows how far a download is, ends it on request, and says if it broke off', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Files' }).click();
    const start = page.getByRole('button', { name: 'Download' });
    try {
      place.network.reports = 'stall';
      await start.click();
      await page.getByText('0 of 2 people').waitFor();
      expect(await page.getByRole('progressbar', { name: 'Download' }).getAttribute('max')).toBe('2');
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await start.waitFor();
      expect((await page.locator('.files [role=alert]').textContent())?.trim()).toBe('');

      place.network.reports = 'break';
      await start.click();
      await page.getByText('The download broke off.').waitFor();
      await start.waitFor();
    } finally {
      place.network.reports = 'pass';
    }
    const downloaded = page.waitForEvent('download');
    await start.click();
    await downloaded;
  });

  it('explains figures in the language of the page', async () => {
    const { page } = opened;
    await page.goto(`${place.url}/hours?lang=de`);
    await page.locator('input[type=password]').fill('an-admin-key-for-the-tests');
    await page.locator('button.primary').click();
    await page.getByRole('button', { name: 'Person', exact: true }).click();
    await page.getByLabel('Person suchen').fill('hop');
    await page.getByRole('button', { name: 'Grace Hopper (GH-1906)' }).click();
    await page.getByLabel('Monat').fill(PAST.slice(0, 7));
    const row = page.locator('tbody', { has: page.locator('tr.present, tr.incomplete') });
    await row.getByRole('button').first().click();
    await row.getByText('Schicht von 07:00 bis 15:30, abzüglich 0:30 Stunden Pause.').waitFor();
    expect(await row.locator('.steps [lang=en]').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
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

  it("begins with the office's today, not the computer's", async () => {
    // It is Tuesday in Tokyo, where the browser is, and in Auckland, and still Monday in Berlin.
    await opened.page.clock.setFixedTime('2026-03-02T16:30:00Z');
    const page = await open();
    const date = page.getByLabel('Date', { exact: true });
    await date.waitFor();
    expect(await date.inputValue()).toBe('2026-03-02');
    const { createOffice } = await place.ask<{ createOffice: { id: string } }>(
      'mutation { createOffice(input: { name: "Auckland", timeZone: "Pacific/Auckland" }) { id } }',
    );
    await page.reload();
    // Offices in two zones: the computer's today, until one is chosen.
    await page.waitForFunction(() => document.querySelectorAll('.office option').length === 3);
    expect(await date.inputValue()).toBe('2026-03-03');
    await page.getByLabel('Office').selectOption({ label: 'Head office' });
    expect(await date.inputValue()).toBe('2026-03-02');
    await page.getByLabel('Office').selectOption({ label: 'Auckland' });
    expect(await date.inputValue()).toBe('2026-03-03');
    await page.getByRole('button', { name: 'Files' }).click();
    expect(await page.getByLabel('Last day').inputValue()).toBe('2026-03-03');
    await place.ask('mutation ($id: ID!) { deleteOffice(id: $id) }', { id: createOffice.id });
  });
});
