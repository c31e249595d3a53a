/** Real: the service over HTTP, the SDK. Fake: Cloudinary, by the stand-in, which checks the signatures of addresses. */
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { openDataSource } from '../support/data-source';
import { createStorage, type TestStorage } from '../support/databases';
import { check, collins, register } from '../support/operations';
import { photo } from '../support/photos';
import { TestService } from '../support/service';
import { cloudinaryEnv, FAST_UPLOADS, uploaded } from '../support/uploads';
import { until } from '../support/until';

const AUTHENTICATED = { CLOUDINARY_DELIVERY: 'authenticated' };
const jpeg = photo('grace-hopper.jpg');

let standIn: CloudinaryStandIn;
let storage: TestStorage;
let service: TestService;

const start = async (env: Record<string, string> = {}): Promise<void> => {
  const all = { PUNCH_MIN_INTERVAL_SECONDS: '0', ...cloudinaryEnv(standIn), ...env };
  service = await TestService.start({ storage, env: all, uploadTiming: FAST_UPLOADS });
};
const restart = async (env: Record<string, string>): Promise<void> => {
  await service.stop();
  await start(env);
};
const unsigned = (url: string): string => url.replace(/s--[\w-]+--\//, '');

beforeEach(async () => {
  [standIn, storage] = await Promise.all([CloudinaryStandIn.start(), createStorage()]);
});
afterEach(async () => {
  await service.stop();
  await Promise.all([standIn.stop(), storage.remove()]);
});

it('authenticated: every address that is handed out is signed, and what the database has opens nothing', async () => {
  await start(AUTHENTICATED);
  const { employee, cloudinaryUrl } = await register(service);
  const punch = await check(service);
  const faces = [cloudinaryUrl, employee.cloudinaryFaceImageUrl, employee.imageUrl, employee.thumbnailUrl];
  const punches = [punch.cloudinaryUrl, punch.attendance?.cloudinaryImageUrl, punch.attendance?.imageUrl];
  for (const [urls, bytes] of [
    [faces, jpeg],
    [punches, photo('grace-hopper-2.jpg')],
  ] as const) {
    for (const url of urls) {
      expect(standIn.deliver(url ?? '')).toEqual({ status: 200, bytes });
      expect(standIn.deliver(unsigned(url ?? '')).status).toBe(401);
    }
  }
  expect(employee.thumbnailUrl).toContain('/c_thumb,g_face,h_200,w_200/');
  // Asked for again, they are signed again.
  const { attendances } = await service.ask<{ attendances: { nodes: { imageUrl: string }[] } }>(
    '{ attendances { nodes { imageUrl } } }',
  );
  expect(standIn.deliver(attendances.nodes[0]?.imageUrl ?? '').status).toBe(200);

  await service.stop();
  const dataSource = await openDataSource(storage);
  const rows = await dataSource.query<{ url: string }[]>(
    'SELECT image_cloudinary_url AS url FROM employees UNION ALL SELECT image_cloudinary_url FROM attendances',
  );
  await dataSource.destroy();
  expect(rows).toHaveLength(2);
  for (const { url } of rows) expect(standIn.deliver(url).status).toBe(401);
  await start(AUTHENTICATED);
});

it('a photo on the CDN stays as it is delivered, and what is pending follows the setting that is in force', async () => {
  await start();
  await register(service);
  standIn.failWith('unavailable');
  const pending = await check(service);
  expect(pending.cloudinaryUrl).toBeNull();
  await service.stop();
  standIn.failWith(null);
  await start(AUTHENTICATED);
  await uploaded(service);

  const types = () => [...standIn.assets.values()].map(({ type }) => type).sort();
  expect(types()).toEqual(['authenticated', 'upload']);
  const ask = '{ attendances { nodes { imageUrl employee { imageUrl thumbnailUrl } } } }';
  const look = async (): Promise<string[]> => {
    const { attendances } = await service.ask<{
      attendances: { nodes: { imageUrl: string; employee: { imageUrl: string; thumbnailUrl: string } }[] };
    }>(ask);
    return attendances.nodes.flatMap(({ imageUrl, employee }) => [
      imageUrl,
      employee.imageUrl,
      employee.thumbnailUrl,
    ]);
  };
  for (const url of await look()) expect(standIn.deliver(url).status).toBe(200);
  // And back again.
  await restart({});
  for (const url of await look()) expect(standIn.deliver(url).status).toBe(200);
  // Without the credentials what needs them comes from the local copy.
  await service.stop();
  service = await TestService.start({ storage });
  const [local, face] = await look();
  expect(local).toContain(service.url);
  expect(standIn.deliver(face ?? '').status).toBe(200);
});

it('photos that are replaced are destroyed, whichever setting they are of', async () => {
  await start();
  await register(service);
  await restart(AUTHENTICATED);
  const replace = 'mutation ($input: FaceTemplateInput!) { replaceFace(input: $input) { __typename } }';
  await service.ask(replace, { input: { employeeId: 'EMP-1', ...collins } });
  await until(
    () => Promise.resolve([...standIn.assets.values()].map(({ type }) => type)),
    (types) => types.join() === 'authenticated',
  );
  await restart({});
  await service.ask(replace, { input: { employeeId: 'EMP-1', imageBase64: jpeg.toString('base64') } });
  await until(
    () => Promise.resolve([...standIn.assets.values()].map(({ type }) => type)),
    (types) => types.join() === 'upload',
  );
});
