/** Real: the service and its face engine, Chromium, the built page. Fake: nothing. */
import { base64Photo } from '../support/photos';
import { violations } from '../support/web/axe';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { signIn } from '../support/web/desk-page';
import { Installation } from '../support/web/installation';

/** Too old for a saved check: HR decides. */
const AGO_MS = 20 * 3_600_000;

describeInBrowser('saved punches to review', () => {
  let place: Installation;
  let opened: Visit;

  beforeAll(async () => {
    place = await Installation.withGrace();
  });
  beforeEach(async () => {
    opened = await visit({});
  });
  afterEach(() => opened.close());
  afterAll(() => place.stop());

  /** A check that was saved long ago, and its card on the page. */
  async function review(requestId: string): Promise<Date> {
    await place.service.sql('DELETE FROM attendances');
    const capturedAt = new Date(Date.now() - AGO_MS);
    const input = {
      ...{
        employeeId: 'GH-1906',
        officeId: place.office.id,
        requestId,
        capturedAt: capturedAt.toISOString(),
      },
      imageBase64: base64Photo('grace-hopper.jpg'),
    };
    const { checkAttendance } = await place.ask<{ checkAttendance: { status: string } }>(
      'mutation ($input: CheckAttendanceInput!) { checkAttendance(input: $input) { status } }',
      { input },
    );
    expect(checkAttendance.status).toBe('REVIEW');
    await signIn(opened.page, place, '/enrol');
    await opened.page.getByRole('button', { name: /^1 punch/ }).click();
    await opened.page.locator('form.review').waitFor();
    return capturedAt;
  }
  /** YYYY-MM-DDTHH:MM in Berlin, where the office is; the browser is in Tokyo. */
  const berlin = (moment: Date): string =>
    new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Europe/Berlin' })
      .format(moment)
      .replace(' ', 'T');
  async function accept(): Promise<string | undefined> {
    const { page } = opened;
    await page.getByLabel('Direction').selectOption('LOGIN');
    await page.getByLabel('Reason').fill('Seen at work');
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.locator('form.review').waitFor({ state: 'detached' });
    return (await place.punches()).at(-1)?.recordedAt;
  }

  it('have the time of the office, which is kept to the millisecond', async () => {
    const captured = await review('first');
    const { page } = opened;
    expect(await page.getByLabel('Time (Europe/Berlin)').inputValue()).toBe(berlin(captured));
    expect(await page.locator('form.review p').first().innerText()).toContain('(Europe/Berlin)');
    expect(await violations(page)).toEqual([]);
    expect(await accept()).toBe(captured.toISOString());
  });

  it('take another time by the clocks of the office', async () => {
    const captured = await review('second');
    const earlier = new Date(Math.floor(captured.getTime() / 60_000) * 60_000 - 3_600_000);
    await opened.page.getByLabel('Time (Europe/Berlin)').fill(berlin(earlier));
    expect(await accept()).toBe(earlier.toISOString());
  });
});
