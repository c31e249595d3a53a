/** Real: the page's models in Chromium, the server's in its worker, a service that computes nothing. Fake: the film. */
import { engineWith } from '../support/faces';
import { cosine, descriptor } from '../support/photos';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { fillIn, signIn } from '../support/web/desk-page';
import { Installation } from '../support/web/installation';
import { outcome, pairKiosk } from '../support/web/kiosk-page';
import { readCheck, type SentRequest } from '../support/web/network';

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
    await pairKiosk(opened.page, place);
    expect(await outcome(opened.page)).toMatch(/Grace Hopper/);

    const { input, photo } = await readCheck(place.network.checks.at(-1) as SentRequest);
    const bytes = Buffer.from(input['faceDescriptor'] as string, 'base64');
    const sent = Array.from({ length: 128 }, (_, i) => bytes.readFloatLE(i * 4));
    const engine = engineWith();
    const analysis = await engine.analyse(photo);
    await engine.close();
    expect(cosine(sent, Array.from(analysis.main?.plain ?? []))).toBeGreaterThan(0.99999);
  });

  it('gets them from the enrolment desk too, a photo at a time', async () => {
    opened = await visit({ film: [{ show: 'eileen-collins.jpg', seconds: 2 }] });
    const { page } = opened;
    await signIn(page, place, '/enrol');
    await fillIn(page, 'Eileen Collins', 'EC-1956', 2);
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('Eileen Collins is enrolled').waitFor();
    const { employee } = await place.ask<{ employee: { faceTemplates: unknown[] } }>(
      '{ employee(employeeId: "EC-1956") { faceTemplates { id } } }',
    );
    expect(employee.faceTemplates).toHaveLength(2);
  });
});
