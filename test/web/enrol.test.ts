/** Real: the service and its face engine, Chromium, the built page. Fake: the camera's film. */
import { createHash } from 'node:crypto';
import { violations } from '../support/web/axe';
import type { Visit } from '../support/web/browser';
import { closingVisits } from '../support/web/closing-visits';
import { describeInBrowser } from '../support/web/describe';
import { fillIn, signIn } from '../support/web/desk-page';
import { Installation } from '../support/web/installation';

describeInBrowser('the enrolment desk', () => {
  let place: Installation;
  const visit = closingVisits();

  const open = async (show: string): Promise<Visit['page']> => {
    const opened = await visit({ film: [{ show, seconds: 2 }] });
    await signIn(opened.page, place, '/enrol');
    return opened.page;
  };

  beforeAll(async () => {
    place = await Installation.start({ REQUIRE_CONSENT: 'true' });
  });
  afterAll(() => place.stop());

  it('lets nobody in with a wrong key', async () => {
    const opened = await visit({});
    await opened.page.goto(`${place.url}/enrol`);
    await opened.page.getByLabel('Key', { exact: true }).fill('not-the-key');
    await opened.page.getByRole('button', { name: 'Sign in' }).click();
    await opened.page.getByText('This key is not valid').waitFor();
  });

  it('enrols with consent and three photos, and shows the card', async () => {
    const page = await open('grace-hopper.jpg');
    // No photo is taken of somebody who has not agreed.
    expect(await page.locator('video').count()).toBe(0);
    const text = await page.locator('.consent p').innerText();
    await fillIn(page, 'Grace Hopper', 'GH-1906');
    expect(await page.locator('figure.good').count()).toBe(3);
    const before = Date.now();
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('Grace Hopper is enrolled').waitFor();
    await page.locator('.result img.photo').waitFor();
    expect(await violations(page)).toEqual([]);
    interface Answer {
      readonly employee: {
        readonly faceTemplates: readonly unknown[];
        readonly office: object;
        readonly consent: { readonly version: string; readonly givenAt: string; readonly recordedBy: string };
      };
    }
    const { employee } = await place.ask<Answer>(`{
      employee(employeeId: "GH-1906") {
        faceTemplates { id } office { name } consent { version givenAt recordedBy }
      }
    }`);
    expect(employee.faceTemplates).toHaveLength(3);
    expect(employee.office).toEqual({ name: 'Head office' });
    // Which text it was can be told from the text alone.
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 24);
    expect(employee.consent).toMatchObject({ version: `desk ${digest}`, recordedBy: 'Enrolment desk' });
    expect(Date.parse(employee.consent.givenAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(employee.consent.givenAt)).toBeLessThanOrEqual(Date.now());
    // The key is of this tab only.
    expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, '']);
  });

  it('shows whose face it is already, and enrols a twin only after an explicit decision', async () => {
    const page = await open('grace-hopper-3.jpg');
    await fillIn(page, 'Grace’s twin', 'GH-2');
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('It matches Grace Hopper (GH-1906)').waitFor();
    await page.locator('.duplicate img.photo').waitFor();
    const override = page.getByRole('button', { name: 'Enrol anyway' });
    expect(await override.isDisabled()).toBe(true);
    await page.getByLabel('They are two different people who look alike').check();
    await override.click();
    await page.getByText('Grace’s twin is enrolled').waitFor();
  });

  it('says what is wrong with a photo, before it is sent and after', async () => {
    const page = await open('no-face.jpg');
    await fillIn(page, 'Nobody', 'N-1');
    await page.getByText('I see no face').first().waitFor();
    expect(await page.locator('figure.bad').count()).toBe(3);
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('Photo 1: I see no face').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('says that a number is taken, and enrols under another one without new photos', async () => {
    const page = await open('eileen-collins.jpg');
    await fillIn(page, 'Eileen Collins', 'gh-1906', 1);
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('This number is already in use').waitFor();
    await page.getByLabel('Employee number').fill('EC-1956');
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('Eileen Collins is enrolled').waitFor();
    await page.getByRole('button', { name: 'Enrol the next person' }).click();
    // Consent is one person's: the next one is asked anew.
    expect(await page.getByLabel('The person has read this text and agrees').isChecked()).toBe(false);
    expect(await page.locator('video').count()).toBe(0);
  });

  it('speaks the language of the person', async () => {
    const page = await open('grace-hopper.jpg');
    await page.getByLabel('Language').selectOption({ label: 'Deutsch' });
    await page.getByRole('heading', { name: 'Erfassung' }).waitFor();
    expect(page.url()).toContain('lang=de');
  });
});
