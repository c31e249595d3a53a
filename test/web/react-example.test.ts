/** Real: the React example built by Vite, Chromium, the service, photos. Fake: a front that loses answers, the position. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { ADMIN_KEY, createKey, createOffice, type Speaker, startClosed } from '../support/access';
import { LossyFront } from '../support/lossy-front';
import { REGISTER } from '../support/operations';
import { base64Photo } from '../support/photos';
import type { TestService } from '../support/service';
import { violations } from '../support/web/axe';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';

const ROOT = join(__dirname, '..', '..');
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
const BERLIN = { latitude: 52.52, longitude: 13.405 };
const PARIS = { latitude: 48.8566, longitude: 2.3522 };

/** A web server of the reader's own, at another origin than the service's. */
async function servePages(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const file = join(folder, request.url === '/' ? 'index.html' : (request.url ?? ''));
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describeInBrowser('examples/react', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-react-example-'));
  let pages: Server;
  let origin: string;
  let service: TestService;
  let admin: Speaker;
  let front: LossyFront;
  let kiosk: string;
  let opened: Visit;
  let page: Page;

  beforeAll(async () => {
    pages = await servePages(folder);
    origin = `http://localhost:${(pages.address() as AddressInfo).port}`;
    ({ service, admin } = await startClosed({ env: { CORS_ORIGINS: origin } }));
    front = await LossyFront.before(service.url);
    const vite = join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
    await promisify(execFile)(
      process.execPath,
      [vite, 'build', 'examples/react', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
      {
        cwd: ROOT,
        env: { ...process.env, NODE_ENV: 'production', VITE_ROLLCALL_URL: `${front.url}/graphql` },
      },
    );
    const officeId = await createOffice(admin, { name: 'Head office', ...BERLIN, radiusMeters: 200 });
    kiosk = (await createKey(admin, { role: 'KIOSK', officeId })).secret;
    const input = { name: 'Grace Hopper', employeeId: 'GH-1906', officeId };
    await admin.ask(REGISTER, { input: { ...input, imageBase64: base64Photo('grace-hopper.jpg') } });
    opened = await visit({ film: null, position: BERLIN });
    ({ page } = opened);
  });
  beforeEach(async () => {
    await opened.context.setGeolocation(BERLIN);
    await page.goto(origin);
    await page.getByLabel(/^Key/).fill(kiosk);
  });
  afterAll(async () => {
    await opened?.close();
    await front?.stop();
    await service?.stop();
    pages.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const photograph = (name: string): Promise<void> =>
    page.getByLabel('Take a photo').setInputFiles(join(ROOT, 'test', 'fixtures', name));
  const says = (text: string | RegExp): Promise<void> =>
    page.getByRole('status').filter({ hasText: text }).waitFor();
  const total = async (): Promise<number> =>
    (await admin.ask<{ attendances: { totalCount: number } }>('{ attendances { totalCount } }')).attendances
      .totalCount;

  it('punches at the office, and says for whom', async () => {
    const before = await total();
    await photograph('grace-hopper-2.jpg');
    await says(/Log(in|out) recorded successfully!.*Grace Hopper/s);
    expect(await total()).toBe(before + 1);
    const { attendances } = await admin.ask<{ attendances: { nodes: { latitude: number }[] } }>(
      '{ attendances(first: 1) { nodes { latitude } } }',
    );
    expect(attendances.nodes[0]?.latitude).toBe(BERLIN.latitude);
  });

  it('says what to do next if the check is refused', async () => {
    await photograph('eileen-collins.jpg');
    await says(/Face not recognized.*Take another photo, or enter the employee number/s);
    await photograph('no-face.jpg');
    await says(/No face found.*Look straight into the camera/s);
    await opened.context.setGeolocation(PARIS);
    await photograph('grace-hopper-2.jpg');
    await says(/Office: Head office.*Go to the office and punch there/s);
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  });

  it('repeats the requestId by itself and by hand, so that lost answers are one punch', async () => {
    const before = { punches: await total(), requests: front.requests };
    const soon = { code: 'UNAVAILABLE', retryAfterSeconds: 1 } as const;
    const later = { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 60 } as const;
    front.lose(soon, later, soon);
    await photograph('grace-hopper-3.jpg');
    await says('Told by a test: TOO_MANY_REQUESTS');
    await page.getByRole('button', { name: 'Try again' }).click();
    await says(/Log(in|out) recorded successfully!|already/i);
    expect(front.requests - before.requests).toBe(4);
    expect((await total()) - before.punches).toBe(1);
  });

  it('says that a key is wrong, and does not offer to try again', async () => {
    await page.getByLabel(/^Key/).fill('a-wrong-key');
    await photograph('grace-hopper-2.jpg');
    await says('This key is not valid');
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await page.getByLabel(/^Key/).fill(ADMIN_KEY);
    await photograph('grace-hopper-2.jpg');
    await says(/Log(in|out) recorded successfully!/);
  });

  it('can be used by everybody: no fault of axe', async () => {
    await photograph('no-face.jpg');
    await says('Look straight into the camera');
    expect(await violations(page)).toEqual([]);
  });
});
