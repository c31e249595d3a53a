/** Real: the service and its streams, Chromium, the built page. Fake: a network that is cut, or lets no stream through. */
import { createKey, Speaker } from '../support/access';
import { base64Photo } from '../support/photos';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { signIn } from '../support/web/desk-page';
import { ADMIN_KEY, Installation } from '../support/web/installation';
import { until } from '../support/until';

const CHECK = 'mutation ($input: CheckAttendanceInput!) { checkAttendance(input: $input) { status } }';
/** Only the stream is so quick: where it is live the board asks once a minute. */
const LIVE_MS = 20_000;

describeInBrowser('the board', () => {
  let place: Installation;
  let opened: Visit;

  const open = async (path: `/board${string}` = '/board', key?: string): Promise<Visit['page']> => {
    opened = await visit({});
    await signIn(opened.page, place, path, key);
    await opened.page.getByRole('heading', { name: 'Who is here' }).waitFor();
    return opened.page;
  };
  /** A check as a kiosk sends it, past the browser's network. */
  const punch = async (employeeId: string, more: object = {}): Promise<void> => {
    const photo = employeeId === 'GH-1906' ? 'grace-hopper.jpg' : 'eileen-collins.jpg';
    const input = { employeeId, imageBase64: base64Photo(photo), ...more };
    const { checkAttendance } = await place.ask<{ checkAttendance: { status: string } }>(CHECK, { input });
    expect(checkAttendance.status).toBe('RECORDED');
  };
  const isLive = (page: Visit['page']): Promise<void> => page.getByText('Live', { exact: true }).waitFor();

  beforeEach(async () => {
    place = await Installation.start();
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
    await place.enrol('Eileen Collins', 'EC-1956', 'eileen-collins-2.jpg');
  });
  afterEach(async () => {
    await opened.close();
    await place.stop();
  });

  it('shows who is in, then who comes and goes, at once, reads it out, and catches up after the stream broke off', async () => {
    await punch('GH-1906');
    const page = await open();
    await page.locator('.in li', { hasText: 'Grace Hopper' }).waitFor();
    await isLive(page);
    await punch('EC-1956');
    await page.locator('.in li', { hasText: 'Eileen Collins' }).waitFor({ timeout: LIVE_MS });
    const announced = page.locator('[aria-live=polite]');
    await announced.filter({ hasText: /^Eileen Collins: Login \d\d:\d\d$/ }).waitFor({ state: 'attached' });
    await punch('GH-1906');
    await page.locator('.out li', { hasText: 'Grace Hopper' }).waitFor({ timeout: LIVE_MS });
    expect(await page.locator('.in .count').innerText()).toBe('1');

    // What happens while the connection is away is seen afterwards.
    await place.network.down();
    await page.getByText('Reconnecting').waitFor();
    await punch('GH-1906');
    await place.network.up();
    await page.locator('.in li', { hasText: 'Grace Hopper' }).waitFor({ timeout: LIVE_MS });
    await isLive(page);
    // And the new stream is one.
    await punch('EC-1956');
    await page.locator('.out li', { hasText: 'Eileen Collins' }).waitFor({ timeout: LIVE_MS });
  });

  it('goes on after the service was restarted', async () => {
    const page = await open();
    await isLive(page);
    await place.restart();
    await punch('GH-1906');
    await page.locator('.in li', { hasText: 'Grace Hopper' }).waitFor({ timeout: LIVE_MS });
    await isLive(page);
    await punch('GH-1906');
    await page.locator('.out li', { hasText: 'Grace Hopper' }).waitFor({ timeout: LIVE_MS });
  });

  it('asks every few seconds if a proxy lets no stream through', async () => {
    place.network.streams = false;
    const page = await open();
    await page.getByText('Updated every few seconds').waitFor();
    await punch('EC-1956');
    await page.locator('.in li', { hasText: 'Eileen Collins' }).waitFor({ timeout: LIVE_MS });
  });

  it('asks for a key again once its own is revoked, also while it watches', async () => {
    const admin = new Speaker(place.service, ADMIN_KEY);
    const { id, secret } = await createKey(admin, { role: 'VIEWER' });
    const page = await open('/board', secret);
    await isLive(page);
    await admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id });
    await page.getByLabel('Key', { exact: true }).waitFor({ timeout: LIVE_MS });
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  it('shows one office if it is asked for it, and marks what was made offline, at its time', async () => {
    const admin = new Speaker(place.service, ADMIN_KEY);
    const { createOffice } = await admin.ask<{ createOffice: { id: string } }>(
      'mutation { createOffice(input: { name: "Lima", timeZone: "America/Lima" }) { id } }',
    );
    await admin.ask('mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }', {
      input: { employeeId: 'EC-1956', officeId: createOffice.id },
    });
    const page = await open(`/board?office=${createOffice.id}`);
    await isLive(page);
    await punch('GH-1906');
    // Nobody punches before they are enrolled.
    await place.service.sql(`UPDATE employees SET created_at = created_at - interval '1 day'`);
    const capturedAt = new Date(Date.now() - 2 * 3_600_000);
    await punch('EC-1956', { capturedAt: capturedAt.toISOString(), requestId: 'offline' });
    const line = page.locator('.last li');
    await line.first().waitFor({ timeout: LIVE_MS });
    await until(
      () => line.allInnerTexts(),
      ({ length }) => length === 1,
    );
    const lima = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'America/Lima',
    }).format(capturedAt);
    expect(await line.innerText()).toMatch(new RegExp(`Eileen Collins[\\s\\S]*made offline[\\s\\S]*${lima}`));
  });
});
