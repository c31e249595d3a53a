/** Real: services in and out of production over HTTP, the database. Fake: nothing. */
import { ADMIN_KEY, as } from '../support/access';
import { faultOf, send, type RawAnswer } from '../support/hostile';
import { TestService } from '../support/service';

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** Runs a service, and asks it as a browser does. */
async function withService(
  env: Readonly<Record<string, string>>,
  act: (open: (path: string) => Promise<RawAnswer>, service: TestService) => Promise<void>,
): Promise<void> {
  const service = await TestService.start({ env: { ADMIN_API_KEY: ADMIN_KEY, FACE_WORKERS: '0', ...env } });
  try {
    await act((path) => send(service.url, path, { headers: browser }), service);
  } finally {
    await service.stop();
  }
}

const policyOf = ({ headers }: RawAnswer): string => String(headers['content-security-policy']);

describe('the pages to try the API with', () => {
  it('are off in production, but the API still answers programs', async () => {
    await withService({ NODE_ENV: 'production' }, async (open, service) => {
      for (const path of ['/graphql', '/graphql?query={__typename}', '/graphiql']) {
        const page = await open(path);
        expect([path, page.status]).toEqual([path, 404]);
        expect(page.text).not.toMatch(/apollographql|graphiql/i);
      }
      const query = await send(service.url, '/graphql?query={__typename}', {
        headers: { ...as(ADMIN_KEY), 'apollo-require-preflight': '1' },
      });
      expect([query.status, query.text.trim()]).toEqual([200, '{"data":{"__typename":"Query"}}']);
      expect((await send(service.url, '/graphiql')).status).toBe(404);
    });
  });

  it('are from the installed package alone in production, if they are asked for', async () => {
    await withService({ NODE_ENV: 'production', API_EXPLORER: 'true' }, async (open) => {
      const graphql = await open('/graphql');
      expect([graphql.status, graphql.headers.location]).toEqual([302, '/graphiql']);
      const page = await open('/graphiql');
      expect(page.status).toBe(200);
      expect(policyOf(page)).toMatch(/^default-src 'none';.*script-src 'sha256-[\w+/=]+';/);
      expect(policyOf(page)).not.toMatch(/https?:|unsafe-eval|script-src[^;]*unsafe-inline/);
    });
  });

  it('load a script of others only at /graphql outside production, under a policy', async () => {
    await withService({}, async (open) => {
      const sandbox = await open('/graphql?query={__typename}');
      expect(policyOf(sandbox)).toMatch(
        /script-src 'unsafe-inline' https:\/\/embeddable-sandbox\.cdn\.apollographql\.com;/,
      );
      for (const path of ['/graphiql', '/kiosk', '/enrol', '/board', '/', '/reference', '/nothing']) {
        expect([path, policyOf(await open(path))]).toEqual([path, expect.not.stringContaining('http')]);
      }
    });
  });

  it('can be turned off outside production too', async () => {
    await withService({ API_EXPLORER: 'false' }, async (open) => {
      expect((await open('/graphql')).status).toBe(404);
      const refused = await open('/graphiql');
      expect([refused.status, refused.headers['content-type']]).toEqual([404, expect.stringMatching(/html/)]);
    });
  });
});

it('nothing of a page is an answer to a program without an operation', async () => {
  await withService({}, async (_open, { url }) => {
    const answer = await send(url, '/graphql', { headers: as(ADMIN_KEY) });
    expect([answer.status, faultOf(answer).extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });
});
