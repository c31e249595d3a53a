/** Real: services over HTTP, the database. Fake: the clock. */
import { ADMIN_KEY, CREATE_KEY, createKey, createOffice, Speaker, startClosed } from '../support/access';
import { createStorage, describeOnServer, itOnServer } from '../support/databases';
import { faultOf, post } from '../support/hostile';
import { TestService } from '../support/service';

const ROTATE = `mutation ($id: ID!, $grace: Int! = 3600) {
  rotateApiKey(id: $id, graceSeconds: $grace) { secret apiKey { id previousValidUntil } }
}`;
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }';
const KEYS = '{ apiKeys { id name role office { id } revokedAt lastUsedAt previousValidUntil } }';
const LIST = '{ offices { id } }';
const NOBODY = '01900000-0000-7000-8000-000000000000';

interface Rotated {
  readonly rotateApiKey: { secret: string; apiKey: { id: string; previousValidUntil: string | null } };
}

describe('API keys', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Awaited<ReturnType<typeof startClosed>>['clock'];

  beforeAll(async () => {
    ({ service, admin, clock } = await startClosed());
  });
  afterAll(() => service.stop());

  const speak = (secret: string): Speaker => new Speaker(service, secret);
  const codeOf = async (secret: string): Promise<string | undefined> =>
    (await speak(secret).send(LIST)).errors?.[0]?.extensions.code;

  it('show their secret once, which opens what the role allows', async () => {
    const office = await createOffice(admin, { name: 'Lima' });
    const input = { name: 'Front desk', role: 'KIOSK', officeId: office };
    const { createApiKey } = await admin.ask<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      CREATE_KEY,
      { input },
    );
    expect(createApiKey.secret).toMatch(/^rck_[A-Za-z0-9_-]{43}$/);
    expect(createApiKey.apiKey).toMatchObject({
      name: 'Front desk',
      role: 'KIOSK',
      office: { id: office },
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    expect(await codeOf(createApiKey.secret)).toBeUndefined();
    const listed = JSON.stringify(await admin.ask(KEYS));
    expect(listed).toContain(createApiKey.apiKey.id);
    expect(listed).not.toContain(createApiKey.secret.slice(4, 20));
  });

  it('are not made without an office for a kiosk, with an end in the past, or for an office that is not there', async () => {
    const fault = (input: object) => admin.fault(CREATE_KEY, { input: { name: 'X', ...input } });
    const codes = { extensions: { code: 'BAD_USER_INPUT', field: 'officeId' } };
    expect(await fault({ role: 'KIOSK' })).toMatchObject(codes);
    const expiresAt = new Date(clock.now().getTime() - 1).toISOString();
    expect(await fault({ role: 'HR', expiresAt })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', field: 'expiresAt' },
    });
    for (const officeId of [NOBODY, 'x']) {
      expect(await fault({ role: 'KIOSK', officeId })).toMatchObject({
        extensions: { code: 'NOT_FOUND', field: 'officeId' },
      });
    }
    expect(await fault({ name: ' ', role: 'HR' })).toMatchObject({ extensions: { field: 'name' } });
  });

  it('are refused from the moment they expire on', async () => {
    const expiresAt = new Date(clock.now().getTime() + 60_000).toISOString();
    const { secret } = await createKey(admin, { role: 'VIEWER', expiresAt });
    clock.advance(59_000);
    expect(await codeOf(secret)).toBeUndefined();
    clock.advance(1000);
    expect(await codeOf(secret)).toBe('UNAUTHENTICATED');
  });

  it('are refused with the next request after they were revoked, and stay so', async () => {
    const { secret, id } = await createKey(admin, { role: 'VIEWER' });
    expect(await codeOf(secret)).toBeUndefined();
    const first = await admin.ask<{ revokeApiKey: { revokedAt: string } }>(REVOKE, { id });
    expect(await codeOf(secret)).toBe('UNAUTHENTICATED');
    const again = await admin.ask<{ revokeApiKey: { revokedAt: string } }>(REVOKE, { id });
    expect(again).toEqual(first);
    expect((await admin.fault(ROTATE, { id })).extensions.code).toBe('CONFLICT');
    for (const id of [NOBODY, 'x']) {
      expect((await admin.fault(REVOKE, { id })).extensions.code).toBe('NOT_FOUND');
      expect((await admin.fault(ROTATE, { id })).extensions.code).toBe('NOT_FOUND');
    }
  });

  it('get another secret, while the one before works for the grace period, and the one before that no more', async () => {
    const { secret: first, id } = await createKey(admin, { role: 'VIEWER' });
    const rotate = async (grace: number): Promise<string> => {
      const { rotateApiKey } = await admin.ask<Rotated>(ROTATE, { id, grace });
      const until = grace === 0 ? null : new Date(clock.now().getTime() + grace * 1000).toISOString();
      expect(rotateApiKey.apiKey.previousValidUntil).toBe(until);
      return rotateApiKey.secret;
    };
    const second = await rotate(600);
    expect(await Promise.all([codeOf(first), codeOf(second)])).toEqual([undefined, undefined]);
    const third = await rotate(600);
    expect(await Promise.all([first, second, third].map(codeOf))).toEqual([
      'UNAUTHENTICATED',
      undefined,
      undefined,
    ]);
    clock.advance(600_000);
    expect(await Promise.all([codeOf(second), codeOf(third)])).toEqual(['UNAUTHENTICATED', undefined]);
    const fourth = await rotate(0);
    expect(await Promise.all([codeOf(third), codeOf(fourth)])).toEqual(['UNAUTHENTICATED', undefined]);
    for (const grace of [-1, 604_801]) {
      expect(await admin.fault(ROTATE, { id, grace })).toMatchObject({
        extensions: { code: 'BAD_USER_INPUT', field: 'graceSeconds' },
      });
    }
  });

  it('say when they were last used, to a minute', async () => {
    const { secret, id } = await createKey(admin, { role: 'VIEWER' });
    const lastUsed = async (): Promise<number | null> => {
      const { apiKeys } = await admin.ask<{ apiKeys: { id: string; lastUsedAt: string | null }[] }>(KEYS);
      const at = apiKeys.find((key) => key.id === id)?.lastUsedAt ?? null;
      return at === null ? null : Date.parse(at);
    };
    const use = async (): Promise<void> => {
      await codeOf(secret);
      // Written beside the request, which does not wait for it.
      await service.app.settle();
    };
    expect(await lastUsed()).toBeNull();
    const first = clock.now().getTime();
    await use();
    expect(await lastUsed()).toBe(first);
    clock.advance(59_000);
    await use();
    expect(await lastUsed()).toBe(first);
    clock.advance(2000);
    const later = clock.now().getTime();
    await use();
    expect(await lastUsed()).toBe(later);
  });

  it('keep their office until they are revoked', async () => {
    const officeId = await createOffice(admin, { name: 'Quito' });
    const key = await createKey(admin, { role: 'KIOSK', officeId });
    const DELETE = 'mutation ($id: ID!) { deleteOffice(id: $id) }';
    const { extensions } = await admin.fault(DELETE, { id: officeId });
    expect(extensions.code).toBe('CONFLICT');
    await admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id: key.id });
    await admin.ask(DELETE, { id: officeId });
  });

  it.each([
    ['a secret with another end', (secret: string) => `${secret.slice(0, -2)}AA`],
    ['a secret in another case', (secret: string) => secret.toUpperCase()],
    ['a secret and more', (secret: string) => `${secret}x`],
    ['the prefix alone', () => 'rck_'],
    ['a secret that nobody made', () => `rck_${'A'.repeat(43)}`],
    ['the hash of a secret', () => `rck_${'0'.repeat(64)}`],
    ['SQL', () => `rck_'OR'1'='1`],
  ])('are not opened by %s', async (_what, forge) => {
    const { secret } = await createKey(admin, { role: 'VIEWER' });
    const answer = await post(service.url, JSON.stringify({ query: LIST }), {
      'content-type': 'application/json',
      authorization: `Bearer ${forge(secret)}`,
    });
    expect(answer.status).toBe(401);
    expect(faultOf(answer).message).toBe('API key not valid');
  });

  // The same database, without ADMIN_API_KEY: only possible where two processes can share it.
  itOnServer('open an open service too, as what they are', async () => {
    const { secret } = await createKey(admin, { role: 'VIEWER' });
    const open = await TestService.start({ storage: service.storage });
    try {
      expect((await open.send(KEYS)).errors).toBeUndefined();
      const viewer = new Speaker(open, secret);
      expect((await viewer.fault(KEYS)).extensions.code).toBe('FORBIDDEN');
      expect((await new Speaker(open, `${secret}x`).fault(LIST)).extensions.code).toBe('UNAUTHENTICATED');
      // Whatever else is sent does not make the administrator of an open service a stranger.
      expect((await new Speaker(open, ADMIN_KEY).send(KEYS)).errors).toBeUndefined();
    } finally {
      await open.stop();
    }
  });
});

describeOnServer('API keys on two nodes', () => {
  it('are made, rotated and revoked on one, and known on the other with its next request', async () => {
    const storage = await createStorage();
    const [one, two] = await Promise.all([startClosed({ storage }), startClosed({ storage })]);
    try {
      for (let n = 0; n < 5; n++) {
        const [here, there] = n % 2 === 0 ? [one, two] : [two, one];
        const { secret, id } = await createKey(here.admin, { role: 'VIEWER' });
        const codes = () =>
          Promise.all(
            [here, there].map(
              async ({ service }) =>
                (await new Speaker(service, secret).send(LIST)).errors?.[0]?.extensions.code,
            ),
          );
        expect(await codes()).toEqual([undefined, undefined]);
        const { rotateApiKey } = await there.admin.ask<Rotated>(ROTATE, { id, grace: 0 });
        expect(await codes()).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
        const rotated = new Speaker(here.service, rotateApiKey.secret);
        expect((await rotated.send(LIST)).errors).toBeUndefined();
        await there.admin.ask(REVOKE, { id });
        expect((await rotated.fault(LIST)).extensions.code).toBe('UNAUTHENTICATED');
      }
    } finally {
      await Promise.all([one.service.stop(), two.service.stop()]);
      await storage.remove();
    }
  });
});
