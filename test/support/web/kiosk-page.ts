import type { Page } from 'playwright-core';
import type { Installation } from './installation';
import { LONG_MS } from './patience';

/** Opens the kiosk and pairs it, as an administrator at the door does. */
export async function pairKiosk(page: Page, place: Installation, search = ''): Promise<void> {
  await page.goto(`${place.url}/kiosk${search}`);
  await page.locator('form.card input').fill(await place.pairingCode());
  await page.locator('form.card button').click();
  await page.locator('main.door').waitFor();
}

/** The text of the outcome, once there is one. */
export async function outcome(page: Page, timeout = LONG_MS): Promise<string> {
  const card = page.locator('.outcome');
  await card.waitFor({ timeout });
  return await card.innerText();
}

/** Waits until the page says so. */
export const says = (page: Page, text: string | RegExp, timeout = LONG_MS): Promise<void> =>
  page.locator('.hint').filter({ hasText: text }).waitFor({ timeout });

/** What the page did, by its own clock: a test that looks from outside may be late. */
export interface Happened {
  /** What the kiosk was doing, and since when in milliseconds. */
  readonly phases: readonly { readonly kind: string; readonly at: number }[];
  /** Frequencies of the tones that it gave. */
  readonly tones: readonly number[];
}

/** Takes notes of phases and tones from the page's next load on. */
export async function takeNotes(page: Page): Promise<() => Promise<Happened>> {
  await page.addInitScript(() => {
    const notes = { phases: [] as { kind: string; at: number }[], tones: [] as number[] };
    Object.assign(globalThis, { notes });
    new MutationObserver(() => {
      const kind = document.querySelector<HTMLElement>('main')?.dataset['phase'];
      if (kind !== undefined && kind !== notes.phases.at(-1)?.kind) {
        notes.phases.push({ kind, at: performance.now() });
      }
    }).observe(document, { subtree: true, childList: true, attributes: true });
    const begin = Object.getOwnPropertyDescriptor(AudioScheduledSourceNode.prototype, 'start')?.value as (
      this: AudioScheduledSourceNode,
      when?: number,
    ) => void;
    AudioScheduledSourceNode.prototype.start = function (when): void {
      if (this instanceof OscillatorNode) notes.tones.push(this.frequency.value);
      begin.call(this, when);
    };
  });
  return () => page.evaluate(() => (globalThis as unknown as { notes: Happened }).notes);
}
