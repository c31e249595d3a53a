/** Real: the service as it is deployed (NODE_ENV=production), Chromium, the built pages. Fake: the camera's film. */
import { createKey, Speaker } from '../support/access';
import { type Visit, type VisitOptions } from '../support/web/browser';
import { closingVisits } from '../support/web/closing-visits';
import { describeInBrowser } from '../support/web/describe';
import { fillIn, signIn } from '../support/web/desk-page';
import { ADMIN_KEY, Installation } from '../support/web/installation';
import { outcome, pairKiosk } from '../support/web/kiosk-page';

describeInBrowser('the pages of a service in production', () => {
  let place: Installation;
  let hr: string;
  const visit = closingVisits();
  const open = async (options: VisitOptions = {}): Promise<Visit['page']> => {
    const opened = await visit(options);
    return opened.page;
  };

  beforeAll(async () => {
    place = await Installation.start({ NODE_ENV: 'production', REQUIRE_CONSENT: 'true' });
    ({ secret: hr } = await createKey(new Speaker(place.service, ADMIN_KEY), { role: 'HR' }));
  });
  afterAll(() => place.stop());

  it('do all that they can without introspection: enrol with consent, deactivate, check, stay offline, watch', async () => {
    const asked = await place.service.fault('{ __schema { queryType { name } } }');
    expect(asked.message).toMatch(/introspection/i);

    const desk = await open({ film: [{ show: 'grace-hopper-2.jpg', seconds: 2 }] });
    await signIn(desk, place, '/enrol', hr);
    await fillIn(desk, 'Grace Hopper', 'GH-1906', 2);
    await desk.getByRole('button', { name: 'Enrol', exact: true }).click();
    await desk.getByText('Grace Hopper is enrolled').waitFor();
    await desk.getByRole('button', { name: /GH-1906/ }).click();
    await desk.getByRole('button', { name: 'Deactivate' }).waitFor();

    const board = await open();
    await signIn(board, place, '/board', hr);
    await board.getByText('Live', { exact: true }).waitFor();

    const kiosk = await open({ film: [{ show: 'grace-hopper.jpg', seconds: 2 }] });
    await pairKiosk(kiosk, place);
    expect(await outcome(kiosk)).toMatch(/Grace Hopper\s+Login/);
    await board.locator('.in li', { hasText: 'Grace Hopper' }).waitFor();

    await place.network.down();
    await kiosk.getByRole('button', { name: 'Next person' }).click();
    await kiosk.getByText('1 punch is waiting to be sent').waitFor();
    await place.network.up();
    await kiosk.getByText('1 punch is waiting to be sent').waitFor({ state: 'detached' });
    await board.locator('.out li', { hasText: 'Grace Hopper' }).waitFor();
    expect(await place.punches()).toMatchObject([
      { type: 'LOGIN', offline: false },
      { type: 'LOGOUT', offline: true },
    ]);
  });
});
