/** Real: the service over HTTP on the database of the run; the challenges' limits at the service. Fake: the clock. */
import type { DataSource } from 'typeorm';
import { Authenticator } from '../../src/http/hooks/authenticator';
import { RollcallError } from '../../src/errors';
import { MAX_OPEN_CHALLENGES } from '../../src/services/attendance/check/challenge-service';
import { Clock } from '../support/clock';
import { createStorage, type TestStorage } from '../support/databases';
import { openDataSource } from '../support/data-source';
import { CREATE_OFFICE, register } from '../support/operations';
import { TestService } from '../support/service';
import { addEmployee, anyone, challengesOn, plain } from '../support/challenges';

const CREATE = `mutation ($input: CreateChallengeInput! = {}) {
  createChallenge(input: $input) { token expiresAt actions }
}`;

interface Created {
  readonly createChallenge: {
    readonly token: string;
    readonly expiresAt: string;
    readonly actions: string[];
  };
}

describe('createChallenge', () => {
  const clock = new Clock();
  let service: TestService;
  const create = async (input?: object) =>
    (await service.ask<Created>(CREATE, input === undefined ? {} : { input })).createChallenge;

  beforeAll(async () => {
    service = await TestService.start({ now: clock.now });
    await register(service);
  });
  afterAll(() => service.stop());

  it('answers a token of 256 bits, another one each time, for two minutes', async () => {
    const [one, two] = [await create(), await create({})];
    for (const { token, expiresAt, actions } of [one, two]) {
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(Date.parse(expiresAt)).toBe(clock.now().getTime() + 120_000);
      expect(actions).toEqual([]);
    }
    expect(one.token).not.toBe(two.token);
    // Without the argument as well.
    const { createChallenge } = await service.ask<Created>('mutation { createChallenge { token actions } }');
    expect(createChallenge.actions).toEqual([]);
  });

  it('asks for two or three distinct actions, in an order that varies', async () => {
    const all = ['LOOK_UP', 'OPEN_MOUTH', 'TURN_LEFT', 'TURN_RIGHT'];
    const orders: string[][] = [];
    for (let n = 0; n < 60; n++) orders.push((await create({ liveness: true })).actions);
    for (const actions of orders) {
      expect(new Set(actions).size).toBe(actions.length);
      for (const action of actions) expect(all).toContain(action);
    }
    expect([...new Set(orders.map(({ length }) => length))].sort()).toEqual([2, 3]);
    expect([...new Set(orders.map(([first]) => first))].sort()).toEqual(all);
    // Of 36 orders, 60 times drawn.
    expect(new Set(orders.map(String)).size).toBeGreaterThanOrEqual(15);
  });

  it('takes an office and an employee that are there', async () => {
    const { createOffice } = await service.ask<{ createOffice: { id: string } }>(CREATE_OFFICE, {
      input: { name: 'Lima' },
    });
    await create({ officeId: createOffice.id, employeeId: 'emp-1' });
  });

  it.each([
    ['officeId', 'no uuid', 'NOT_FOUND'],
    ['officeId', '00000000-0000-7000-8000-000000000000', 'NOT_FOUND'],
    ['employeeId', 'EMP-9', 'NOT_FOUND'],
    ['employeeId', '../etc', 'BAD_USER_INPUT'],
    ['employeeId', '', 'BAD_USER_INPUT'],
  ])('refuses %s %j with %s', async (field, value, code) => {
    const { extensions } = await service.fault(CREATE, { input: { [field]: value } });
    expect(extensions).toMatchObject({ code, field });
  });

  it('needs the key if there is one', async () => {
    const closed = await TestService.start({
      env: { ADMIN_API_KEY: 'key-of-the-tests-0123456789' },
    });
    try {
      const { errors } = await closed.send(CREATE);
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    } finally {
      await closed.stop();
    }
  });
});

it('createChallenge distinguishes the administrator from users of an open service', async () => {
  const key = 'key-of-the-tests-0123456789';
  const authenticator = (adminApiKey: string | null) =>
    new Authenticator({ adminApiKey, keys: { find: () => Promise.resolve(null) }, tokens: null });
  const callers = await Promise.all([
    authenticator(key).authenticate(`Bearer ${key}`, '127.0.0.1'),
    authenticator(null).authenticate(undefined, '127.0.0.1'),
  ]);
  const ids = callers.map((requester) => requester?.caller);
  expect(ids).toEqual(['admin', 'open']);
});

describe('challenges', () => {
  let storage: TestStorage;
  let dataSource: DataSource;

  beforeAll(async () => {
    storage = await createStorage();
    dataSource = await openDataSource(storage);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });

  it('are not made for an employee who has left', async () => {
    await addEmployee(dataSource, 'GONE', false);
    const challenges = challengesOn(dataSource, new Clock().now);
    await expect(challenges.create({ ...plain, employeeId: 'GONE' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { field: 'employeeId' },
    });
  });

  it('are kept without their token', async () => {
    const { token } = await challengesOn(dataSource, new Clock().now).create({ ...plain, liveness: true });
    const rows = await dataSource.query<{ row: string }[]>('SELECT c::text AS row FROM challenges c');
    const text = rows.map(({ row }) => row).join('\n');
    expect(text).toMatch(/kiosk/);
    for (const encoding of ['hex', 'base64'] as const) {
      expect(text).not.toContain(Buffer.from(token, 'base64url').toString(encoding));
      expect(text).not.toContain(Buffer.from(token).toString(encoding));
    }
    expect(text).not.toContain(token);
  });

  it('are open for each caller up to a limit, which says when to come back', async () => {
    await dataSource.query('DELETE FROM challenges');
    const clock = new Clock();
    const challenges = challengesOn(dataSource, clock.now);
    const { token } = await challenges.create(plain);
    clock.advance(30_500);
    for (let n = 1; n < MAX_OPEN_CHALLENGES; n++) await challenges.create(plain);
    const fault: unknown = await challenges.create(plain).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(RollcallError);
    // The first expires 89.5 s from now.
    expect(fault).toMatchObject({ code: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 90 } });
    // Others are not kept from theirs.
    await challenges.create({ ...plain, caller: 'another kiosk' });

    await challenges.redeem(token, anyone);
    await challenges.create(plain);
    await expect(challenges.create(plain)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    clock.advance(120_000);
    await challenges.create(plain);
  });
});

it('a challenge whose time is over is purged by housekeeping, as samples are', async () => {
  const clock = new Clock();
  const service = await TestService.start({ now: clock.now, env: { REPLAY_WINDOW_DAYS: '1' } });
  const left = () =>
    service.sql('SELECT (SELECT count(*)::int FROM challenges) + count(*)::int AS n FROM seen_samples');
  try {
    await service.ask(CREATE);
    await service.sql(
      `INSERT INTO seen_samples (hash, caller, first_seen_at, seen_at) VALUES (sha256('x'), 'kiosk', $1, $1)`,
      [clock.now()],
    );
    expect(await left()).toEqual([{ n: 2 }]);
    await service.app.sweep();
    expect(await left()).toEqual([{ n: 2 }]);
    clock.advance(86_400_001);
    await service.app.sweep();
    expect(await left()).toEqual([{ n: 0 }]);
  } finally {
    await service.stop();
  }
});
