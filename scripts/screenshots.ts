import 'reflect-metadata';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { visit, type VisitOptions } from '../test/support/web/browser';
import { ADMIN_KEY, Installation } from '../test/support/web/installation';
import { outcome, pairKiosk, says } from '../test/support/web/kiosk-page';
import { buildWeb } from './build-web';

const FOLDER = join(__dirname, '..', 'docs', 'screenshots');
const MAX_BYTES = 100_000;
const SIZE = { width: 1280, height: 800 };
/** Pixels across of the pictures in the documentation. */
const WIDTH = 720;

/** Keeps what the page shows, as a small PNG. */
async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(400);
  const path = join(FOLDER, `${name}.png`);
  for (const colours of [256, 128, 64, 48, 32, 24]) {
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

async function kiosk({ api }: Installation): Promise<void> {
  await withPage({ film: FAR }, async (page) => {
    await page.goto(`${api.url}/kiosk`);
    await page.getByLabel('Pairing code').fill('K7M2-94QD');
    await keep(page, 'kiosk-pairing');
    await pairKiosk(page, api);
    await says(page, 'Come closer');
    await keep(page, 'kiosk-guidance');
    await api.down();
    await page.getByRole('button', { name: 'Type my number' }).click();
    await keep(page, 'kiosk-number');
    await api.up();
  });
  await withPage({ film: HOPPER }, async (page) => {
    await pairKiosk(page, api);
    await outcome(page);
    await keep(page, 'kiosk-recorded');
    await api.down();
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('1 punch waits').waitFor();
    await outcome(page);
    await keep(page, 'kiosk-offline');
    await api.up();
  });
  await withPage({ film: HOPPER }, async (page) => {
    await pairKiosk(page, api, '?lang=ar');
    await outcome(page);
    await keep(page, 'kiosk-arabic');
  });
  await withPage({ film: COLLINS }, async (page) => {
    await pairKiosk(page, api);
    await outcome(page);
    await keep(page, 'kiosk-refused');
  });
  api.settings = { ...api.settings, requireChallenge: true, requireLiveness: true };
  await withPage({ film: HOPPER }, async (page) => {
    await pairKiosk(page, api);
    await page.locator('main.acting').waitFor();
    await keep(page, 'kiosk-liveness');
  });
  api.settings = { ...api.settings, requireChallenge: false, requireLiveness: false };
}

async function signIn(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByLabel('Key', { exact: true }).fill(ADMIN_KEY);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.desk-header').waitFor();
}

async function desk(place: Installation): Promise<void> {
  const { url } = place.api;
  await withPage({ film: COLLINS, viewport: { width: 1280, height: 1400 } }, async (page) => {
    await signIn(page, `${url}/enrol`);
    await page.getByLabel('Name', { exact: true }).fill('Eileen Collins');
    await page.getByLabel('Employee number').fill('EC-1956');
    await page.locator('.fields select').selectOption({ label: 'Head office' });
    await page.getByLabel('The person has read this text and agrees').check();
    for (const number of [1, 2]) {
      await page.getByRole('button', { name: `Take photo ${number}` }).click();
      await page.getByRole('img', { name: `Photo ${number}` }).waitFor();
    }
    await keep(page, 'enrol');
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('Eileen Collins is enrolled').waitFor();
    await keep(page, 'enrol-result');
  });
  await withPage({ film: HOPPER, viewport: { width: 1280, height: 1680 } }, async (page) => {
    await signIn(page, `${url}/enrol`);
    await page.getByLabel('Name', { exact: true }).fill('Grace Hopper');
    await page.getByLabel('Employee number').fill('GH-2');
    await page.getByLabel('The person has read this text and agrees').check();
    await page.getByRole('button', { name: 'Take photo 1' }).click();
    await page.getByRole('img', { name: 'Photo 1' }).waitFor();
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('It matches Grace Hopper').waitFor();
    await keep(page, 'enrol-duplicate');
  });
  await withPage({ film: COLLINS }, async (page) => {
    await pairKiosk(page, place.api);
    await outcome(page);
    await signIn(page, `${url}/board`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.last li').first().waitFor();
    await keep(page, 'board');
  });
}

async function main(): Promise<void> {
  buildWeb();
  mkdirSync(FOLDER, { recursive: true });
  const place = await Installation.start();
  try {
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
    await kiosk(place);
    await desk(place);
  } finally {
    await place.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
