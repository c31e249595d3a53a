/** Real: the service, Chromium, the built page, axe. Fake: nothing. */
import { violations } from '../support/web/axe';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { signIn } from '../support/web/desk-page';
import { Installation } from '../support/web/installation';

const DAY_MS = 86_400_000;
const dateOf = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
/** A day of which everything is over, whatever the time is now. */
const PAST = dateOf(-2);

describeInBrowser('the page of hours', () => {
  let place: Installation;
  let opened: Visit;

  const ask = (query: string, input: object) => place.ask<Record<string, { id: string }>>(query, { input });
  const idOf = async (query: string, input: object): Promise<string> =>
    Object.values(await ask(query, input))[0]?.id ?? '';
  const punch = (employeeId: string, type: string, time: string) =>
    ask('mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) { id } }', {
      ...{ employeeId, type, recordedAt: `${PAST}T${time}:00Z`, reason: 'x' },
    });

  beforeAll(async () => {
    place = await Installation.start();
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
    await place.enrol('Eileen Collins', 'EC-1956', 'eileen-collins-2.jpg');
    for (const employeeId of ['GH-1906', 'EC-1956']) {
      await place.ask(`mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }`, {
        input: { employeeId, employedFrom: '2026-01-01' },
      });
    }
    const shiftId = await idOf('mutation ($input: CreateShiftInput!) { createShift(input: $input) { id } }', {
      ...{ name: 'Day', segments: [{ from: '07:00', to: '15:30' }], breakMinutes: 30 },
    });
    const scheduleId = await idOf(
      'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { id } }',
      { name: 'Every day', cycleDays: 1, anchor: '2024-01-01', days: [{ day: 1, shiftId }] },
    );
    const rulesId = await idOf(
      'mutation ($input: CreateWorkRulesInput!) { createWorkRules(input: $input) { id } }',
      {
        ...{ name: 'DE', preset: 'GERMANY' },
      },
    );
    await ask('mutation ($input: AssignScheduleInput!) { assignSchedule(input: $input) { id } }', {
      ...{ officeId: place.office.id, scheduleId, rulesId, from: '2026-01-01' },
    });
    // Late, and forgot to log out. The other one did not come.
    await punch('GH-1906', 'LOGIN', '09:00');
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
