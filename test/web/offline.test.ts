/** Real: the service, Chromium with its service worker, IndexedDB and WebCrypto. Fake: the film, a network that is cut. */
import { violations } from '../support/web/axe';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { signIn } from '../support/web/desk-page';
import { ADMIN_KEY, Installation } from '../support/web/installation';
import { outcome, pairKiosk, says } from '../support/web/kiosk-page';
import { readCheck } from '../support/web/network';
import { until } from '../support/until';

const HOPPER = [{ show: 'grace-hopper.jpg', seconds: 2 }];

describeInBrowser('the kiosk without network', () => {
  let place: Installation;
  let opened: Visit;

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<Visit['page']> => {
    place = await Installation.start(env);
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
    opened = await visit({ film: HOPPER });
    await pairKiosk(opened.page, place);
    await outcome(opened.page);
    return opened.page;
  };
  afterEach(async () => {
    await opened.close();
    await place.stop();
  });

  it('loads, saves punches encrypted, says how many wait, and sends each once, in order, when the network is back', async () => {
    const page = await start();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await place.network.down();

    await page.reload();
    expect(await outcome(page)).toMatch(/^Saved\s+\d\d:\d\d\. It is sent when the network is back/);
    await page.getByText('Offline', { exact: true }).waitFor();
    await page.getByText('1 punch is waiting to be sent').waitFor();
    // The second one is for a number that nobody has: HR has to decide about it.
    // Not by way of the next person, or her face might be checked before the number is typed.
    await says(page, 'Next person, please');
    await page.getByRole('button', { name: 'Type my number' }).click();
    await page.getByLabel('Employee number').fill('NOBODY');
    await page.keyboard.press('Enter');
    await page.getByText('2 punches are waiting to be sent').waitFor();
    await outcome(page);
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('3 punches are waiting to be sent').waitFor();
    expect(await readableWithoutKey(page, 3)).toEqual([]);

    // The first answer is lost: it is not known whether the punch was recorded, so it is sent again.
    const { network } = place;
    const before = network.checks.length;
    network.loseAnswers = 1;
    await network.up();
    await page.getByText(/waiting to be sent/).waitFor({ state: 'detached' });
    await page.getByText('Offline', { exact: true }).waitFor({ state: 'detached' });

    const sent = await Promise.all(network.checks.slice(before).map(readCheck));
    const [first, again, second, third] = sent.map(
      ({ input }) => input as { requestId: string; capturedAt: string },
    );
    expect(sent).toHaveLength(4);
    // The page was loaded without network: what proves the time is from before.
    for (const { input } of sent) expect(input['timeBeacon']).toMatch(/^\d+\.key:/);
    // With the clock of its own moment.
    expect(again).toEqual({ ...first, deviceTime: expect.any(String) as string });
    expect(new Set(sent.map(({ input }) => input['requestId'])).size).toBe(3);
    const moments = [first, second, third].map((check) => check?.capturedAt ?? '');
    expect(moments).toEqual([...moments].sort());
    // Of the four that were made, the one before the cut and two of those after it are punches, at their own time.
    expect(await place.punches()).toMatchObject([
      { type: 'LOGIN', offline: false },
      { type: 'LOGOUT', offline: true, recordedAt: moments[0] },
      { type: 'LOGIN', offline: true, recordedAt: moments[2] },
    ]);

    expect(await page.getByText(/was refused/).count()).toBe(0);

    const desk = await opened.context.newPage();
    await signIn(desk, place, '/enrol');
    await desk.getByRole('button', { name: '1 punch to review' }).click();
    await desk.getByText('Reason: EMPLOYEE_NOT_FOUND').waitFor();
    await desk.locator('.review img.photo').waitFor();
    expect(await violations(desk)).toEqual([]);
    await desk.getByLabel('Employee number').fill('GH-1906');
    await desk.getByLabel('Direction').selectOption('LOGOUT');
    await desk.getByLabel('Your reason').fill('She mistyped');
    await desk.getByRole('button', { name: 'Accept' }).click();
    await desk.getByText('Nothing to review').waitFor();
    await desk.close();
    expect(await place.punches()).toHaveLength(4);
  });

  it('saves a check that ends in a fault of the service, exports it for HR only, and sends it later', async () => {
    const page = await start();
    place.network.fault = 'before';
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('1 punch is waiting to be sent').waitFor();
    expect(await outcome(page)).toMatch(
      /^Saved\s+\d\d:\d\d\. It is sent as soon as the server can record it/,
    );
    expect(await page.getByText('Offline', { exact: true }).count()).toBe(0);

    await page.getByText('Saved punches', { exact: true }).click();
    await page.getByText(/saved on this tablet/).waitFor();
    await page.getByLabel('Key of HR or an administrator').fill('not-the-key');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('This key may not export punches').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Key of HR or an administrator').fill(ADMIN_KEY);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^punches-\d{4}-\d\d-\d\d\.ndjson$/);

    place.network.fault = null;
    await until(
      () => place.punches(),
      (punches) => punches.length > 1,
    );
    await page.getByText(/waiting to be sent/).waitFor({ state: 'detached' });
  });

  it('saves nothing if a challenge is required, and says so', async () => {
    const page = await start({ REQUIRE_CHALLENGE: 'true' });
    await place.network.down();
    await page.getByRole('button', { name: 'Next person' }).click();
    expect(await outcome(page)).toMatch(/No network[\s\S]*cannot check you/);
    await place.network.up();
    await says(page, 'No network');
    await page.getByRole('button', { name: 'Try again' }).click();
    expect(await outcome(page)).toMatch(/Grace Hopper/);
  });

  it('keeps what waits when its key is revoked meanwhile, and sends it once it is paired again', async () => {
    const page = await start();
    await place.network.down();
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('1 punch is waiting to be sent').waitFor();
    await place.revokeKiosks();
    await place.network.up();
    await page.getByText('This tablet has been unpaired').waitFor();
    expect(await place.punches()).toHaveLength(1);
    await pairKiosk(page, place);
    await page.waitForFunction(() => document.querySelector('.badge.waiting') === null);
    // Whoever stands there when it is paired again waits in line behind her; each is a punch of its own.
    const sent = async (): Promise<number> => {
      const checks = await Promise.all(place.network.checks.map(readCheck));
      const late = checks.filter(({ input }) => input['capturedAt'] !== undefined);
      return new Set(late.map(({ input }) => input['requestId'])).size;
    };
    await until(
      async () => [await sent(), (await place.punches()).filter(({ offline }) => offline).length] as const,
      ([checks, punches]) => checks > 0 && checks === punches,
    );
  });
});

/** What of that which waits can be read without the browser's key; or that something else waits than is expected. */
async function readableWithoutKey(page: Visit['page'], expected: number): Promise<string[]> {
  const texts = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('rollcall-kiosk');
      request.onsuccess = () => resolve(request.result);
    });
    const all = await new Promise<{ data: ArrayBuffer }[]>((resolve) => {
      const request = database.transaction('outbox').objectStore('outbox').getAll();
      request.onsuccess = () => resolve(request.result as { data: ArrayBuffer }[]);
    });
    return all.map(({ data }) => new TextDecoder('latin1').decode(data));
  });
  if (texts.length !== expected) return [`${texts.length} wait`];
  return ['requestId', 'capturedAt', 'NOBODY', 'JFIF'].filter((word) =>
    texts.some((text) => text.includes(word)),
  );
}
