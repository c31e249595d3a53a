/** Real: the service, which asks for actions, Chromium, the built kiosk. Fake: the camera's film, of a rendered head. */
import type { Page } from 'playwright-core';
import { renderedPhoto, type RenderedView } from '../support/rendered-photos';
import { violations } from '../support/web/axe';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk, says, takeNotes } from '../support/web/kiosk-page';

/** A challenge is three actions at most, and a film goes round until each has been seen. */
const PERFORMANCE_MS = 120_000;
const PERFORMANCE = ['front', 'left', 'right', 'up', 'open'] as const;

const scene = async (view: RenderedView) => ({
  show: await renderedPhoto('grace-hopper', view),
  seconds: view === 'front' ? 3 : 1.5,
});

/** How often somebody whose movement was not seen tries again: on a busy machine a film is over before the page looks. */
const TRIES = 5;

/** What the kiosk says in the end to somebody who tries again if their movement was not seen. */
async function lastOutcome(page: Page): Promise<string> {
  for (let tried = 1; ; tried++) {
    const text = await outcome(page, PERFORMANCE_MS);
    if (!text.startsWith('I did not see the movement') || tried === TRIES) return text;
    await page.locator('.outcome button').first().click();
    await page.locator('.outcome').waitFor({ state: 'detached' });
  }
}

describeInBrowser('the kiosk of a service that asks for liveness', () => {
  let place: Installation;
  let opened: Visit;

  beforeAll(async () => {
    place = await Installation.start({ REQUIRE_LIVENESS: 'true' });
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
  });
  afterEach(() => opened.close());
  afterAll(() => place.stop());

  it('has the person move, one prompt after the other, and proves it', async () => {
    opened = await visit({ film: await Promise.all(PERFORMANCE.map(scene)) });
    const { page } = opened;
    const notes = await takeNotes(page);
    await pairKiosk(page, place);
    await says(page, /Turn your head to your (left|right)|Raise your head|Open your mouth/);
    expect(await violations(page)).toEqual([]);
    expect(await lastOutcome(page)).toMatch(/Grace Hopper/);
    expect(await place.punches()).toMatchObject([{ proof: { challenge: true, liveness: true } }]);
    // Each try has two or three steps, and all that a try had were said in their order.
    const said = (await notes()).said.filter((text) => text.startsWith('Step '));
    const whole = [2, 3].filter((count) => said.includes(`Step ${count} of ${count}`));
    expect(whole).not.toEqual([]);
    for (const count of whole) {
      const all = Array.from({ length: count }, (_, i) => `Step ${i + 1} of ${count}`);
      expect(said.filter((text) => text.endsWith(` of ${count}`))).toEqual(all);
    }
  });

  it('does not take warps of one portrait for a person who moves', async () => {
    const before = (await place.punches()).length;
    const warp = (name: string) => ({ show: `grace-hopper-${name}.jpg`, seconds: 1.5 });
    opened = await visit({
      film: [{ show: 'grace-hopper.jpg', seconds: 3 }, ...['left', 'right', 'up', 'open'].map(warp)],
    });
    const { page } = opened;
    await pairKiosk(page, place);
    expect(await lastOutcome(page)).toMatch(/I did not see your head move/);
    expect((await place.punches()).length).toBe(before);
  });

  it('does not take a picture of a face for a face', async () => {
    const before = (await place.punches()).length;
    opened = await visit({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    const { page } = opened;
    await pairKiosk(page, place);
    expect(await outcome(page, PERFORMANCE_MS)).toMatch(/I (did not see the movement|saw the same picture)/);
    expect((await place.punches()).length).toBe(before);
  });
});
