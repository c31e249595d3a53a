/** Real: the service, Chromium with its service worker, IndexedDB and WebCrypto. Fake: the film, a network that is cut. */
import { describeInBrowser } from '../support/web/describe';
import { type Visit, visit } from '../support/web/browser';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk, says } from '../support/web/kiosk-page';

// A browser, a camera and two models share two cores with other suites: what is late once is tried again, and logged.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

describeInBrowser('the kiosk without network', () => {
  let place: Installation;
  let opened: Visit;

  beforeEach(async () => {
    place = await Installation.start();
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
  });
  afterEach(async () => {
    await opened.close();
    await place.stop();
  });

  it('loads, saves punches encrypted, says how many wait, and sends each once, in order, when the network is back', async () => {
    opened = await visit({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    const { page } = opened;
    await pairKiosk(page, place.api);
    await outcome(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await place.api.down();

    await page.reload();
    expect(await outcome(page)).toMatch(/^Saved\s+\d\d:\d\d\. It is sent as soon as the network is back/);
    await page.getByText('Offline', { exact: true }).waitFor();
    await page.getByText('1 punch waits to be sent').waitFor();
    // The second one is for a number that nobody has: it is refused later, and somebody has to know.
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByRole('button', { name: 'Type my number' }).click();
    await page.getByLabel('Employee number').fill('NOBODY');
    await page.keyboard.press('Enter');
    await page.getByText('2 punches wait to be sent').waitFor();
    await outcome(page);
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('3 punches wait to be sent').waitFor();
    expect(await plainTextWaits(page)).toBe(false);

    // The first answer is lost: it is not known whether the punch was recorded, so it is sent again.
    place.api.loseAnswers = 1;
    await place.api.up();
    await page.getByText('1 saved punch was refused').waitFor({ timeout: 45_000 });
    await page.getByText(/wait(s)? to be sent/).waitFor({ state: 'detached', timeout: 45_000 });
    await page.getByText('Offline', { exact: true }).waitFor({ state: 'detached' });

    expect((await place.punches()).map(({ type }) => type)).toEqual(['LOGIN', 'LOGOUT', 'LOGIN']);
    const { captured } = place.api;
    expect(captured).toHaveLength(4);
    const [first, again, second, third] = captured;
    expect(again).toEqual(first);
    expect(new Set(captured.map(({ requestId }) => requestId)).size).toBe(3);
    const moments = [first, second, third].map((check) => check?.capturedAt ?? '');
    expect(moments).toEqual([...moments].sort());
    expect(Date.now() - Date.parse(moments[0] as string)).toBeLessThan(120_000);

    await page.getByText('1 saved punch was refused').click();
    await page.getByText('NOBODY (EMPLOYEE_NOT_FOUND)').waitFor();
    await page.getByRole('button', { name: 'Clear this list' }).click();
    await page.getByText('1 saved punch was refused').waitFor({ state: 'detached' });
  });

  it('saves nothing where a challenge is required, and says so', async () => {
    place.api.settings = { ...place.api.settings, requireChallenge: true };
    opened = await visit({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    const { page } = opened;
    await pairKiosk(page, place.api);
    await outcome(page);
    await place.api.down();
    await page.getByRole('button', { name: 'Next person' }).click();
    expect(await outcome(page)).toMatch(/No network[\s\S]*cannot check anybody/);
    await place.api.up();
    await says(page, 'No network');
    await page.getByRole('button', { name: 'Try again' }).click();
    expect(await outcome(page)).toMatch(/Grace Hopper/);
  });

  it('keeps what waits when its key is revoked meanwhile, and sends it once it is paired again', async () => {
    opened = await visit({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    const { page } = opened;
    await pairKiosk(page, place.api);
    await outcome(page);
    await place.api.down();
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('1 punch waits to be sent').waitFor();
    place.api.kioskKeys.clear();
    await place.api.up();
    await page.getByText('This tablet has been unpaired').waitFor({ timeout: 30_000 });
    await pairKiosk(page, place.api);
    await page.waitForFunction(() => document.querySelector('.badge.waiting') === null);
    // Whoever stands there when it is paired again waits in line behind her; each is sent once.
    const sent = place.api.captured.map(({ requestId }) => requestId);
    expect(sent.length).toBeGreaterThan(0);
    expect(new Set(sent).size).toBe(sent.length);
  });
});

/** Whether anything of what waits can be read without the browser's key. */
async function plainTextWaits(page: Visit['page']): Promise<boolean> {
  return await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('rollcall-kiosk');
      request.onsuccess = () => resolve(request.result);
    });
    const all = await new Promise<{ data: ArrayBuffer }[]>((resolve) => {
      const request = database.transaction('outbox').objectStore('outbox').getAll();
      request.onsuccess = () => resolve(request.result as { data: ArrayBuffer }[]);
    });
    const texts = all.map(({ data }) => new TextDecoder('latin1').decode(data));
    return texts.length !== 3 || texts.some((text) => text.includes('requestId') || text.includes('JFIF'));
  });
}
