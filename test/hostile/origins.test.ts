/** Real: the service over HTTP without a key, the database. Fake: the names and origins that clients claim. */
import { faultOf, post, send, type RawAnswer } from '../support/hostile';
import { freePort } from '../support/ports';
import { TestService } from '../support/service';

const json = { 'content-type': 'application/json' };

describe('open, without a key', () => {
  let service: TestService;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    const env = { PORT: String(port), PUBLIC_URL: 'http://attendance.test:8080' };
    service = await TestService.start({ env });
    url = `http://localhost:${port}`;
  });
  afterAll(() => service.stop());

  it.each(['evil.example', 'evil.example:4000', 'localhost.evil.example', '127.0.0.2', '10.0.0.1', '[::2]'])(
    'answers nothing under the name %s, which a page elsewhere could have pointed here',
    async (host) => {
      for (const [path, method] of [
        ['/graphql', 'POST'],
        ['/graphql', 'GET'],
        ['/media/face_images/EMP-1.jpg', 'GET'],
        ['/healthz', 'GET'],
      ] as const) {
        const answer = await send(url, path, { method, headers: { host } });
        expect([path, answer.status]).toEqual([path, 403]);
        expect(faultOf(answer).extensions.code).toBe('FORBIDDEN');
      }
    },
  );

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1:4000', '[::1]:4000', 'attendance.test:8080'])(
    'answers under the name %s',
    async (host) => {
      const answer = await post(url, '{"query":"{ offices { id } }"}', { ...json, host });
      expect(answer.status).toBe(200);
    },
  );

  const preflight = (origin: string): Promise<RawAnswer> =>
    send(url, '/graphql', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers':
          'authorization,content-type,apollo-require-preflight,x-apollo-operation-name',
      },
    });

  it.each(['https://studio.apollographql.com', 'http://attendance.test:8080'])(
    'lets pages of %s in',
    async (origin) => {
      const { status, headers } = await preflight(origin);
      expect(status).toBe(204);
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-allow-methods']).toContain('POST');
      const allowed = headers['access-control-allow-headers']?.split(/, */) ?? [];
      for (const name of [
        'authorization',
        'content-type',
        'apollo-require-preflight',
        'x-apollo-operation-name',
      ]) {
        expect(allowed).toContain(name);
      }
      const answer = await post(url, '{"query":"{ __typename }"}', { ...json, origin });
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
      for (const name of ['x-request-id', 'x-total-people', 'x-derived-at', 'content-disposition']) {
        expect(answer.headers['access-control-expose-headers']).toContain(name);
      }
    },
  );

  it.each([
    'https://evil.example',
    'null',
    'https://studio.apollographql.com.evil.example',
    'http://studio.apollographql.com',
    'http://localhost:3000',
  ])('does not let pages of %s in', async (origin) => {
    expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
    const answer = await post(url, '{"query":"{ __typename }"}', { ...json, origin });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});
