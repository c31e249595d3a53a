import type { Page } from 'playwright-core';
import { ADMIN_KEY, type Installation } from './installation';

/** Opens a page behind a key and signs in. */
export async function signIn(
  page: Page,
  place: Installation,
  path: '/enrol' | `/board${string}` | `/hours${string}`,
  key = ADMIN_KEY,
): Promise<void> {
  await page.goto(place.url + path);
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.desk-header').waitFor();
}

/** Takes photos at the desk, each into its place. */
export async function takePhotos(page: Page, count = 3): Promise<void> {
  for (let number = 1; number <= count; number++) {
    await page.getByRole('button', { name: `Take photo ${number}` }).click();
    await page.getByRole('img', { name: `Photo ${number}` }).waitFor();
  }
}

/** Fills in the form for somebody new, up to the button. */
export async function fillIn(page: Page, name: string, employeeId: string, photos = 3): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Employee number').fill(employeeId);
  await page.locator('.fields select').selectOption({ label: 'Head office' });
  await page.getByLabel('The person has read this text and agrees').check();
  await takePhotos(page, photos);
}
