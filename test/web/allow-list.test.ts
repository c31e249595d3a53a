/** Real: the service with its built list of operations, Chromium, the built pages. Fake: the film, a network that is cut. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../support/api-client';
import { CHECK, hopper } from '../support/operations';
import type { Visit } from '../support/web/browser';
import { closingVisits } from '../support/web/closing-visits';
import { describeInBrowser } from '../support/web/describe';
import { fillIn, signIn } from '../support/web/desk-page';
import { ADMIN_KEY, INSTALLATION_OPERATIONS, Installation } from '../support/web/installation';
import { outcome, pairKiosk } from '../support/web/kiosk-page';
import { until } from '../support/until';

const HOPPER = [{ show: 'grace-hopper.jpg', seconds: 2 }];
const BUILT = join(__dirname, '..', '..', 'dist', 'pages-operations.json');

interface Manifest {
  readonly operations: readonly { readonly name: string; readonly body: string }[];
}
const pagesOperations = (): Manifest['operations'] =>
  (JSON.parse(readFileSync(BUILT, 'utf8')) as Manifest).operations;

describeInBrowser('where only listed operations are accepted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-list-'));
  const own = join(folder, 'own.json');
  const visit = closingVisits();
  let place: Installation;

  /** Lists documents in the file that the service reads when it starts. */
  const list = (bodies: readonly string[]): void =>
    writeFileSync(own, JSON.stringify(Object.fromEntries(bodies.map((body, n) => [`operation-${n}`, body]))));
  const open = async (): Promise<Visit['page']> => {
    const opened = await visit({ film: HOPPER });
    return opened.page;
  };

  afterEach(async () => {
    await place.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('PERSISTED_OPERATIONS=pages lets the desk, the board with its stream and the kiosk work, and nothing else', async () => {
    list([...INSTALLATION_OPERATIONS, CHECK]);
    place = await Installation.start({ PERSISTED_OPERATIONS: `pages, ${own}` });

    const desk = await open();
    await signIn(desk, place, '/enrol');
    await fillIn(desk, 'Grace Hopper', 'GH-1906', 1);
    await desk.getByRole('button', { name: 'Enrol', exact: true }).click();
    await desk.getByText('Grace Hopper is enrolled').waitFor();
    await desk.getByRole('button', { name: /GH-1906/ }).click();
    await desk.getByRole('button', { name: 'Deactivate' }).click();
    await desk.getByRole('button', { name: 'Deactivate' }).click();
    await desk.getByRole('button', { name: 'Reactivate' }).click();
    await desk.getByRole('button', { name: 'Replace face' }).waitFor();

    const board = await open();
    await signIn(board, place, '/board');
    await board.getByText('Live', { exact: true }).waitFor();
    await place.ask(CHECK, { input: { ...hopper, employeeId: 'GH-1906' } });
    await board.locator('.in li', { hasText: 'Grace Hopper' }).waitFor();

    const kiosk = await open();
    await pairKiosk(kiosk, place);
    expect(await outcome(kiosk)).toMatch(/^Goodbye, Grace Hopper/);
    await board.locator('.out li', { hasText: 'Grace Hopper' }).waitFor();

    const authorization = `Bearer ${ADMIN_KEY}`;
    const { errors } = await new ApiClient(place.url).send('{ offices { id } }', {}, { authorization });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', operation: 'NOT_LISTED' } }]);
  });

  it('a kiosk keeps the punches that it saved while the list has another document than its page sends', async () => {
    const pages = pagesOperations();
    const accept = (known: (name: string) => boolean): void =>
      list([...INSTALLATION_OPERATIONS, ...pages.filter(({ name }) => known(name)).map(({ body }) => body)]);
    accept(() => true);
    place = await Installation.start({ PERSISTED_OPERATIONS: own });
    await place.enrol('Grace Hopper', 'GH-1906', 'grace-hopper-2.jpg');
    const page = await open();
    await pairKiosk(page, place);
    await outcome(page);
    await place.network.down();
    await page.getByRole('button', { name: 'Next person' }).click();
    await page.getByText('1 punch is waiting to be sent').waitFor();
    expect(await place.punches()).toHaveLength(1);

    accept((name) => name !== 'CheckAttendance');
    await place.restart();
    const refused = page.waitForResponse((response) => response.status() === 403);
    await place.network.up();
    await refused;
    accept(() => true);
    await place.restart();
    const punches = await until(
      () => place.punches(),
      ({ length }) => length >= 2,
    );
    expect(punches).toMatchObject([{ offline: false }, { offline: true }]);
  });
});
