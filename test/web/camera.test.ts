/** Real: the service, Chromium, the built pages. Fake: the film, a camera that fails as browsers tell of it. */
import type { Page } from 'playwright-core';
import { violations } from '../support/web/axe';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk, says } from '../support/web/kiosk-page';

interface Camera {
  fault: string | null;
  streams: MediaStream[];
}

/** The page's camera fails with `fault` while that is set, and its streams can be ended as an unplugged camera ends. */
const control = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const camera: Camera = { fault: 'NotReadableError', streams: [] };
    Object.assign(globalThis, { camera });
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      if (camera.fault !== null) throw new DOMException('no', camera.fault);
      const stream = await open(wanted);
      camera.streams.push(stream);
      return stream;
    };
  });
const setFault = (page: Page, fault: string | null): Promise<void> =>
  page.evaluate((value) => {
    (globalThis as unknown as { camera: Camera }).camera.fault = value;
  }, fault);
const unplug = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const track = (globalThis as unknown as { camera: Camera }).camera.streams.at(-1)?.getVideoTracks()[0];
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
  });

describeInBrowser('a camera that fails', () => {
  let place: Installation;
  let opened: Visit;

  beforeAll(async () => {
    place = await Installation.withGrace();
    opened = await visit({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
  });
  afterAll(async () => {
    await opened.close();
    await place.stop();
  });

  it('comes back by itself on the kiosk: busy at the start, unplugged later, opened by the button', async () => {
    const { page } = opened;
    await control(page);
    await pairKiosk(page, place);
    await says(page, 'Another program uses the camera');
    expect(await violations(page)).toEqual([]);
    await setFault(page, null);
    expect(await outcome(page)).toMatch(/Grace Hopper/);

    await setFault(page, 'NotFoundError');
    await unplug(page);
    await says(page, 'Connect a camera');
    await setFault(page, null);
    await page.getByRole('button', { name: 'Try again' }).click();
    expect(await outcome(page)).toMatch(/Grace Hopper/);
  });
});
