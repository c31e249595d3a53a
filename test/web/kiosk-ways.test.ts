/** Real: the service and its face engine, Chromium, the built pages. Fake: the camera's film. */
import { violations } from '../support/web/axe';
import { badgeOf } from '../support/web/badge';
import { closingVisits } from '../support/web/closing-visits';
import { describeInBrowser } from '../support/web/describe';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk, says, takeNotes, typeNumber } from '../support/web/kiosk-page';

const HOPPER = [{ show: 'grace-hopper.jpg', seconds: 2 }];

describeInBrowser('the kiosk, further', () => {
  let place: Installation;
  const open = closingVisits();

  beforeAll(async () => {
    place = await Installation.withGrace();
  });
  afterAll(() => place.stop());

  it('checks nobody twice who stays in front of the camera', async () => {
    const before = (await place.punches()).length;
    const { page } = await open({ film: HOPPER });
    await pairKiosk(page, place);
    await outcome(page);
    await says(page, 'Next person, please');
    // She stays for several looks of the camera, and nothing may come of them.
    await page.waitForTimeout(3000);
    expect((await place.punches()).length).toBe(before + 1);
    await page.getByRole('button', { name: 'Next person' }).click();
    await outcome(page);
    expect((await place.punches()).length).toBe(before + 2);
  });

  it('checks a face against a number that is typed, and that one only', async () => {
    const { page } = await open({ film: HOPPER });
    await pairKiosk(page, place);
    await outcome(page);
    await typeNumber(page, 'gh 1906');
    await page.getByText('Letters, digits, dot, dash').waitFor();
    await page.getByLabel('Employee number').fill('gh-1906');
    await page.keyboard.press('Enter');
    expect(await outcome(page)).toMatch(/Grace Hopper/);
    const last = place.network.checks.at(-1);
    expect(last?.body.toString('latin1')).toContain('"employeeId":"gh-1906"');
  });

  it('reads the number from a badge with a code, and checks the face against it', async () => {
    const badge = await badgeOf('GH-1906');
    const { page } = await open({
      film: [
        { show: badge, seconds: 4, height: 360 },
        { show: 'eileen-collins.jpg', seconds: 4 },
      ],
    });
    const notes = await takeNotes(page);
    await pairKiosk(page, place);
    await page.getByRole('button', { name: 'Scan my badge' }).click();
    await page.getByText('That is not the face for this number').first().waitFor();
    // The badge may be read by the first look.
    expect((await notes()).said).toEqual(
      expect.arrayContaining(['Hold the code of your badge in front of the camera', 'Number GH-1906']),
    );
  });

  it('guides: nobody, too far away, two people, too dark', async () => {
    const { page } = await open({
      film: [
        { show: null, seconds: 2 },
        { show: 'grace-hopper.jpg', seconds: 2, height: 250 },
        { show: 'two-faces.jpg', seconds: 2, height: 330 },
        { show: 'dark.jpg', seconds: 2, room: '#0a0c0e' },
      ],
    });
    await pairKiosk(page, place);
    for (const hint of [
      'Stand in front of the camera',
      'Come closer',
      'One person at a time',
      'More light',
    ]) {
      await says(page, hint);
    }
    expect(await violations(page)).toEqual([]);
    expect(await page.locator('.outcome').count()).toBe(0);
  });
});
