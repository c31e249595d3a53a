import type { Page } from 'playwright-core';
import type { PlannedApi } from './planned-api';

/** Opens the kiosk and pairs it, as an administrator at the door does. */
export async function pairKiosk(page: Page, api: PlannedApi, search = ''): Promise<void> {
  api.codes.add('DOOR-1');
  await page.goto(`${api.url}/kiosk${search}`);
  await page.locator('form.card input').fill('DOOR-1');
  await page.locator('form.card button').click();
  await page.locator('main.door').waitFor();
}

/** The text of the outcome, once there is one. */
export async function outcome(page: Page, timeout = 30_000): Promise<string> {
  const card = page.locator('.outcome');
  await card.waitFor({ timeout });
  return await card.innerText();
}

/** Waits until the page says so. */
export const says = (page: Page, text: string | RegExp, timeout = 30_000): Promise<void> =>
  page.locator('.hint').filter({ hasText: text }).waitFor({ timeout });
