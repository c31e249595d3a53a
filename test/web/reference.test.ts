/** Real: the service, Chromium, the page as it was built, axe. */
import { TestService } from '../support/service';
import { violations } from '../support/web/axe';
import { type Visit, type VisitOptions } from '../support/web/browser';
import { closingVisits } from '../support/web/closing-visits';
import { describeInBrowser } from '../support/web/describe';

describeInBrowser('the schema reference in a browser', () => {
  let service: TestService;
  const visit = closingVisits();
  const open = async (hash = '', options: VisitOptions = {}): Promise<Visit> => {
    const opened = await visit({ film: null, ...options });
    await opened.page.goto(`${service.url}/reference${hash}`);
    return opened;
  };

  beforeAll(async () => {
    service = await TestService.start();
  });
  afterAll(() => service.stop());

  it('filters by every word, and shows again what a link leads to', async () => {
    const { page, errors, requests } = await open();
    const article = (id: string) => page.locator(`article[id="${id}"]`);
    await page.getByLabel('Filter').fill('geofence  LATITUDE');
    await article('Query.auditLog').waitFor({ state: 'hidden' });
    expect(await article('CreateOfficeInput').isVisible()).toBe(true);
    expect(await page.getByRole('heading', { name: 'Subscriptions' }).count()).toBe(0);
    expect(await page.getByRole('status').textContent()).toMatch(/^\d+ of \d{3} elements$/);
    await page.evaluate(() => location.assign('#Query.auditLog'));
    await article('Query.auditLog').waitFor();
    expect(await page.getByLabel('Filter').inputValue()).toBe('');
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(service.url))).toEqual([]);
  });

  it('shows everything without JavaScript, and no box that does nothing', async () => {
    const { context } = await open();
    const browser = context.browser();
    const plain = await (
      browser === null ? context : await browser.newContext({ javaScriptEnabled: false })
    ).newPage();
    await plain.goto(`${service.url}/reference`);
    expect(await plain.locator('article').count()).toBeGreaterThan(100);
    expect(await plain.getByLabel('Filter').isVisible()).toBe(false);
  });

  it.each(['light', 'dark'] as const)('has no fault of axe in %s', async (colorScheme) => {
    const { page } = await open('', { colorScheme });
    // Every kind of element is among them; axe takes half a minute for all.
    await page.getByLabel('Filter').fill('createChallenge');
    await page.getByRole('status').filter({ hasText: 'elements' }).waitFor();
    await page.locator('details').filter({ visible: true }).first().locator('summary').click();
    expect(await violations(page)).toEqual([]);
  });

  it('fits a phone', async () => {
    const { page } = await open('#CheckAttendanceInput', { viewport: { width: 360, height: 800 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});
