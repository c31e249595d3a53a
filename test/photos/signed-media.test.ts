/** Real: the service over HTTP, paths and queries that no client library would send. Fake: the clock. */
import { createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Clock } from '../support/clock';
import { faultOf, send, type RawAnswer } from '../support/hostile';
import {
  CHECK,
  hopper,
  hopperAgain,
  REGISTER,
  type CheckAnswer,
  type RegisterAnswer,
} from '../support/operations';
import { photo } from '../support/photos';
import { TestService, type GraphQLAnswer, type ServiceOptions } from '../support/service';

const KEY = 'key-of-the-tests-0123456789';
const bearer = { authorization: `Bearer ${KEY}` };
const SIGNING_KEY = 'what-addresses-are-signed-with-in-tests';
const TTL = 600;
const env = { ADMIN_API_KEY: KEY, MEDIA_SIGNING_KEY: SIGNING_KEY, MEDIA_URL_TTL_SECONDS: String(TTL) };

const data = <T>({ data: answered, errors }: GraphQLAnswer<T>): T => {
  if (answered == null) throw new Error(JSON.stringify(errors));
  return answered;
};

/** The path and the query of an address. */
const target = (url: string): string => new URL(url).pathname + new URL(url).search;

/** As it is made, independently of the service. @param employee row id; left out: as paths that name a row */
const signed = (
  path: string,
  expires: number | string,
  key: string | Buffer = SIGNING_KEY,
  employee?: string,
): string => {
  const text =
    employee === undefined
      ? `rollcall-media-1\n${path}\n${expires}`
      : `rollcall-media-2\n${path}\n${employee}\n${expires}`;
  const signature = createHmac('sha256', key).update(text).digest('base64url');
  return `/media/${path}?expires=${expires}&signature=${signature}`;
};

describe('photos of a service with a key', () => {
  const clock = new Clock();
  const seconds = (): number => clock.now().getTime() / 1000;
  let service: TestService;
  let rowId: string;
  let face: string;
  let punch: string;

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> =>
    send(service.url, path, { method, headers });
  const refused = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
    const answer = await get(path, headers);
    expect([path, answer.status]).toEqual([path, 403]);
    const fault = faultOf(answer);
    expect(fault.extensions).toMatchObject({ code: 'FORBIDDEN', requestId: answer.headers['x-request-id'] });
    return fault.message;
  };
  const faceUrl = async (): Promise<string> => {
    const query = '{ employee(employeeId: "EMP-1") { faceImageUrl } }';
    const answer = await service.send<{ employee: { faceImageUrl: string } }>(query, {}, bearer);
    return target(data(answer).employee.faceImageUrl);
  };

  beforeAll(async () => {
    service = await TestService.start({ env, now: clock.now });
    const input = { name: 'Grace', employeeId: 'EMP-1', ...hopper };
    const { registerEmployee } = data(
      await service.send<{ registerEmployee: RegisterAnswer }>(REGISTER, { input }, bearer),
    );
    const { faceImageUrl, imageUrl, thumbnailUrl } = registerEmployee.employee;
    // Whichever field an address comes from, it is the same and is good.
    expect([imageUrl, thumbnailUrl]).toEqual([faceImageUrl, faceImageUrl]);
    rowId = registerEmployee.employee.id;
    face = target(faceImageUrl);
    const { checkAttendance } = data(
      await service.send<{ checkAttendance: CheckAnswer }>(CHECK, { input: hopperAgain }, bearer),
    );
    expect(checkAttendance.attendance?.imageUrl).toBe(checkAttendance.attendance?.localImageUrl);
    punch = target(checkAttendance.attendance?.localImageUrl ?? '');
  });
  afterAll(() => service.stop());

  it('an address that was given out is enough: no header is needed, by GET or HEAD', async () => {
    for (const [address, name] of [
      [face, 'grace-hopper.jpg'],
      [punch, 'grace-hopper-2.jpg'],
    ] as const) {
      const answer = await get(address);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/jpeg']);
      expect(answer.bytes.equals(photo(name))).toBe(true);
      expect((await get(address, {}, 'HEAD')).headers['content-length']).toBe(String(photo(name).length));
    }
    const expires = /expires=(\d+)/.exec(face)?.[1] ?? '';
    expect(face).toBe(signed('face_images/EMP-1.jpg', expires, SIGNING_KEY, rowId));
  });

  it('an address stays the same for half of its life, and is good for no longer than the whole', async () => {
    const half = TTL / 2;
    clock.advance((half - (seconds() % half)) * 1000);
    const first = await faceUrl();
    clock.advance((half - 1) * 1000);
    expect(await faceUrl()).toBe(first);
    clock.advance(1000);
    expect(await faceUrl()).not.toBe(first);
    expect((await get(first)).status).toBe(200);
    clock.advance((half - 1) * 1000);
    expect((await get(first)).status).toBe(200);
    clock.advance(1000);
    expect(await refused(first)).toContain('expired');
    expect(await refused(first, { 'if-none-match': '*' })).toContain('expired');
  });

  it('nobody keeps a photo for longer than its address is good', async () => {
    const path = new URL(punch, service.url).pathname.slice('/media/'.length);
    for (const left of [1, 100, TTL]) {
      const { status, headers } = await get(signed(path, seconds() + left));
      expect([status, headers['cache-control']]).toEqual([200, `private, max-age=${left}, immutable`]);
    }
    expect((await get(await faceUrl())).headers['cache-control']).toBe('private, no-cache');
  });

  it('an address that was altered in any way is refused, whether or not there is such a photo', async () => {
    const address = await faceUrl();
    const [, expires = '', signature = ''] = /expires=(\d+)&signature=(.*)$/.exec(address) ?? [];
    const path = '/media/face_images/EMP-1.jpg';
    const last = signature.slice(-1);
    for (const altered of [
      path,
      `${path}?`,
      `${path}?x=1`,
      `${path}?expires=${expires}`,
      `${path}?signature=${signature}`,
      `${path}?expires=&signature=${signature}`,
      `${path}?expires=${Number(expires) + 1}&signature=${signature}`,
      `${path}?expires=0${expires}&signature=${signature}`,
      `${path}?expires=${expires}.0&signature=${signature}`,
      `${path}?expires=1e12&signature=${signature}`,
      `${path}?signature=${signature}&expires=${expires}`,
      `${address}&x=1`,
      `${address}&expires=${expires}`,
      `${address}&signature=${signature}`,
      `${path}?expires=1&expires=${expires}&signature=${signature}`,
      `${path}?expires[]=${expires}&signature[]=${signature}`,
      `${path}?EXPIRES=${expires}&SIGNATURE=${signature}`,
      `${address}=`,
      `${address}%00`,
      `${address} `.replace(' ', '%20'),
      `${path}?expires=${expires}&signature=${signature.slice(0, -1)}`,
      `${path}?expires=${expires}&signature=${signature.toLowerCase()}`,
      // The last character of base64 has two bits that say nothing: every other spelling is refused as well.
      ...[...'AEIMQUYcgkosw048BFJ']
        .filter((other) => other !== last)
        .map((other) => address.slice(0, -1) + other),
      address.replace('EMP-1', 'emp-1'),
      address.replace('EMP-1', 'EMP-2'),
      address.replace('EMP-1.jpg', 'EMP-1.JPG'),
      address.replace('face_images/', 'face_images/templates/'),
      address.replace('/media/', '/media//'),
      address.replace('/EMP-1', '/./EMP-1'),
      address.replace('/EMP-1', '/x/../EMP-1'),
      address.replace('.jpg', '.jpg%00'),
      signed('face_images/EMP-1.jpg', expires, 'another-key-of-the-same-length-as-the-one'),
      signed('face_images/EMP-2.jpg', Number(expires), 'what-addresses-are-signed-with-in-test'),
    ]) {
      const answer = await refused(altered);
      expect(answer).toMatch(/signed URL|valid signature/);
    }
  });

  it('a photo has one spelling: with others even a true signature opens nothing', async () => {
    const address = await faceUrl();
    for (const other of [
      address.replace('/face_images/', '/face_images%2f'),
      address.replace('EMP-1', '%45MP-1'),
      address.replace('EMP-1', 'EMP%2D1'),
      address.replace('.jpg', '%2ejpg'),
      address.replace('/media/', '/%6dedia/'),
      `${address}#x`,
    ]) {
      const answer = await get(other);
      expect([403, 404]).toContain(answer.status);
      expect(faultOf(answer).extensions.code).toMatch(/FORBIDDEN|NOT_FOUND/);
      expect(answer.bytes.includes(photo('grace-hopper.jpg').subarray(0, 100))).toBe(false);
    }
  });

  it('what is signed and is not there, or is no photo, is not there', async () => {
    for (const path of ['../secret.jpg', 'face_images/../../x.jpg', 'face_images/notes.txt']) {
      expect((await get(signed(path, seconds() + 60))).status).toBe(404);
    }
    await refused(signed('face_images/NOBODY.jpg', seconds() + 60));
    await refused(signed('face_images/NOBODY.jpg', seconds() + 60, SIGNING_KEY, rowId));
  });

  it("the administrator's key opens an unsigned address, and not one with a false signature", async () => {
    const answer = await get('/media/face_images/EMP-1.jpg', bearer);
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'private, no-cache']);
    await refused(signed('face_images/EMP-1.jpg', 1_000_000_000), bearer);
    expect((await get('/media/face_images/EMP-1.jpg', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get(await faceUrl(), { authorization: 'Bearer wrong' })).status).toBe(401);
  });
});

describe('how photos are guarded', () => {
  const withService = async (
    options: ServiceOptions,
    look: (service: TestService, url: string, rowId: string) => Promise<void>,
  ): Promise<void> => {
    const service = await TestService.start(options);
    try {
      const input = { name: 'Grace', employeeId: 'EMP-1', ...hopper };
      const answer = await service.send<{ registerEmployee: RegisterAnswer }>(REGISTER, { input }, bearer);
      const { faceImageUrl, id } = data(answer).registerEmployee.employee;
      await look(service, target(faceImageUrl), id);
    } finally {
      await service.stop();
    }
  };

  it('is not at all if the service is open, on this machine only', () =>
    withService({}, async (service, url) => {
      expect(url).toBe('/media/face_images/EMP-1.jpg');
      expect((await send(service.url, url)).status).toBe(200);
    }));

  it('is by signatures if that is asked for, also without a key of the API', () =>
    withService({ env: { MEDIA_ACCESS: 'signed' } }, async (service, url, rowId) => {
      expect((await send(service.url, url)).status).toBe(200);
      expect((await send(service.url, '/media/face_images/EMP-1.jpg')).status).toBe(403);
      // Made once for this installation, for this user's eyes only.
      const file = join(service.storage.dataDir, 'secrets', 'media.key');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const [, expires = ''] = /expires=(\d+)/.exec(url) ?? [];
      expect(url).toBe(signed('face_images/EMP-1.jpg', expires, readFileSync(file), rowId));
    }));

  it('is left to others if that is asked for: who knows the address sees the photo', () =>
    withService({ env: { ADMIN_API_KEY: KEY, MEDIA_ACCESS: 'public' } }, async (service, url) => {
      expect(url).toBe('/media/face_images/EMP-1.jpg');
      expect((await send(service.url, url)).status).toBe(200);
    }));
});
