/** Real: the page's models in Chromium, the server's in its worker, a service that computes nothing. Fake: the film. */
import { engineWith } from '../face/support';
import { cosine, descriptor } from '../support/photos';
import { describeInBrowser } from '../support/web/describe';
import { type Visit, visit } from '../support/web/browser';
import { ADMIN_KEY, Installation } from '../support/web/installation';
import { outcome, pairKiosk } from '../support/web/kiosk-page';

// A browser, a camera and two models share two cores with other suites: what is late once is tried again, and logged.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

describeInBrowser('a server without a face engine (FACE_WORKERS=0)', () => {
  let place: Installation;
  let opened: Visit;

  beforeAll(async () => {
    place = await Installation.start({ FACE_WORKERS: '0', FACE_WARM_START: 'false' });
  });
  afterEach(() => opened.close());
  afterAll(() => place.stop());

  it('gets descriptors from the kiosk, equal to those that the server’s own engine computes of the same photo', async () => {
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg', {
      faceDescriptor: descriptor('grace-hopper-2'),
    });
    opened = await visit({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    await pairKiosk(opened.page, place.api);
    expect(await outcome(opened.page)).toMatch(/Grace Hopper/);

    const { type, body } = place.api.lastCheck as { type: string; body: Buffer };
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const { variables } = JSON.parse(form.get('operations') as string) as {
      variables: { input: { faceDescriptor: string } };
    };
    const bytes = Buffer.from(variables.input.faceDescriptor, 'base64');
    const sent = Array.from({ length: 128 }, (_, i) => bytes.readFloatLE(i * 4));
    const photo = Buffer.from(await (form.get('0') as File).arrayBuffer());

    const engine = engineWith();
    const analysis = await engine.analyse(photo);
    await engine.close();
    expect(cosine(sent, Array.from(analysis.main?.plain ?? []))).toBeGreaterThan(0.99999);
  });

  it('gets them from the enrolment desk too, a photo at a time', async () => {
    opened = await visit({ film: [{ show: 'eileen-collins.jpg', seconds: 2 }] });
    const { page } = opened;
    await page.goto(`${place.api.url}/enrol`);
    await page.getByLabel('Key', { exact: true }).fill(ADMIN_KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Eileen Collins');
    await page.getByLabel('Employee number').fill('EC-1956');
    await page.getByLabel('The person has read this text and agrees').check();
    for (const number of [1, 2]) {
      await page.getByRole('button', { name: `Take photo ${number}` }).click();
      await page.getByRole('img', { name: `Photo ${number}` }).waitFor();
    }
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('Eileen Collins is enrolled').waitFor();
    const { employee } = await place.ask<{ employee: { faceTemplates: unknown[] } }>(
      '{ employee(employeeId: "EC-1956") { faceTemplates { id } } }',
    );
    expect(employee.faceTemplates).toHaveLength(2);
  });
});
