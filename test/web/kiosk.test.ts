/** Real: the service and its face engine, Chromium, the built pages. Fake: the camera's film, and the planned API. */
import { describeInBrowser } from '../support/web/describe';
import { type Visit, visit, type VisitOptions } from '../support/web/browser';
import { badgeOf } from '../support/web/badge';
import { Installation } from '../support/web/installation';
import { register } from '../support/operations';
import { base64Photo } from '../support/photos';
import { TestService } from '../support/service';
import { outcome, pairKiosk, says } from '../support/web/kiosk-page';

// A browser, a camera and two models share two cores with other suites: what is late once is tried again, and logged.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

describeInBrowser('the kiosk', () => {
  let place: Installation;
  const visits: Visit[] = [];

  const open = async (options: VisitOptions): Promise<Visit> => {
    const opened = await visit(options);
    visits.push(opened);
    return opened;
  };

  beforeAll(async () => {
    place = await Installation.start();
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
  });
  afterEach(async () => {
    await Promise.all(visits.splice(0).map((opened) => opened.close()));
    place.api.settings = { ...place.api.settings, requireChallenge: false, requireLiveness: false };
  });
  afterAll(() => place.stop());

  it('recognises somebody who stands still, says name, direction and time of the office, and is ready again', async () => {
    const { page, errors } = await open({
      film: [
        { show: 'grace-hopper.jpg', seconds: 6 },
        { show: null, seconds: 3 },
      ],
    });
    await pairKiosk(page, place.api);
    const text = await outcome(page);
    const shown = Date.now();
    const berlin = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'Europe/Berlin',
    }).format();
    expect(text).toMatch(/^Good (morning|afternoon|evening), Grace Hopper\s+Login \d\d:\d\d/);
    expect(text).toContain(berlin.slice(0, 3));
    await page.locator('.outcome').waitFor({ state: 'detached' });
    expect(Date.now() - shown).toBeGreaterThan(3000);
    expect(Date.now() - shown).toBeLessThan(6000);
    // She leaves, and comes back: that is the next punch, and not before.
    await says(page, 'Stand in front of the camera');
    expect(await place.punches()).toMatchObject([{ employeeId: 'GH-1906', type: 'LOGIN' }]);
    expect(await outcome(page)).toMatch(/^Goodbye, Grace Hopper\s+Logout/);
    // The one complaint is the server's 401 before the pairing.
    expect(errors.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('checks nobody twice who stays in front of the camera', async () => {
    const before = (await place.punches()).length;
    const { page } = await open({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    await pairKiosk(page, place.api);
    await outcome(page);
    await says(page, 'Next person, please');
    await page.waitForTimeout(3000);
    expect((await place.punches()).length).toBe(before + 1);
    await page.getByRole('button', { name: 'Next person' }).click();
    await outcome(page);
    expect((await place.punches()).length).toBe(before + 2);
  });

  it('refuses somebody else, says what to do, and offers the number; the number does not help a stranger', async () => {
    const before = (await place.punches()).length;
    const { page } = await open({ film: [{ show: 'eileen-collins.jpg', seconds: 2 }] });
    await pairKiosk(page, place.api);
    expect(await outcome(page)).toMatch(/I do not recognise you[\s\S]*or type your number/);
    await page.locator('.outcome').getByRole('button', { name: 'Type my number' }).click();
    await page.getByLabel('Employee number').fill('GH-1906');
    await page.keyboard.press('Enter');
    expect(await outcome(page)).toMatch(/That is not the face for this number/);
    await page.getByRole('button', { name: 'Type my number' }).click();
    await page.getByLabel('Employee number').fill('NOBODY');
    await page.keyboard.press('Enter');
    expect(await outcome(page)).toMatch(/There is no such number/);
    expect((await place.punches()).length).toBe(before);
  });

  it('guides: nobody, too far away, two people, too dark', async () => {
    const { page } = await open({
      film: [
        { show: null, seconds: 2 },
        { show: 'grace-hopper.jpg', seconds: 2, height: 250 },
        { show: 'two-faces.jpg', seconds: 2, height: 330 },
        { show: 'dark.jpg', seconds: 2, room: '#0a0c0e' },
      ],
    });
    await pairKiosk(page, place.api);
    for (const hint of [
      'Stand in front of the camera',
      'Come closer',
      'One person at a time',
      'More light',
    ]) {
      await says(page, hint);
    }
    expect(await page.locator('.outcome').count()).toBe(0);
  });

  it('has the person move where the server asks for it, and proves it', async () => {
    place.api.settings = { ...place.api.settings, requireChallenge: true, requireLiveness: true };
    const { page } = await open({
      film: [
        { show: 'grace-hopper.jpg', seconds: 3 },
        { show: 'grace-hopper-left.jpg', seconds: 1.5 },
        { show: 'grace-hopper-right.jpg', seconds: 1.5 },
        { show: 'grace-hopper-up.jpg', seconds: 1.5 },
        { show: 'grace-hopper-open.jpg', seconds: 1.5 },
      ],
    });
    await pairKiosk(page, place.api);
    await says(page, /Turn your head to your (left|right)|Raise your head|Open your mouth/);
    expect(await page.locator('.step').innerText()).toMatch(/^Step 1 of [23]$/);
    expect(await outcome(page, 60_000)).toMatch(/Grace Hopper/);
    expect((await place.punches()).at(-1)).toMatchObject({ proof: { liveness: true } });
  });

  it('reads the number from a badge with a code, and checks the face against it', async () => {
    const badge = await badgeOf('GH-1906');
    const { page } = await open({
      film: [
        { show: badge, seconds: 4, height: 360 },
        { show: 'eileen-collins.jpg', seconds: 4 },
      ],
    });
    await pairKiosk(page, place.api);
    await page.getByRole('button', { name: 'Scan my badge' }).click();
    await says(page, 'Hold the code of your badge');
    await page.getByText('Number GH-1906').waitFor();
    expect(await outcome(page)).toMatch(/That is not the face for this number/);
  });

  it('is unpaired at once when its key is revoked, and can be paired anew', async () => {
    const { page } = await open({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    await pairKiosk(page, place.api);
    await outcome(page);
    place.api.kioskKeys.clear();
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('This tablet has been unpaired').waitFor();
    await page.reload();
    await page.getByLabel('Pairing code').fill('WRONG');
    await page.getByRole('button', { name: 'Pair' }).click();
    await page.getByText('This code is not valid').waitFor();
    await pairKiosk(page, place.api);
    await outcome(page);
  });

  it('keeps its key out of reach: encrypted in IndexedDB, under a key that cannot be read out', async () => {
    const { page } = await open({});
    await pairKiosk(page, place.api);
    const kept = await page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('rollcall-kiosk');
        request.onsuccess = () => resolve(request.result);
      });
      const get = (name: string): Promise<unknown> =>
        new Promise((resolve) => {
          const request = database.transaction('values').objectStore('values').get(name);
          request.onsuccess = () => resolve(request.result);
        });
      const { data } = (await get('api-key')) as { data: ArrayBuffer };
      const { extractable } = (await get('vault-key')) as CryptoKey;
      const stored = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]);
      return { extractable, text: new TextDecoder('latin1').decode(data), stored };
    });
    expect(kept.extractable).toBe(false);
    expect(kept.text).not.toContain('kiosk-');
    expect(kept.stored).toBe('[{},{},""]');
  });

  it('works unpaired on a service that runs open, and learns from refusals what a check needs', async () => {
    const service = await TestService.start('pglite', { env: { REQUIRE_CHALLENGE: 'true' } });
    try {
      await register(service, { imageBase64: base64Photo('grace-hopper-2.jpg'), faceDescriptor: null });
      const { page } = await open({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
      await page.goto(`${service.url}/kiosk`);
      expect(await outcome(page)).toMatch(/Grace Hopper/);
      const { attendances } = await service.ask<{ attendances: { nodes: unknown[] } }>(
        '{ attendances { nodes { proof { challenge } } } }',
      );
      expect(attendances.nodes).toEqual([{ proof: { challenge: true } }]);
    } finally {
      await service.stop();
    }
  });

  it('says what to do without a camera', async () => {
    const { page } = await open({ film: null });
    await pairKiosk(page, place.api);
    await says(page, 'The camera is not available');
  });
});
