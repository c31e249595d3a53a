/** Real: the service and its keys, Chromium with IndexedDB and WebCrypto, the built kiosk. Fake: the camera's film. */
import { register } from '../support/operations';
import { base64Photo } from '../support/photos';
import { TestService } from '../support/service';
import { closingVisits } from '../support/web/closing-visits';
import { describeInBrowser } from '../support/web/describe';
import { ADMIN_KEY, Installation } from '../support/web/installation';
import { outcome, pairKiosk, says } from '../support/web/kiosk-page';
import { until } from '../support/until';

const HOPPER = [{ show: 'grace-hopper.jpg', seconds: 2 }];

describeInBrowser('a kiosk and its key', () => {
  let place: Installation;
  const open = closingVisits();

  beforeAll(async () => {
    place = await Installation.withGrace();
  });
  afterAll(() => place.stop());

  it('is unpaired at once when it is revoked, and can be paired again, each code once', async () => {
    const { page } = await open({ film: HOPPER });
    await page.goto(`${place.url}/kiosk`);
    const code = await place.pairingCode();
    await page.getByLabel('Pairing code').fill(code.toLowerCase().replace('-', ''));
    await page.getByRole('button', { name: 'Pair' }).click();
    await outcome(page);
    await place.revokeKiosks();
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('This tablet has been unpaired').waitFor();
    await page.reload();
    for (const wrong of [code, 'WRONG']) {
      await page.getByLabel('Pairing code').fill(wrong);
      await page.getByRole('button', { name: 'Pair' }).click();
      await page.getByText('This code is not valid').waitFor();
      await page.reload();
    }
    await pairKiosk(page, place);
    await outcome(page);
  });

  it('is unpaired soon when it is revoked while nobody stands there', async () => {
    const { page } = await open({});
    await pairKiosk(page, place);
    await says(page, 'Stand in front of the camera');
    await place.revokeKiosks();
    await page.getByText('This tablet has been unpaired').waitFor({ timeout: 30_000 });
  });

  it('goes by the settings of its office, also when they change', async () => {
    const { page } = await open({});
    await pairKiosk(page, place);
    expect(await page.locator('.bar .place').innerText()).toBe('Head office');
    const rename = 'mutation ($input: UpdateOfficeInput!) { updateOffice(input: $input) { id } }';
    const { id } = place.office;
    await place.ask(rename, { input: { id, name: 'Harbour', timeZone: 'Pacific/Kiritimati' } });
    try {
      await page.locator('.bar .place').filter({ hasText: 'Harbour' }).waitFor();
      const there = new Intl.DateTimeFormat('en-GB', {
        hour: '2-digit',
        minute: '2-digit',
        timeZone: 'Pacific/Kiritimati',
      });
      await until(
        () => page.locator('.bar .clock').innerText(),
        (clock) => clock === there.format(),
      );
    } finally {
      await place.ask(rename, { input: { id, name: 'Head office', timeZone: 'Europe/Berlin' } });
    }
  });

  it('may check at its office and nothing else: no list of people, no photo', async () => {
    const { page } = await open({});
    const answered = page.waitForResponse(
      (response) => response.request().postData()?.includes('redeem') === true,
    );
    await pairKiosk(page, place);
    const { data } = (await (await answered).json()) as {
      data: { redeemKioskPairing: { apiKey: string } };
    };
    const { apiKey } = data.redeemKioskPairing;
    const headers = { authorization: `Bearer ${apiKey}` };
    const people = await place.service.send('{ employees { totalCount } }', {}, headers);
    expect(people.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(apiKey).not.toBe(ADMIN_KEY);
  });

  it('is kept out of reach: encrypted in IndexedDB, under a key that cannot be read out', async () => {
    const { page } = await open({});
    await pairKiosk(page, place);
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
      const key = (await get('vault-key')) as CryptoKey;
      const exported = await crypto.subtle.exportKey('raw', key).then(
        () => 'exported',
        (error: Error) => error.name,
      );
      const stored = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]);
      return { exported, bytes: data.byteLength, text: new TextDecoder('latin1').decode(data), stored };
    });
    expect(kept.exported).toBe('InvalidAccessError');
    expect(kept.bytes).toBeGreaterThan(40);
    expect(kept.text).not.toContain('rck_');
    // In the clear there is no more than how the clock stands, and the last time that the service said.
    const rest = kept.stored
      .replace(/"rollcall-clock":"\{.*?\}"/, '')
      .replace(/"rollcall-beacon":"\d+\.key:[\w.-]+"/, '');
    expect(rest).toBe('[{},{},""]');
  });

  it('is not needed on a service that runs open, whose refusals teach what a check needs', async () => {
    const service = await TestService.start({ env: { REQUIRE_CHALLENGE: 'true' } });
    try {
      await register(service, { imageBase64: base64Photo('grace-hopper-2.jpg'), faceDescriptor: null });
      const { page } = await open({ film: HOPPER });
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
});
