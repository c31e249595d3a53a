/** Real: the service over HTTP on a PostgreSQL database that becomes read-only, is cut off, and is renamed. Fake: nothing. */
import { describeOnServer, createStorage, onServer, type TestStorage } from '../support/databases';
import { send } from '../support/hostile';
import { CHECK, check, hopper, register } from '../support/operations';
import { TestService } from '../support/service';
import { until } from '../support/until';

describeOnServer('the service, when PostgreSQL', () => {
  let service: TestService;
  let storage: TestStorage;
  let name: string;

  beforeAll(async () => {
    storage = await createStorage();
    name = new URL(storage.databaseUrl as string).pathname.slice(1);
    service = await TestService.start({
      storage,
      env: { PUNCH_MIN_INTERVAL_SECONDS: '0', REPLAY_WINDOW_DAYS: '0' },
    });
    await register(service);
  });
  afterAll(async () => {
    await service.stop();
    await storage.remove();
  });

  const cutAll = (database = name) =>
    onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
  const readiness = async (): Promise<number> => (await send(service.url, '/readyz')).status;
  const refusal = async () => {
    const { errors } = await service.send(CHECK, { input: { employeeId: 'EMP-1', ...hopper } });
    return errors?.[0];
  };
  const expectUnavailable = async (): Promise<void> => {
    expect(await refusal()).toMatchObject({
      message: 'Database unavailable; try again shortly',
      extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 5 },
    });
    expect(await readiness()).toBe(503);
  };
  const expectRecorded = async (): Promise<void> => {
    expect(await check(service, { employeeId: 'EMP-1' })).toHaveProperty('status', 'RECORDED');
  };

  it('is read-only after a failover, says UNAVAILABLE, is not ready, and recovers by itself', async () => {
    await expectRecorded();
    expect(await readiness()).toBe(200);
    await onServer(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await cutAll();
    await expectUnavailable();
    // Connections that only read, made while it was so, are as good as any until something is written.
    await Promise.all(Array.from({ length: 10 }, () => service.send('{ offices { id } }')));
    await onServer(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await expectRecorded();
    expect(await until(readiness, (status) => status === 200)).toBe(200);
    await expectRecorded();
  });

  it('turns read-only under open connections, replaces all of them once one has found out', async () => {
    await Promise.all(Array.from({ length: 10 }, () => service.send('{ offices { id } }')));
    // What a failover leaves: sessions with the old server, which only reads from now on.
    await onServer(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await cutAll();
    await Promise.all(Array.from({ length: 10 }, () => service.send('{ offices { id } }')));
    await onServer(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    const answers: unknown[] = [];
    for (let n = 0; n < 10; n++) answers.push((await refusal())?.extensions.code);
    // The sessions of the time before are ten; at most the first of them is noticed by a check.
    expect(answers.filter((code) => code !== undefined).length).toBeLessThanOrEqual(1);
  });

  it('cuts every connection, answers the next check', async () => {
    await cutAll();
    await until(refusal, (fault) => fault === undefined);
    await expectRecorded();
  });

  it('no longer has the database, says UNAVAILABLE, and recovers by itself', async () => {
    // Nobody may be connected while it is renamed, and the service comes back at once.
    await onServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await cutAll();
    await until(async () => {
      await cutAll();
      return onServer(`ALTER DATABASE ${name} RENAME TO ${name}_away`).then(
        () => true,
        () => false,
      );
    });
    await expectUnavailable();
    await onServer(`ALTER DATABASE ${name}_away RENAME TO ${name}`);
    await onServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await expectRecorded();
    expect(await until(readiness, (status) => status === 200)).toBe(200);
  });

  it('is asked by many whether it is ready, is written to once in five seconds', async () => {
    await until(readiness, (status) => status === 200);
    const written = async (): Promise<unknown> =>
      (await service.sql(`SELECT xmin::text AS x FROM write_proofs`))[0]?.['x'];
    const transactions = new Set<unknown>();
    const began = performance.now();
    for (let round = 0; round < 10; round++) {
      expect(await Promise.all(Array.from({ length: 10 }, readiness))).toEqual(Array(10).fill(200));
      transactions.add(await written());
    }
    // One, and another one for all five seconds that ended meanwhile.
    expect(transactions.size).toBeLessThanOrEqual(2 + (performance.now() - began) / 5000);
  });
});
