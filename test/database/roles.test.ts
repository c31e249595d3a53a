/** Real: the service over HTTP with two PostgreSQL roles, made by the SQL of docs/guide/database-roles.md. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { CHECKOUT } from '../support/compiled';
import { describeOnServer, onServer, SERVER_URL } from '../support/databases';
import { inDatabase } from '../support/privacy';
import { verifyAuditChain } from '../../src/services/audit/audit-verification';
import { check, register } from '../support/operations';
import { TestService } from '../support/service';

describeOnServer('with the roles of the guide', () => {
  const suffix = randomBytes(5).toString('hex');
  const named = (text: string): string =>
    text
      .replaceAll('rollcall_owner', `rollcall_owner_${suffix}`)
      .replaceAll('rollcall_service', `rollcall_service_${suffix}`)
      .replaceAll(/\brollcall\b/g, `rollcall_test_roles_${suffix}`);
  const blocks = [
    ...readFileSync(join(CHECKOUT, 'docs/guide/database-roles.md'), 'utf8').matchAll(/```sql\n([^]*?)```/g),
  ].map(([, sql]) => named(sql ?? ''));
  const [roles, grants, revokes] = blocks;
  const urlOf = (role: string | null, password = ''): string => {
    const url = new URL(process.env[SERVER_URL] as string);
    url.pathname = `/rollcall_test_roles_${suffix}`;
    if (role !== null) [url.username, url.password] = [named(role), password];
    return url.href;
  };
  const inIt = async (url: string, sql: string): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  let dataDir: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
    for (const sql of (roles ?? '').split(';').filter((each) => each.trim() !== '')) await onServer(sql);
    await inIt(urlOf(null), grants ?? '');
  });
  afterAll(async () => {
    rmSync(dataDir, { recursive: true });
    await onServer(`DROP DATABASE IF EXISTS rollcall_test_roles_${suffix} WITH (FORCE)`);
    for (const role of ['rollcall_owner', 'rollcall_service'])
      await onServer(`DROP ROLE IF EXISTS ${named(role)}`);
  });

  it('the service runs, keeps the trail, and can change neither tables nor events', async () => {
    const service = urlOf('rollcall_service', 'service-password');
    const storage = { dataDir, databaseUrl: service, remove: () => Promise.resolve() };
    const env = {
      DATABASE_MIGRATION_URL: urlOf('rollcall_owner', 'owner-password'),
      ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      RETAIN_AUDIT_DAYS: '1',
    };
    const later = new Date(Date.now() + 5 * 86_400_000);
    let running = await TestService.start({ storage, env });
    await inIt(urlOf(null), revokes ?? '');
    await register(running);
    expect((await check(running, { employeeId: 'EMP-1' })).status).toBe('RECORDED');
    await running.stop();

    for (const sql of [
      `UPDATE audit_events SET caller = 'x'`,
      'DELETE FROM audit_events',
      'TRUNCATE audit_events',
      'ALTER TABLE audit_events DISABLE TRIGGER USER',
      'DROP TRIGGER audit_events_append_only ON audit_events',
      'SET session_replication_role = replica',
      'CREATE TABLE mine (id int)',
      'CREATE FUNCTION audit_retention(n int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
      'DROP TABLE audit_chain',
      'DELETE FROM audit_keys',
    ]) {
      await expect(inIt(service, sql)).rejects.toThrow(/permission denied|must be owner/);
    }

    // Retention deletes old events all the same.
    running = await TestService.start({ storage, env, now: () => later });
    await running.app.sweep();
    const left = await running.sql<{ action: string }>('SELECT action FROM audit_events');
    expect(left.map(({ action }) => action)).toEqual(['audit.purge']);
    await running.stop();
    const { faults, purgedThrough } = await inDatabase(storage, (ds) => verifyAuditChain(ds), env);
    expect([faults, purgedThrough]).toEqual([[], 1]);
  }, 120_000);
});
