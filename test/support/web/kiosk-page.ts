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

/** The text of the outcome, as soon as it appears. Read within the page, because it disappears after 4 s. */
export async function outcome(page: Page, timeout = LONG_MS): Promise<string> {
  const text = await page.waitForFunction(
    () => document.querySelector<HTMLElement>('.outcome')?.innerText ?? '',
    undefined,
    { timeout },
  );
  return await text.jsonValue();
}

/** Types an employee number and sends it. */
export async function typeNumber(page: Page, number: string): Promise<void> {
  await page.getByRole('button', { name: 'Type my number' }).first().click();
  await page.getByLabel('Employee number').fill(number);
  await page.keyboard.press('Enter');
}

/** Waits until the page says so. For what it says until something happens: a test may be late for anything else. */
export const says = (page: Page, text: string | RegExp, timeout = LONG_MS): Promise<void> =>
  page.locator('.hint').filter({ hasText: text }).waitFor({ timeout });

/** What the page did, by its own clock: a test that looks from outside may be late. */
interface Happened {
  /** What the kiosk was doing, and since when in milliseconds. */
  readonly phases: readonly { readonly kind: string; readonly at: number }[];
  /** What it said below the picture. */
  readonly said: readonly string[];
  /** Outcomes: colour, shape, and the ways on that they offered. */
  readonly notices: readonly {
    readonly tone: string;
    readonly shape: string;
    readonly ways: readonly string[];
  }[];
  /** Frequencies of the tones that it gave. */
  readonly tones: readonly number[];
}

/** Takes notes of what the page does from its next load on. */
export async function takeNotes(page: Page): Promise<() => Promise<Happened>> {
  await page.addInitScript(() => {
    const notes = {
      phases: [] as { kind: string; at: number }[],
      said: [] as string[],
      notices: [] as { tone: string; shape: string; ways: string[] }[],
      tones: [] as number[],
    };
    Object.assign(globalThis, { notes });
    const textsOf = (selector: string): string[] =>
      [...document.querySelectorAll(selector)].map(({ textContent }) => textContent.trim());
    const look = (): void => {
      for (const text of textsOf('.hint, .step'))
        if (text !== '' && !notes.said.includes(text)) notes.said.push(text);
      const kind = document.querySelector<HTMLElement>('main')?.dataset['phase'];
      if (kind === undefined || kind === notes.phases.at(-1)?.kind) return;
      notes.phases.push({ kind, at: performance.now() });
      const card = document.querySelector('.outcome');
      if (kind !== 'notice' || card === null) return;
      const shape = card.querySelector('svg')?.firstElementChild?.tagName ?? '';
      const tone = card.className.replace('outcome ', '');
      notes.notices.push({ tone, shape, ways: textsOf('.outcome button') });
    };
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(look).observe(document, everything);
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
