/** Real: the service over HTTP, the database, two nodes on PostgreSQL. Fake: the clock. */
import { ATTEMPTS_PER_MINUTE } from '../../src/services/access/kiosk-pairing-service';
import { createKey, createOffice, Speaker, startClosed } from '../support/access';
import { createStorage, itOnServer } from '../support/databases';
import { openDataSource } from '../support/data-source';
import type { Clock } from '../support/clock';
import type { TestService } from '../support/service';
import { pair, PAIR, pairingCode, REDEEM, type Credentials } from '../support/kiosks';

const SETTINGS = `{ kioskSettings {
  office { id name timeZone latitude longitude radiusMeters } requireChallenge requireLiveness computesDescriptors
  positionMaxAgeSeconds positionMaxAccuracyMeters
} }`;
const KEYS = '{ apiKeys { name role allowOffline expiresAt office { id } } }';
const lima = { name: 'Lima', timeZone: 'America/Lima', latitude: 1, longitude: 2, radiusMeters: 100 };

describe('pairing a kiosk', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  let office: string;

  beforeAll(async () => {
    ({ service, admin, clock } = await startClosed());
    office = await createOffice(admin, lima);
  });
  afterAll(() => service.stop());

  const redeem = (code: string) => service.send<{ redeemKioskPairing: Credentials }>(REDEEM, { code });
  const codeOf = async (code: string): Promise<string> => {
    const { errors } = await redeem(code);
    return errors?.[0]?.extensions.code ?? 'none';
  };

  it('swaps a code of eight unambiguous characters for a key, without having one', async () => {
    const { createKioskPairing } = await admin.ask<{
      createKioskPairing: { code: string; expiresAt: string };
    }>(PAIR, { officeId: office, name: 'Front door' });
    expect(createKioskPairing.code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
    expect(Date.parse(createKioskPairing.expiresAt)).toBe(clock.now().getTime() + 600_000);
    const { data, errors } = await redeem(createKioskPairing.code);
    expect(errors).toBeUndefined();
    expect(data?.redeemKioskPairing).toEqual({
      apiKey: expect.stringMatching(/^rck_/) as string,
      office: { id: office, name: 'Lima', timeZone: 'America/Lima' },
    });
    const { apiKeys } = await admin.ask<{ apiKeys: object[] }>(KEYS);
    expect(apiKeys).toContainEqual({
      name: 'Front door',
      role: 'KIOSK',
      allowOffline: true,
      expiresAt: null,
      office: { id: office },
    });
    const kiosk = new Speaker(service, data?.redeemKioskPairing.apiKey ?? '');
    expect(await kiosk.ask('{ offices { id } }')).toEqual({ offices: [{ id: office }] });
    expect((await kiosk.fault(KEYS)).extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['in small letters', (code: string) => code.toLowerCase()],
    ['without the dash', (code: string) => code.replace('-', '')],
    ['in small letters without the dash', (code: string) => code.replace('-', '').toLowerCase()],
  ])('takes the code %s', async (_how, written) => {
    expect(await codeOf(written(await pairingCode(admin, office)))).toBe('none');
  });

  it('says the same of codes that are wrong, used and expired', async () => {
    const [used, expired] = [await pairingCode(admin, office), await pairingCode(admin, office)];
    expect(await codeOf(used)).toBe('none');
    clock.advance(600_000);
    const answers = await Promise.all(
      [used, expired, '2222-2222', 'x', '', 'A'.repeat(10_000), '💥'].map((code) => redeem(code)),
    );
    const faults = answers.map(({ errors }) => ({ ...errors?.[0], extensions: null, locations: null }));
    expect(new Set(faults.map((fault) => JSON.stringify(fault))).size).toBe(1);
    for (const { errors } of answers) {
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'code' });
    }
  });

  it('works until the last moment of ten minutes', async () => {
    const code = await pairingCode(admin, office);
    clock.advance(599_999);
    expect(await codeOf(code)).toBe('none');
  });

  it('asks for an office that is there, and a name that is one', async () => {
    for (const officeId of ['x', '00000000-0000-7000-8000-000000000000']) {
      expect((await admin.fault(PAIR, { officeId })).extensions).toMatchObject({
        code: 'NOT_FOUND',
        field: 'officeId',
      });
    }
    for (const name of ['', ' ', 'x'.repeat(201), 'a\u0000b']) {
      expect((await admin.fault(PAIR, { officeId: office, name })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'name',
      });
    }
  });

  it('goes with its office', async () => {
    const gone = await createOffice(admin, { name: 'Quito' });
    const code = await pairingCode(admin, gone);
    await admin.ask('mutation ($id: ID!) { deleteOffice(id: $id) }', { id: gone });
    expect(await codeOf(code)).toBe('NOT_FOUND');
  });

  it('unpairs at once if the key is revoked', async () => {
    const kiosk = new Speaker(service, await pair(admin, service, office));
    await kiosk.ask(SETTINGS);
    const { apiKeys } = await admin.ask<{ apiKeys: { id: string; name: string; revokedAt: null }[] }>(
      '{ apiKeys { id name revokedAt } }',
    );
    for (const { id, name } of apiKeys) {
      if (name === 'Kiosk') await admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id });
    }
    expect((await kiosk.fault(SETTINGS)).extensions.code).toBe('UNAUTHENTICATED');
  });

  it('does not let what comes with it through: nothing else of the API is open', async () => {
    const query = `mutation { redeemKioskPairing(code: "x") { apiKey } createOffice(input: { name: "Mine" }) { id } }`;
    const { errors } = await service.send(query);
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('tells each key the settings, and a kiosk its office', async () => {
    const kiosk = new Speaker(service, await pair(admin, service, office));
    const settings = {
      ...{ requireChallenge: false, requireLiveness: false, computesDescriptors: true },
      ...{ positionMaxAgeSeconds: 120, positionMaxAccuracyMeters: 150 },
    };
    expect(await kiosk.ask(SETTINGS)).toEqual({
      kioskSettings: { ...settings, office: { id: office, ...lima } },
    });
    const viewer = new Speaker(
      service,
      (await createKey(admin, { role: 'VIEWER', officeId: office })).secret,
    );
    expect(await viewer.ask(SETTINGS)).toEqual({ kioskSettings: { ...settings, office: null } });
    expect(await admin.ask(SETTINGS)).toEqual({ kioskSettings: { ...settings, office: null } });
  });
});

it('pairing is refused for a while after many wrong codes, from any sender', async () => {
  const { service, admin } = await startClosed();
  try {
    const office = await createOffice(admin, { name: 'Lima' });
    const code = await pairingCode(admin, office);
    // A right one does not count.
    await service.ask(REDEEM, { code: await pairingCode(admin, office) });
    const answers = await Promise.all(
      Array.from({ length: ATTEMPTS_PER_MINUTE + 20 }, () => service.fault(REDEEM, { code: '2222-2222' })),
    );
    const codes = answers.map(({ extensions }) => extensions.code);
    expect(codes.filter((each) => each === 'NOT_FOUND')).toHaveLength(ATTEMPTS_PER_MINUTE);
    const fault = await service.fault(REDEEM, { code });
    expect(fault.extensions).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      retryAfterSeconds: expect.any(Number) as number,
    });
  } finally {
    await service.stop();
  }
});

it('a paired kiosk learns what a check needs if the service asks for proofs, and if it looks at no photos', async () => {
  const { service, admin } = await startClosed({
    env: { REQUIRE_LIVENESS: 'true' },
  });
  const blind = await startClosed({ env: { FACE_WORKERS: '0', REQUIRE_CHALLENGE: 'true' } });
  try {
    expect(await admin.ask(SETTINGS)).toMatchObject({
      kioskSettings: { requireChallenge: true, requireLiveness: true, computesDescriptors: true },
    });
    expect(await blind.admin.ask(SETTINGS)).toMatchObject({
      kioskSettings: { requireChallenge: true, requireLiveness: false, computesDescriptors: false },
    });
  } finally {
    await Promise.all([service.stop(), blind.service.stop()]);
  }
});

it('pairing keeps no code in the database, and nothing of it after its time', async () => {
  const storage = await createStorage();
  const first = await startClosed({ storage });
  const office = await createOffice(first.admin, { name: 'Lima' });
  const code = await pairingCode(first.admin, office);
  await first.service.app.close();
  const rows = async (): Promise<object[]> => {
    const dataSource = await openDataSource(storage);
    try {
      return await dataSource.query(`SELECT *, encode(code_hash, 'hex') AS hash FROM kiosk_pairings`);
    } finally {
      await dataSource.destroy();
    }
  };
  const kept = await rows();
  expect(kept).toHaveLength(1);
  expect(JSON.stringify(kept)).not.toContain(code.slice(0, 4));
  const later = await startClosed({ storage, now: () => new Date(Date.now() + 601_000) });
  await later.service.app.sweep();
  await later.service.app.close();
  expect(await rows()).toEqual([]);
  await storage.remove();
});

itOnServer('pairing is done by one of many tablets that race for a code on two nodes', async () => {
  const storage = await createStorage();
  const nodes = [await startClosed({ storage }), await startClosed({ storage })];
  try {
    const [one] = nodes;
    const office = await createOffice((one as (typeof nodes)[0]).admin, { name: 'Lima' });
    for (let round = 0; round < 5; round++) {
      const code = await pairingCode((one as (typeof nodes)[0]).admin, office);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          (nodes[n % 2] as (typeof nodes)[0]).service.send(REDEEM, { code }),
        ),
      );
      const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'paired');
      expect(codes.sort()).toEqual([...Array<string>(9).fill('NOT_FOUND'), 'paired']);
    }
  } finally {
    await Promise.all(nodes.map(({ service }) => service.stop()));
    await storage.remove();
  }
});
