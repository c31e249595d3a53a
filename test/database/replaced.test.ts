/** Real: the service over HTTP on a PostgreSQL database that is replaced by a backup of it. Fake: nothing. */
import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { createStorage, describeOnServer, onServer, type TestStorage } from '../support/databases';
import { check, collins, hopper, register } from '../support/operations';
import { TestService } from '../support/service';
import { until } from '../support/until';

describeOnServer('a database that is replaced by an earlier state of it under a running service', () => {
  let storage: TestStorage;
  let name: string;
  let service: TestService;

  beforeEach(async () => {
    storage = await createStorage();
    name = new URL(storage.databaseUrl as string).pathname.slice(1);
    const env = { PUNCH_MIN_INTERVAL_SECONDS: '0', REPLAY_WINDOW_DAYS: '0' };
    service = await TestService.start({ storage, env });
    await register(service);
    await service.stop();
    await onServer(`CREATE DATABASE ${name}_backup TEMPLATE ${name}`);
    service = await TestService.start({ storage, env });
  });
  afterEach(async () => {
    await service.stop();
    await storage.remove();
    await onServer(`DROP DATABASE IF EXISTS ${name}_gone WITH (FORCE)`);
  });

  async function restore(): Promise<void> {
    await onServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await until(async () => {
      await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      return onServer(`ALTER DATABASE ${name} RENAME TO ${name}_gone`).then(
        () => true,
        () => false,
      );
    });
    await onServer(`ALTER DATABASE ${name}_backup RENAME TO ${name}`);
    await until(
      () => service.send('{ offices { id } }'),
      ({ errors }) => errors === undefined,
    );
  }

  it('matches nobody who is not in it any more, and enrols them again', async () => {
    await register(service, { ...collins, name: 'Eileen', employeeId: 'EMP-2' });
    expect(await check(service, collins)).toHaveProperty('status', 'RECORDED');
    await restore();
    expect(await check(service, collins)).toHaveProperty('status', 'FACE_NOT_RECOGNIZED');
    await until(() =>
      register(service, { ...collins, name: 'Eileen', employeeId: 'EMP-3' }).catch(() => null),
    );
    expect(await check(service, collins)).toHaveProperty('attendance.employee.employeeId', 'EMP-3');
    expect(await check(service, hopper)).toHaveProperty('attendance.employee.employeeId', 'EMP-1');
  });

  it('keeps the photos of punches that it lacks, for a person to decide', async () => {
    const { attendance } = await check(service);
    const photo = join(storage.dataDir, new URL(attendance?.localImageUrl ?? '').pathname);
    await restore();
    utimesSync(photo, 0, 0);
    expect(await service.app.sweep()).toBe(0);
    expect(existsSync(photo)).toBe(true);
    const { reviewItems } = await service.ask('{ reviewItems { nodes { id reason } } }');
    expect(reviewItems).toEqual({ nodes: [{ id: attendance?.id, reason: 'PUNCH_LOST' }] });
  });

  it('takes another change with the same number for what it is', async () => {
    await register(service, { ...collins, name: 'Eileen', employeeId: 'EMP-2' });
    const url = new URL(storage.databaseUrl as string);
    url.pathname = `/${name}_backup`;
    const backup = new Client({ connectionString: url.href });
    await backup.connect();
    // As another node wrote it there: one change, and so the number that this service is at.
    await backup.query(`WITH e AS (UPDATE employees SET active = false RETURNING id),
      s AS (UPDATE gallery_state SET version = version + 1, token = gen_random_uuid() RETURNING version, token),
      v AS (INSERT INTO gallery_versions SELECT version, token FROM s)
      UPDATE gallery_changes c SET version = s.version FROM s, e WHERE c.employee_id = e.id`);
    await backup.end();
    await restore();
    expect(await check(service, hopper)).toHaveProperty('status', 'FACE_NOT_RECOGNIZED');
    expect(await check(service, collins)).toHaveProperty('status', 'FACE_NOT_RECOGNIZED');
  });
});
