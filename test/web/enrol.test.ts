/** Real: the service and its face engine, Chromium, the built page. Fake: the camera's film. */
import { describeInBrowser } from '../support/web/describe';
import { type Visit, visit } from '../support/web/browser';
import { ADMIN_KEY, Installation } from '../support/web/installation';

// A browser, a camera and two models share two cores with other suites: what is late once is tried again, and logged.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

describeInBrowser('the enrolment desk', () => {
  let place: Installation;
  const visits: Visit[] = [];

  const open = async (show: string): Promise<Visit['page']> => {
    const opened = await visit({ film: [{ show, seconds: 2 }] });
    visits.push(opened);
    const { page } = opened;
    await page.goto(`${place.api.url}/enrol`);
    await page.getByLabel('Key', { exact: true }).fill(ADMIN_KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Enrolment' }).waitFor();
    return page;
  };
  const fillIn = async (page: Visit['page'], name: string, employeeId: string): Promise<void> => {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Employee number').fill(employeeId);
    await page.locator('.fields select').selectOption({ label: 'Head office' });
    await page.getByLabel('The person has read this text and agrees').check();
    for (const number of [1, 2, 3]) {
      await page.getByRole('button', { name: `Take photo ${number}` }).click();
      await page.getByRole('img', { name: `Photo ${number}` }).waitFor();
    }
  };

  beforeAll(async () => {
    place = await Installation.start();
  });
  afterEach(async () => {
    await Promise.all(visits.splice(0).map((opened) => opened.close()));
  });
  afterAll(() => place.stop());

  it('lets nobody in with a wrong key', async () => {
    const opened = await visit({});
    visits.push(opened);
    await opened.page.goto(`${place.api.url}/enrol`);
    await opened.page.getByLabel('Key', { exact: true }).fill('not-the-key');
    await opened.page.getByRole('button', { name: 'Sign in' }).click();
    await opened.page.getByText('This key is not valid').waitFor();
  });

  it('enrols with consent and three photos, shows the card, and lists the person with a thumbnail', async () => {
    const page = await open('grace-hopper.jpg');
    // No photo is taken of somebody who has not agreed.
    expect(await page.locator('video').count()).toBe(0);
    await fillIn(page, 'Grace Hopper', 'GH-1906');
    expect(await page.locator('figure.good').count()).toBe(3);
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('Grace Hopper is enrolled').waitFor();
    await page.getByText('1 person').waitFor();
    const thumbnail = page.locator('.people img.photo');
    await thumbnail.waitFor();
    expect(await thumbnail.getAttribute('src')).toMatch(/^blob:/);
    const { employee } = await place.ask<{ employee: { faceTemplates: unknown[]; office: object } }>(
      '{ employee(employeeId: "GH-1906") { faceTemplates { id } office { name } } }',
    );
    expect(employee.faceTemplates).toHaveLength(3);
    expect(employee.office).toEqual({ name: 'Head office' });
    // The key is of this tab only.
    expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, '']);
    await page.getByLabel('Search by name or number').fill('nobody of that name');
    await page.getByText('Nobody found').waitFor();
  });

  it('shows whose face it is already, and enrols a twin only after an explicit decision', async () => {
    const page = await open('grace-hopper-3.jpg');
    await fillIn(page, 'Grace’s twin', 'GH-2');
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('It matches Grace Hopper (GH-1906)').waitFor();
    const override = page.getByRole('button', { name: 'Enrol in spite of it' });
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
  });

  it('adds photos to somebody and replaces a face', async () => {
    const page = await open('grace-hopper-2.jpg');
    await page.getByRole('button', { name: /GH-1906/ }).click();
    await page.getByText('3 faces').waitFor();
    await page.getByRole('button', { name: 'Add photos' }).click();
    await page.getByRole('button', { name: 'Take photo 1' }).click();
    await page.getByRole('img', { name: 'Photo 1' }).waitFor();
    await page.getByRole('button', { name: 'Add photos' }).click();
    // Her twin has the same face by now.
    await page.getByText('This face is already enrolled').waitFor();
    await page.getByLabel('They are two different people who look alike').check();
    await page.getByRole('button', { name: 'Enrol in spite of it' }).click();
    await page.getByText('4 faces').waitFor();
    await page.getByRole('button', { name: 'Replace face' }).click();
    await page.getByText('All faces of this person are removed').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  it('speaks the language of the person', async () => {
    const page = await open('grace-hopper.jpg');
    await page.getByLabel('Language').selectOption({ label: 'Deutsch' });
    await page.getByRole('heading', { name: 'Erfassung' }).waitFor();
    expect(page.url()).toContain('lang=de');
  });
});
