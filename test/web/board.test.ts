/** Real: the service, Chromium, the built page. Fake: the stream of the planned API, which is dropped and taken away. */
import { describeInBrowser } from '../support/web/describe';
import { type Visit, visit } from '../support/web/browser';
import { ADMIN_KEY, Installation } from '../support/web/installation';
import { base64Photo } from '../support/photos';

// A browser, a camera and two models share two cores with other suites: what is late once is tried again, and logged.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

const CHECK = `mutation ($input: CheckAttendanceInput!) {
  checkAttendance(input: $input) {
    status
    ... on AttendanceRecorded {
      attendance { id type recordedAt employee { employeeId name } office { id name timeZone } }
    }
  }
}`;

describeInBrowser('the board', () => {
  let place: Installation;
  let opened: Visit;

  const open = async (): Promise<Visit['page']> => {
    opened = await visit({});
    const { page } = opened;
    await page.goto(`${place.api.url}/board`);
    await page.getByLabel('Key', { exact: true }).fill(ADMIN_KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Who is here' }).waitFor();
    return page;
  };
  /** A check as a kiosk sends it, past the board's own server or through it. */
  const punch = async (employeeId: string, through = place.api.url): Promise<void> => {
    const photo = employeeId === 'GH-1906' ? 'grace-hopper.jpg' : 'eileen-collins.jpg';
    const variables = { input: { employeeId, imageBase64: base64Photo(photo) } };
    const response = await fetch(`${through}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` },
      body: JSON.stringify({ query: CHECK, variables }),
    });
    expect(await response.text()).toContain('"RECORDED"');
  };

  beforeAll(async () => {
    place = await Installation.start();
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
    await place.enrol('Eileen Collins', 'EC-1956', 'eileen-collins-2.jpg');
  });
  afterEach(async () => {
    place.api.streams = true;
    await opened.close();
  });
  afterAll(() => place.stop());

  it('shows who is in, then who comes and goes, at once, and catches up after the stream broke off', async () => {
    await punch('GH-1906');
    const page = await open();
    await page.locator('.in li', { hasText: 'Grace Hopper' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const begin = Date.now();
    await punch('EC-1956');
    await page.locator('.in li', { hasText: 'Eileen Collins' }).waitFor();
    expect(Date.now() - begin).toBeLessThan(4000);
    await punch('GH-1906');
    await page.locator('.out li', { hasText: 'Grace Hopper' }).waitFor();
    expect(await page.locator('.in .count').innerText()).toBe('1');

    // What happens while the connection is away is seen afterwards.
    await place.api.down();
    await page.getByText('Reconnecting').waitFor();
    await punch('GH-1906', place.service.url);
    await place.api.up();
    await page.locator('.in li', { hasText: 'Grace Hopper' }).waitFor({ timeout: 15_000 });
    await page.getByText('Live', { exact: true }).waitFor();
    // And the new stream is one.
    await punch('EC-1956');
    await page.locator('.out li', { hasText: 'Eileen Collins' }).waitFor({ timeout: 4000 });
  });

  it('asks every few seconds where the server cannot stream', async () => {
    place.api.streams = false;
    const page = await open();
    await page.getByText('Updated every few seconds').waitFor();
    const before = await page.locator('.last li').count();
    await punch('EC-1956', place.service.url);
    await page.locator('.last li').nth(before).waitFor({ timeout: 15_000 });
  });
});
