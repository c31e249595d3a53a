/** Real: the service over HTTP, paths that no client library would send, the disk. Fake: nothing. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectDiscreet, faultOf, send, type RawAnswer } from '../support/hostile';
import { check, register } from '../support/operations';
import { photo, strangerDescriptor } from '../support/photos';
import { TestService } from '../support/service';

const jpeg = photo('grace-hopper.jpg');
const SECRET = 'what-must-not-be-served';

let service: TestService;
let face: string;
let punch: string;
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> =>
  send(service.url, path, { method, headers });

beforeAll(async () => {
  service = await TestService.start();
  const { employee } = await register(service);
  await register(service, { employeeId: '.hidden', faceDescriptor: strangerDescriptor(1) });
  face = new URL(employee.faceImageUrl).pathname;
  punch = new URL((await check(service, { employeeId: 'EMP-1' })).attendance?.localImageUrl ?? '').pathname;
});
afterAll(() => service.stop());

describe('a photo', () => {
  it('comes byte for byte, as what it is and as nothing else', async () => {
    const { status, headers, bytes } = await get(face);
    expect(status).toBe(200);
    expect(bytes.equals(jpeg)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(jpeg.length),
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'content-security-policy': expect.stringContaining("default-src 'self'") as unknown,
    });
  });

  it('may be kept for ever if it never changes, and is asked for again if it may be replaced', async () => {
    expect((await get(face)).headers['cache-control']).toBe('private, no-cache');
    const { status, headers, bytes } = await get(punch);
    expect(status).toBe(200);
    expect(bytes.equals(photo('grace-hopper-2.jpg'))).toBe(true);
    expect(headers['cache-control']).toBe('private, max-age=31536000, immutable');
  });

  it('is not sent again to a client that has it', async () => {
    const { etag = '', 'last-modified': modified = '' } = (await get(face)).headers;
    expect(etag).toMatch(/^(W\/)?"[^"]+"$/);
    for (const condition of [{ 'if-none-match': etag }, { 'if-modified-since': modified }]) {
      const { status, bytes } = await get(face, condition);
      expect([status, bytes.length]).toEqual([304, 0]);
    }
    const older = new Date(Date.parse(modified) - 60_000).toUTCString();
    expect((await get(face, { 'if-none-match': '"another"' })).status).toBe(200);
    expect((await get(face, { 'if-modified-since': older })).status).toBe(200);
    expect((await get(face, { 'if-match': '"another"' })).status).toBe(412);
  });

  it('comes in parts', async () => {
    const part = await get(face, { range: 'bytes=10-19' });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 10-19/${jpeg.length}`);
    expect(part.bytes.equals(jpeg.subarray(10, 20))).toBe(true);
    const end = await get(face, { range: 'bytes=-5' });
    expect(end.bytes.equals(jpeg.subarray(-5))).toBe(true);
    const beyond = await get(face, { range: `bytes=${jpeg.length}-` });
    expect(beyond.status).toBe(416);
    expect(beyond.headers['content-range']).toBe(`bytes */${jpeg.length}`);
    expect(beyond.bytes.includes(jpeg.subarray(0, 50))).toBe(false);
  });

  it('can be asked about without being sent', async () => {
    const { status, headers, bytes } = await get(face, {}, 'HEAD');
    expect([status, headers['content-length'], bytes.length]).toEqual([200, String(jpeg.length), 0]);
    expect((await get('/media/face_images/NOBODY.jpg', {}, 'HEAD')).status).toBe(404);
  });

  it('of an employeeId that begins with a dot is served, since the id may', async () => {
    expect((await get('/media/face_images/.hidden.jpg')).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE'])('cannot be changed by %s', async (method) => {
    expect((await get(face, {}, method)).status).toBe(404);
    expect((await get(face)).bytes.equals(jpeg)).toBe(true);
  });
});

describe('what is no photo', () => {
  beforeAll(() => {
    const { dataDir } = service.storage;
    const media = join(dataDir, 'media');
    writeFileSync(join(dataDir, 'secret.jpg'), SECRET);
    mkdirSync(join(dataDir, 'outside'), { recursive: true });
    writeFileSync(join(dataDir, 'outside', 'EMP-1.jpg'), SECRET);
    writeFileSync(join(dataDir, 'incoming', 'staged.part'), SECRET);
    writeFileSync(join(media, 'face_images', 'notes.txt'), SECRET);
    writeFileSync(join(media, 'face_images', '.env'), SECRET);
    writeFileSync(join(media, 'other.jpg'), SECRET);
    mkdirSync(join(media, 'face_images', 'folder.jpg'));
    mkdirSync(join(media, 'face_images', 'deep'));
    cpSync(join(dataDir, 'secret.jpg'), join(media, 'face_images', 'deep', 'x.jpg'));
    symlinkSync(join(dataDir, 'secret.jpg'), join(media, 'face_images', 'link.jpg'));
    symlinkSync('/etc/passwd', join(media, 'face_images', 'passwd.jpg'));
    symlinkSync('link.jpg', join(media, 'face_images', 'link2.jpg'));
    symlinkSync(join(dataDir, 'outside'), join(media, 'linked_folder'));
    mkdirSync(join(media, 'attendance_images', '2020', '01'), { recursive: true });
    symlinkSync(join(dataDir, 'outside'), join(media, 'attendance_images', '2020', '01', '01'));
    const id = '0190a5c4-7a3b-7000-8000-000000000000';
    writeFileSync(join(dataDir, 'outside', `${id}.jpg`), SECRET);
  });

  it.each([
    '/media',
    '/media/',
    '/media//',
    '/media/.',
    '/media/..',
    '/media/face_images',
    '/media/face_images/',
    '/media/face_images/folder.jpg',
    '/media/face_images/folder.jpg/',
    '/media/face_images/deep/x.jpg',
    '/media/face_images/notes.txt',
    '/media/face_images/.env',
    '/media/face_images/.jpg',
    '/media/other.jpg',
    '/media/../secret.jpg',
    '/media/face_images/../../secret.jpg',
    '/media/..%2fsecret.jpg',
    '/media/%2e%2e/secret.jpg',
    '/media/%2e%2e%2fsecret.jpg',
    '/media/face_images/%2e%2e/%2e%2e/secret.jpg',
    '/media/face_images/..%2f..%2fsecret.jpg',
    '/media/face_images/..%5c..%5csecret.jpg',
    '/media/face_images/..\\..\\secret.jpg',
    '/media/face_images/%252e%252e%252f%252e%252e%252fsecret.jpg',
    '/media/%252e%252e/secret.jpg',
    '/media/face_images/%c0%ae%c0%ae/secret.jpg',
    '/media/face_images/EMP-1.jpg%00',
    '/media/face_images/EMP-1%00.jpg',
    '/media/face_images/notes.txt%00.jpg',
    '/media/face_images/EMP-1.jpg%0a',
    '/media/face_images/EMP-1.jpg/..',
    '/media/face_images/./EMP-1.jpg',
    '/media/face_images//EMP-1.jpg',
    '/media/face_images%2fEMP-1.jpg%2f..%2fnotes.txt',
    '/media//etc/passwd',
    '/media/%2fetc%2fpasswd',
    '/media/face_images/%2fetc%2fpasswd.jpg',
    '/media/face_images/passwd.jpg',
    '/media/face_images/link.jpg',
    '/media/face_images/link2.jpg',
    '/media/linked_folder/EMP-1.jpg',
    '/media/attendance_images/2020/01/01/0190a5c4-7a3b-7000-8000-000000000000.jpg',
    '/media/attendance_images/2020/01/01',
    '/media/../incoming/staged.part',
    '/media/%2e%2e/incoming/staged.part',
    '/media/../database/PG_VERSION',
    '/media/%2e%2e%2fdatabase%2fPG_VERSION',
    '/incoming/staged.part',
    '/database/PG_VERSION',
    '/secret.jpg',
    '/media/%',
    '/media/%zz',
    '/media/%ff',
    '/media/face_images/' + 'a'.repeat(65) + '.jpg',
    '/media/face_images/' + 'a'.repeat(8000) + '.jpg',
  ])('is not at %p', async (path) => {
    const answer = await get(path);
    expect([400, 404, 414]).toContain(answer.status);
    expect(answer.text).not.toContain(SECRET);
    expect(answer.bytes.includes(jpeg.subarray(0, 100))).toBe(false);
    expect(['NOT_FOUND', 'BAD_USER_INPUT']).toContain(faultOf(answer).extensions.code);
    expectDiscreet(answer.text, '');
    expect(answer.text).not.toContain(service.storage.dataDir);
  });

  it('is not reached by a whole address in the request line either', async () => {
    for (const path of ['http://localhost/media/../secret.jpg', 'file:///etc/passwd', '*']) {
      const answer = await get(path);
      // The router takes the last one for `/`, whose page is the same for everybody.
      if (answer.status === 200) expect(answer.headers['content-type']).toContain('text/html');
      else expect([400, 404]).toContain(answer.status);
      expect(answer.text).not.toContain(SECRET);
    }
  });
});
