import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { visit, type VisitOptions } from '../../test/support/web/browser';
import { fillIn, signIn } from '../../test/support/web/desk-page';
import { Installation } from '../../test/support/web/installation';
import { outcome, pairKiosk, says } from '../../test/support/web/kiosk-page';
import { planWork } from '../../test/support/web/planned-work';

const FOLDER = join(__dirname, '..', '..', 'docs', 'guide', 'screenshots');
const MAX_BYTES = 100_000;
const SIZE = { width: 1280, height: 800 };
/** Pixels across of the pictures in the documentation. */
const WIDTH = 720;

/** Keeps what the page shows, as a small PNG. @param scrolled keeps the position instead of the top of the page */
async function keep(page: Page, name: string, scrolled = false): Promise<void> {
  if (!scrolled) await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(400);
  const path = join(FOLDER, `${name}.png`);
  for (const colours of [256, 128, 64, 48, 32, 24, 16]) {
    await sharp(await page.screenshot())
      .resize(WIDTH)
      .png({ palette: true, colours, dither: 0.3, compressionLevel: 9, effort: 10 })
      .toFile(path);
    if (statSync(path).size < MAX_BYTES) return;
  }
  throw new Error(`${name}.png is larger than ${MAX_BYTES} bytes`);
}

async function withPage(options: VisitOptions, work: (page: Page) => Promise<void>): Promise<void> {
  const opened = await visit({ viewport: SIZE, reducedMotion: true, ...options });
  try {
    await work(opened.page);
  } finally {
    await opened.close();
  }
}

const HOPPER = [{ show: 'grace-hopper.jpg', seconds: 2 }];
const FAR = [{ show: 'grace-hopper.jpg', seconds: 2, height: 250 }];
const COLLINS = [{ show: 'eileen-collins.jpg', seconds: 2 }];

async function kiosk(place: Installation): Promise<void> {
  const { network } = place;
  await withPage({ film: FAR }, async (page) => {
    await page.goto(`${place.url}/kiosk`);
    await page.getByLabel('Pairing code').fill('K7M2-94QD');
    await keep(page, 'kiosk-pairing');
    await pairKiosk(page, place);
    await says(page, 'Come closer');
    await keep(page, 'kiosk-guidance');
    await network.down();
    await page.getByRole('button', { name: 'Type my number' }).click();
    await keep(page, 'kiosk-number');
    await network.up();
  });
  await withPage({ film: HOPPER }, async (page) => {
    await pairKiosk(page, place);
    await outcome(page);
    await keep(page, 'kiosk-recorded');
    await network.down();
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('1 punch is waiting to be sent').waitFor();
    await outcome(page);
    await keep(page, 'kiosk-offline');
    await network.up();
  });
  await withPage({ film: HOPPER }, async (page) => {
    await pairKiosk(page, place, '?lang=ar');
    await outcome(page);
    await keep(page, 'kiosk-arabic');
  });
  await withPage({ film: COLLINS }, async (page) => {
    await pairKiosk(page, place);
    await outcome(page);
    await keep(page, 'kiosk-refused');
  });
}

async function liveness(): Promise<void> {
  const place = await installed({ REQUIRE_LIVENESS: 'true' });
  try {
    await withPage({ film: HOPPER }, async (page) => {
      await pairKiosk(page, place);
      await page.locator('main.acting').waitFor();
      await keep(page, 'kiosk-liveness');
    });
  } finally {
    await place.stop();
  }
}

async function desk(place: Installation): Promise<void> {
  await withPage({ film: COLLINS, viewport: { width: 1280, height: 1400 } }, async (page) => {
    await signIn(page, place, '/enrol');
    await fillIn(page, 'Eileen Collins', 'EC-1956', 2);
    await keep(page, 'enrol');
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('Eileen Collins is enrolled').waitFor();
    await keep(page, 'enrol-result');
    await page.getByRole('button', { name: /EC-1956/ }).click();
    await page.getByRole('button', { name: 'Replace face' }).waitFor();
    await page.setViewportSize(SIZE);
    await keep(page, 'enrol-person');
  });
  await withPage({ film: HOPPER, viewport: { width: 1280, height: 1680 } }, async (page) => {
    await signIn(page, place, '/enrol');
    await fillIn(page, 'Grace Hopper', 'GH-2', 1);
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('It matches Grace Hopper').waitFor();
    await keep(page, 'enrol-duplicate');
  });
  await withPage({ film: COLLINS }, async (page) => {
    await pairKiosk(page, place);
    await outcome(page);
    await signIn(page, place, '/board');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.last li').first().waitFor();
    await keep(page, 'board');
  });
}

async function hours(): Promise<void> {
  const place = await Installation.start();
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  try {
    await planWork(place, yesterday);
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
      await signIn(page, place, '/hours');
      await page.getByLabel('Date', { exact: true }).fill(yesterday);
      await page.locator('.absent', { hasText: 'Eileen Collins' }).waitFor();
      await keep(page, 'hours-day');
      await page.getByRole('button', { name: 'Correct the day of Grace Hopper' }).first().click();
      await page.getByRole('button', { name: 'Preview: add punch' }).click();
      await page.getByText(/becomes Present/).waitFor();
      await keep(page, 'hours-correction');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.getByRole('button', { name: 'Person', exact: true }).click();
      await page.getByLabel('Find a person').fill('hop');
      await page.getByRole('button', { name: 'Grace Hopper (GH-1906)' }).click();
      await page.getByLabel('Month').fill(yesterday.slice(0, 7));
      await page.locator('tbody tr.present').first().getByRole('button').first().click();
      await page.locator('.steps').first().waitFor();
      await page.locator('.steps').first().scrollIntoViewIfNeeded();
      await keep(page, 'hours-month', true);
    });
  } finally {
    await place.stop();
  }
}

async function pages(): Promise<void> {
  const place = await installed();
  try {
    await kiosk(place);
    await desk(place);
  } finally {
    await place.stop();
  }
}

async function installed(env: Readonly<Record<string, string>> = {}): Promise<Installation> {
  const place = await Installation.start(env);
  await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
  return place;
}

mkdirSync(FOLDER, { recursive: true });

/** Takes the pictures of one subject each. */
export const SUBJECTS: Readonly<Record<string, () => Promise<void>>> = { pages, liveness, hours };
