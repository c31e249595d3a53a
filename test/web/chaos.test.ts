/**
 * Real: the built kiosk in Chromium with its camera, face detector, outbox and encryption; the service, its database, HTTP.
 * Fake: the film, the clock of the service, faults of the network and the camera in an order that a fixed seed decides.
 */
import type { Page } from 'playwright-core';
import { randomOf } from '../support/random';
import { until } from '../support/until';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { Installation } from '../support/web/installation';
import { pairKiosk } from '../support/web/kiosk-page';
import { LONG_MS } from '../support/web/patience';

const SEED = 13;
const PUNCHES = 20;
const HOUR = 3_600_000;

/** What the page said to the person, and the requestIds that it made since it said something before. */
interface Told {
  readonly tone: string;
  readonly text: string;
  readonly requestIds: readonly string[];
}

const STRIKES = ['cut', 'before', 'after', 'lost', 'restart', 'ahead', 'behind', 'camera', 'reload'] as const;
type Strike = (typeof STRIKES)[number] | 'calm';

/** Each fault at least once, with calm between, in an order of the seed. */
function strikes(): readonly Strike[] {
  const random = randomOf(SEED);
  const all: Strike[] = [...STRIKES, ...STRIKES.slice(0, 4)];
  while (all.length < PUNCHES) all.push('calm');
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j] as Strike, all[i] as Strike];
  }
  return all;
}

/** Reports each outcome that the page shows to `tell`, and keeps the page's streams, to end them. */
const watch = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const { tell } = globalThis as unknown as { tell: (told: Told) => void };
    let requestIds: string[] = [];
    const make = crypto.randomUUID.bind(crypto);
    crypto.randomUUID = () => {
      const id = make();
      requestIds.push(id);
      return id;
    };
    let last = '';
    const look = (): void => {
      const kind = document.querySelector<HTMLElement>('main')?.dataset['phase'] ?? '';
      if (kind === last) return;
      last = kind;
      const card = document.querySelector<HTMLElement>('.outcome');
      if (kind !== 'notice' || card === null) return;
      tell({ tone: card.className.replace('outcome ', ''), text: card.innerText, requestIds });
      requestIds = [];
    };
    new MutationObserver(look).observe(document, {
      ...{ subtree: true, childList: true, attributes: true },
      characterData: true,
    });
    const streams: MediaStream[] = [];
    Object.assign(globalThis, { streams });
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      streams.push(stream);
      return stream;
    };
  });

const unplug = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { streams } = globalThis as unknown as { streams: MediaStream[] };
    const track = streams.at(-1)?.getVideoTracks()[0];
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
  });

describeInBrowser('a kiosk on a day of faults', () => {
  const told: Told[] = [];
  let serviceAheadMs = 0;
  let place: Installation;
  let opened: Visit;

  beforeAll(async () => {
    place = await Installation.start({}, () => new Date(Date.now() + serviceAheadMs));
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
    opened = await visit({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
  });
  afterAll(async () => {
    await opened.close();
    await place.stop();
  });

  const calm = async (): Promise<void> => {
    serviceAheadMs = 0;
    Object.assign(place.network, { fault: null, loseAnswers: 0 });
    await opened.context.setOffline(false);
  };
  const strike = async (what: Strike): Promise<void> => {
    const { page, context } = opened;
    if (what === 'cut') await context.setOffline(true);
    else if (what === 'before' || what === 'after') place.network.fault = what;
    else if (what === 'lost') place.network.loseAnswers = 2;
    else if (what === 'restart') await place.restart();
    else if (what === 'ahead') serviceAheadMs = 3 * HOUR;
    else if (what === 'behind') serviceAheadMs = -3 * HOUR;
    else if (what === 'camera') await unplug(page);
    else if (what === 'reload') await page.reload();
    else await calm();
  };
  const next = async (): Promise<void> => {
    const before = told.length;
    // Not there where the page was just loaded, or says so no longer and waits for the person to leave.
    await opened.page.evaluate(() => {
      const buttons = [...document.querySelectorAll('button')];
      buttons.find(({ textContent }) => /^(Next person|Try again)/.test(textContent))?.click();
    });
    await until(
      () => Promise.resolve(told.length),
      (length) => length > before,
      LONG_MS,
    );
  };

  it(`loses none of ${PUNCHES} punches, and counts none twice`, async () => {
    const { page } = opened;
    await page.exposeFunction('tell', (one: Told) => void told.push(one));
    await watch(page);
    await pairKiosk(page, place);
    await until(
      () => Promise.resolve(told.length),
      (length) => length > 0,
      LONG_MS,
    );
    await page.evaluate(() => navigator.serviceWorker.ready);
    for (const what of strikes()) {
      await strike(what);
      await next();
    }
    await calm();
    // What was put off because it failed often is due again after a reload.
    await page.reload();
    await page.locator('main.door').waitFor();
    await page.locator('.badge.waiting').waitFor({ state: 'detached' });
    const count = (): Promise<number> =>
      page.evaluate(
        () =>
          new Promise<number>((resolve, reject) => {
            const opening = indexedDB.open('rollcall-kiosk');
            opening.onerror = () => reject(new Error('no database'));
            opening.onsuccess = () => {
              const counting = opening.result.transaction('outbox').objectStore('outbox').count();
              counting.onsuccess = () => resolve(counting.result);
            };
          }),
      );
    await until(count, (waiting) => waiting === 0, LONG_MS);

    const counted = new Map<string, number>();
    for (const { id } of await place.service.sql<{ id: string }>(
      `SELECT request_id AS id FROM attendances WHERE request_id IS NOT NULL
       UNION ALL SELECT request_id FROM review_items WHERE request_id IS NOT NULL AND status = 'PENDING'`,
    )) {
      counted.set(id, (counted.get(id) ?? 0) + 1);
    }
    const timesOf = ({ requestIds }: Told): number =>
      requestIds.reduce((sum, id) => sum + (counted.get(id) ?? 0), 0);
    const promised = told.filter(({ tone }) => tone !== 'bad');
    expect(promised.length).toBeGreaterThan(PUNCHES * 0.9);
    expect(promised.filter(({ text }) => text.startsWith('Saved')).length).toBeGreaterThan(2);
    expect(promised.filter((one) => timesOf(one) !== 1)).toEqual([]);
    expect(told.filter((one) => timesOf(one) > 1)).toEqual([]);
  });
});
