/** Real: the service over HTTP, the database, the disk. Fake: the clock. */
import { createHmac } from 'node:crypto';
import { ADMIN_KEY, as, type Speaker, startClosed } from '../support/access';
import type { Clock } from '../support/clock';
import { send } from '../support/hostile';
import { collins, hopper, register } from '../support/operations';
import { photo } from '../support/photos';
import { erase, erased } from '../support/privacy';
import type { TestService } from '../support/service';
import { FAST_UPLOADS } from '../support/uploads';

const SIGNING_KEY = 'what-addresses-are-signed-with-in-tests';
const TTL = 600;

describe('a signed address', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  const get = (url: string, headers: Record<string, string> = {}) =>
    send(service.url, url.replace(service.url, ''), { headers });

  beforeAll(async () => {
    const env = { MEDIA_SIGNING_KEY: SIGNING_KEY, MEDIA_URL_TTL_SECONDS: String(TTL) };
    ({ service, admin, clock } = await startClosed({ env, uploadTiming: FAST_UPLOADS }));
  });
  beforeEach(() => service.reset());
  afterAll(() => service.stop());

  it.each([true, false])(
    'does not show the next person with the employeeId (punches kept: %s)',
    async (keep) => {
      const first = await register(admin);
      const old = first.employee.faceImageUrl;
      expect((await get(old)).bytes.equals(photo('grace-hopper.jpg'))).toBe(true);
      const { id } = await erase(admin, 'EMP-1', keep);
      expect((await get(old)).status).toBe(403);
      await erased(admin, id);
      expect((await get(old)).status).toBe(403);
      const next = await register(admin, { name: 'Eileen Collins', employeeId: 'EMP-1', ...collins });
      const url = next.employee.faceImageUrl;
      // The same file and path.
      expect(new URL(url).pathname).toBe(new URL(old).pathname);
      expect((await get(url)).bytes.equals(photo('eileen-collins.jpg'))).toBe(true);
      for (const headers of [{}, { 'if-none-match': '*' }, { range: 'bytes=0-99' }] as Record<
        string,
        string
      >[]) {
        const answer = await get(old, headers);
        expect(answer.status).toBe(403);
        expect(answer.bytes.includes(photo('eileen-collins.jpg').subarray(0, 100))).toBe(false);
      }
      // Nor does one that is spelled as the other's.
      const signature = new URL(old).searchParams.get('signature') ?? '';
      const mixed = url.replace(/signature=.*/, `signature=${signature}`);
      expect((await get(mixed)).status).toBe(403);
    },
  );

  it('shows a photo that replaced the first, at its own address only', async () => {
    const { employee } = await register(admin);
    const old = employee.faceImageUrl;
    await admin.ask(
      'mutation ($input: FaceTemplateInput!) { replaceFace(input: $input) { employee { id } } }',
      {
        input: { employeeId: 'EMP-1', ...hopper },
      },
    );
    const answer = await admin.ask<{ employee: { faceImageUrl: string } }>(
      '{ employee(employeeId: "EMP-1") { faceImageUrl } }',
    );
    expect((await get(answer.employee.faceImageUrl)).status).toBe(200);
    expect([403, 404]).toContain((await get(old)).status);
  });

  it('is refused if it expires later than any that the service gives out', async () => {
    const { employee } = await register(admin);
    const seconds = clock.now().getTime() / 1000;
    const signed = (expires: number): string => {
      const text = `rollcall-media-2\nface_images/EMP-1.jpg\n${employee.id}\n${expires}`;
      const signature = createHmac('sha256', SIGNING_KEY).update(text).digest('base64url');
      return `/media/face_images/EMP-1.jpg?expires=${expires}&signature=${signature}`;
    };
    const now = Math.floor(seconds);
    expect((await get(signed(now + TTL))).status).toBe(200);
    for (const later of [now + TTL + 2, now + 86_400, now + 86_400 * 3650, 999_999_999_999]) {
      expect([later, (await get(signed(later))).status]).toEqual([later, 403]);
      expect((await get(signed(later), as(ADMIN_KEY))).status).toBe(403);
    }
  });
});
