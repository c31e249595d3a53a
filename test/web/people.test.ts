/** Real: the service and its face engine, Chromium, the built page. Fake: the camera's film. */
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { signIn, takePhotos } from '../support/web/desk-page';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk } from '../support/web/kiosk-page';

interface Person {
  readonly active: boolean;
  readonly faceTemplates: readonly { readonly id: string }[];
}

describeInBrowser('the people at the enrolment desk', () => {
  let place: Installation;
  let opened: Visit;

  const open = async (show: string): Promise<Visit['page']> => {
    opened = await visit({ film: [{ show, seconds: 2 }] });
    await signIn(opened.page, place, '/enrol');
    return opened.page;
  };
  const person = async (employeeId: string): Promise<Person> => {
    const { employee } = await place.ask<{ employee: Person }>(
      'query ($id: String!) { employee(employeeId: $id) { active faceTemplates { id } } }',
      { id: employeeId },
    );
    return employee;
  };

  beforeEach(async () => {
    place = await Installation.start();
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
    await place.enrol('Eileen Collins', 'EC-1956', 'eileen-collins-2.jpg');
  });
  afterEach(async () => {
    await opened.close();
    await place.stop();
  });

  it('are a list with thumbnails, searched by name and number', async () => {
    const page = await open('no-face.jpg');
    await page.getByText('2 people').waitFor();
    const thumbnails = page.locator('.people img.photo');
    await thumbnails.nth(1).waitFor();
    // Read with the key and shown from memory: the address alone opens nothing.
    expect(await thumbnails.first().getAttribute('src')).toMatch(/^blob:/);
    const shown = await thumbnails.evaluateAll((images) =>
      images.map((image) => (image as HTMLImageElement).naturalWidth > 0),
    );
    expect(shown).toEqual([true, true]);
    for (const search of ['hopp', 'gh-19']) {
      await page.getByLabel('Search by name or number').fill(search);
      await page.getByText('1 person').waitFor();
      expect(await page.locator('.people li strong').allInnerTexts()).toEqual(['Grace Hopper']);
      await page.getByLabel('Search by name or number').fill('');
      await page.getByText('2 people').waitFor();
    }
    await page.getByLabel('Search by name or number').fill('nobody of that name');
    await page.getByText('Nobody found').waitFor();
  });

  it('get further photos, but not those of somebody else’s face unless that is decided', async () => {
    const page = await open('grace-hopper.jpg');
    await page.getByRole('button', { name: /GH-1906/ }).click();
    await page.getByText('1 face').waitFor();
    await page.getByRole('button', { name: 'Add photos' }).click();
    await takePhotos(page, 2);
    await page.getByRole('button', { name: 'Add photos' }).click();
    await page.getByText('Saved').waitFor();
    await page.getByText('3 faces').waitFor();
    expect((await person('GH-1906')).faceTemplates).toHaveLength(3);

    await page.getByRole('button', { name: /EC-1956/ }).click();
    await page.getByText('1 face').waitFor();
    await page.getByRole('button', { name: 'Replace face' }).click();
    await takePhotos(page, 1);
    await page.getByRole('button', { name: 'Replace face' }).click();
    await page.getByText('It matches Grace Hopper (GH-1906)').waitFor();
    expect((await person('EC-1956')).faceTemplates).toHaveLength(1);
  });

  it('get another face, which takes the place of all earlier ones', async () => {
    const before = await person('EC-1956');
    const page = await open('eileen-collins-3.jpg');
    await page.getByRole('button', { name: /EC-1956/ }).click();
    await page.getByRole('button', { name: 'Replace face' }).click();
    await page.getByText('The new photos replace all faces of this person.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await person('EC-1956')).toEqual(before);
    await page.getByRole('button', { name: 'Replace face' }).click();
    await takePhotos(page, 2);
    await page.getByRole('button', { name: 'Replace face' }).click();
    await page.getByText('2 faces').waitFor();
    const after = await person('EC-1956');
    expect(after.faceTemplates).toHaveLength(2);
    expect(after.faceTemplates.map(({ id }) => id)).not.toContain(before.faceTemplates[0]?.id);
  });

  it('are deactivated, no longer recognised, and taken back', async () => {
    const page = await open('grace-hopper.jpg');
    await page.getByRole('button', { name: /GH-1906/ }).click();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('Deactivate Grace Hopper?').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect((await person('GH-1906')).active).toBe(true);
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('button', { name: 'Reactivate' }).waitFor();
    expect((await person('GH-1906')).active).toBe(false);
    await page.locator('.people li', { hasText: 'Deactivated' }).getByText('GH-1906').waitFor();

    const kiosk = await opened.context.newPage();
    await pairKiosk(kiosk, place);
    expect(await outcome(kiosk)).toMatch(/I do not recognise you/);
    await kiosk.close();

    await page.bringToFront();
    await page.getByRole('button', { name: 'Reactivate' }).click();
    await page.getByRole('button', { name: 'Add photos' }).waitFor();
    expect((await person('GH-1906')).active).toBe(true);
    await page.locator('.people li', { hasText: 'Deactivated' }).waitFor({ state: 'detached' });
  });

  it('are not taken back with a face that is somebody else’s by now', async () => {
    await place.ask('mutation { deactivateEmployee(employeeId: "GH-1906") { id } }');
    await place.enrol('Grace Hopper again', 'GH-2', 'grace-hopper.jpg');
    const page = await open('no-face.jpg');
    await page.getByRole('button', { name: /GH-1906/ }).click();
    await page.getByRole('button', { name: 'Reactivate' }).click();
    await page.getByText('It matches Grace Hopper again (GH-2)').waitFor();
    expect(await page.getByRole('button', { name: 'Enrol anyway' }).count()).toBe(0);
    expect((await person('GH-1906')).active).toBe(false);
  });
});
