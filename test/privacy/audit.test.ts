/** Real: the service over HTTP, the database, real photos, the command as a process. Fake: nothing. */
import { spawn } from 'node:child_process';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { SYSTEM } from '../../src/services/audit/actor';
import { recordAudits } from '../../src/services/audit/audit-log';
import { AuditNotes } from '../../src/services/audit/audit-notes';
import { verifyAuditChain } from '../../src/services/audit/audit-verification';
import { loadConfig } from '../../src/config/config';
import { Privacy1764700000000 } from '../../src/migrations/1764700000000-privacy';
import { AuditSignatures1766710000000 } from '../../src/migrations/1766710000000-audit-signatures';
import { CHECKOUT, compiled } from '../support/compiled';
import { createStorage, type TestStorage } from '../support/databases';
import { check, collins, register } from '../support/operations';
import { TestService } from '../support/service';
import { until } from '../support/until';
import { openDataSource, signAs } from '../support/data-source';
import { AUDIT, auditOf, inDatabase } from '../support/privacy';

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as `npm run audit:verify` starts it. */
function verify(storage: TestStorage, ...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [compiled('src/cli/audit-verify.js'), ...args], {
    cwd: CHECKOUT,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      DATABASE_URL: storage.databaseUrl ?? '',
      DATA_DIR: storage.dataDir,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

/** What the owner of the database can do, and the service cannot. */
const tamper = (storage: TestStorage, ...statements: string[]): Promise<void> =>
  inDatabase(storage, async (dataSource: DataSource) => {
    for (const table of ['audit_events', 'audit_chain']) {
      await dataSource.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    }
    for (const statement of statements) await dataSource.query(statement);
    for (const table of ['audit_events', 'audit_chain']) {
      await dataSource.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    }
  });

describe('the audit trail', () => {
  let service: TestService;

  describe('of a running service', () => {
    beforeAll(async () => {
      service = await TestService.start({ env: { LOCKOUT_EMPLOYEE_FAILURES: '0' } });
    });
    beforeEach(() => service.reset());
    afterAll(() => service.stop());

    it('says who did what to whom, when, from where and with what outcome', async () => {
      const { employee } = await register(service);
      const [event] = await auditOf(service);
      expect(event).toEqual({
        sequence: 1,
        id: expect.any(String) as string,
        at: employee.createdAt,
        action: 'employee.register',
        outcome: 'OK',
        caller: 'open',
        address: expect.stringMatching(/^(::1|(::ffff:)?127\.0\.0\.1)$/) as string,
        employeeId: employee.id,
        details: [
          { name: 'allowDuplicateFace', value: 'false' },
          { name: 'templateId', value: expect.any(String) as string },
        ],
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
    });

    it('has the refusals of checks, alike ones as one with their number, and no biometric', async () => {
      const { employee } = await register(service);
      await Promise.all(Array.from({ length: 5 }, () => check(service, { employeeId: 'EMP-1', ...collins })));
      await check(service, collins);
      await check(service, { employeeId: 'NOBODY', ...collins });
      await check(service);
      const events = await until(
        () => auditOf(service, { action: 'check.refused' }),
        (rows) =>
          rows
            .filter(({ outcome }) => outcome === 'FACE_MISMATCH')
            .reduce((sum, { details }) => sum + Number(details[0]?.value), 0) === 5 &&
          rows.some(({ outcome }) => outcome === 'FACE_NOT_RECOGNIZED'),
      );
      for (const { outcome, employeeId, details } of events) {
        expect(employeeId).toBe(outcome === 'FACE_MISMATCH' ? employee.id : null);
        expect(details.map(({ name }) => name)).toEqual(['count']);
      }
      expect(JSON.stringify(events)).not.toContain('0.89');
    });

    it('is listed by employee, action and time, page by page', async () => {
      await register(service);
      await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
      const all = await auditOf(service);
      expect(all.map(({ sequence }) => sequence)).toEqual([2, 1]);
      expect(await auditOf(service, { employeeId: 'emp-2' })).toEqual([all[0]]);
      expect(await auditOf(service, { action: 'consent.record' })).toEqual([]);
      expect(await auditOf(service, { to: all[1]?.at })).toEqual([]);
      expect(await auditOf(service, { from: all[1]?.at })).toHaveLength(2);
      const page = await service.ask<{
        auditLog: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } };
      }>(AUDIT, { first: 1 });
      expect(page.auditLog).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
      const rest = await service.ask<{ auditLog: { nodes: unknown[] } }>(AUDIT, {
        first: 1,
        after: page.auditLog.pageInfo.endCursor,
      });
      expect(rest.auditLog.nodes).toEqual([all[1]]);
      for (const variables of [
        { first: 0 },
        { after: 'x' },
        { filter: { from: all[0]?.at, to: '2020-01-01T00:00:00Z' } },
      ]) {
        expect((await service.fault(AUDIT, variables)).extensions.code).toBe('BAD_USER_INPUT');
      }
    });
  });

  it('grows by one chain, however many write at once, and is written when the service stops', async () => {
    const storage = await createStorage();
    service = await TestService.start({ storage });
    await register(service);
    await register(service, { employeeId: 'EMP-2', name: 'Eileen Collins', ...collins });
    const consent = { version: '1', givenAt: '2026-01-01T00:00:00Z', recordedBy: 'x' };
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        service.ask('mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { id } }', {
          input: { employeeId: `EMP-${1 + (n % 2)}`, consent },
        }),
      ),
    );
    await check(service, { employeeId: 'EMP-1', ...collins });
    await service.app.close();
    await inDatabase(storage, async (dataSource) => {
      expect(await verifyAuditChain(dataSource)).toMatchObject({ events: 23, faults: [], purgedThrough: 0 });
      expect(
        await dataSource.query(`SELECT outcome FROM audit_events WHERE action = 'check.refused'`),
      ).toEqual([{ outcome: 'FACE_MISMATCH' }]);
    });
    await storage.remove();
  });

  describe('of a service that was stopped', () => {
    let storage: TestStorage;
    beforeEach(async () => {
      storage = await createStorage();
      const dataSource = await openDataSource(storage);
      const at = new Date('2026-03-02T08:00:00Z');
      await dataSource.transaction((manager) =>
        recordAudits(
          manager,
          ['a', 'b', 'c'].map((outcome) => ({
            ...SYSTEM,
            action: 'check.refused' as const,
            employeeId: null,
            outcome,
            details: { count: 1, reason: 'ü' },
            at,
          })),
        ),
      );
      await dataSource.destroy();
    });
    afterEach(() => storage.remove());

    it('can only be added to', async () => {
      await inDatabase(storage, async (dataSource) => {
        for (const sql of [
          `UPDATE audit_events SET caller = 'nobody'`,
          'DELETE FROM audit_events WHERE sequence = 1',
          'TRUNCATE audit_events',
        ]) {
          await expect(dataSource.query(sql)).rejects.toThrow('append-only');
        }
      });
    });

    it('is whole, says npm run audit:verify, and prints its end', async () => {
      const { code, stdout } = await verify(storage);
      expect(stdout).toMatch(/^3 events\nEnd: 3:[0-9a-f]{64}\nThe audit trail is unchanged\.\n$/);
      expect(code).toBe(0);
      const end = /3:[0-9a-f]{64}/.exec(stdout)?.[0] ?? '';
      expect((await verify(storage, '--end', end)).code).toBe(0);
      const forged = await verify(storage, '--end', `2:${end.slice(2)}`);
      expect(forged.code).toBe(1);
      expect(forged.stderr).toContain('Event 2 does not have the given hash');
      for (const args of [['--end', 'x'], ['--nonsense']])
        expect((await verify(storage, ...args)).code).toBe(2);
    }, 120_000);

    it.each([
      ['an altered row', `UPDATE audit_events SET caller = 'x' WHERE sequence = 2`, ['Event 2 was changed']],
      [
        'an altered detail',
        `UPDATE audit_events SET details = '{}' WHERE sequence = 3`,
        ['Event 3 was changed'],
      ],
      ['a removed row', 'DELETE FROM audit_events WHERE sequence = 2', ['Event 2 is missing']],
      ['a removed beginning', 'DELETE FROM audit_events WHERE sequence < 3', ['Events 1 to 2 are missing']],
      [
        'a removed end',
        'DELETE FROM audit_events WHERE sequence > 1',
        ['Events 2 to 3 are missing at the end'],
      ],
      ['everything removed', 'DELETE FROM audit_events', ['Events 1 to 3 are missing at the end']],
      [
        'a row with another hash',
        `UPDATE audit_events SET hash = sha256('x') WHERE sequence = 1`,
        ['Event 1 was changed', 'Event 2 does not follow event 1: one of them was replaced'],
      ],
      [
        'another end',
        'UPDATE audit_chain SET sequence = 2',
        ['Event 3 is not the recorded end of the trail'],
      ],
    ])('tells %s', async (_what, sql, messages) => {
      await tamper(storage, sql);
      const { faults } = await inDatabase(storage, verifyAuditChain);
      expect(faults.map(({ message }) => message)).toEqual(messages);
    });

    it('tells on the command line, too', async () => {
      await tamper(storage, `UPDATE audit_events SET outcome = 'x' WHERE sequence = 2`);
      const { code, stderr } = await verify(storage);
      expect([code, stderr]).toEqual([1, 'Event 2 was changed\n']);
    });
  });

  it('keeps a flood of different refusals small, and says how many it left out', async () => {
    const storage = await createStorage();
    const dataSource = await openDataSource(storage);
    try {
      const refusals = new AuditNotes(dataSource, pino({ level: 'silent' }));
      const at = new Date('2026-03-02T08:00:00Z');
      for (let n = 0; n < 1500; n += 1) {
        const by = { caller: 'kiosk', address: `10.0.${n % 3}.${n % 250}` };
        refusals.note({ action: 'check.refused', outcome: 'FACE_NOT_RECOGNIZED', claimed: null, by, at });
      }
      await refusals.flush();
      const events = await dataSource.query<{ action: string; count: number; events: number }[]>(
        `SELECT action, sum((details->>'count')::int)::int AS count, count(*)::int AS events FROM audit_events
         GROUP BY action ORDER BY action`,
      );
      expect(events).toEqual([
        { action: 'audit.notes-lost', count: 500, events: 1 },
        { action: 'check.refused', count: 1000, events: 500 },
      ]);
      expect((await verifyAuditChain(dataSource)).faults).toEqual([]);
    } finally {
      await dataSource.destroy();
      await storage.remove();
    }
  });

  it('takes over the events from before the chain', async () => {
    const storage = await createStorage();
    const dataSource = await openDataSource(storage);
    try {
      const runner = dataSource.createQueryRunner();
      const migration = new Privacy1764700000000();
      const signatures = new AuditSignatures1766710000000();
      await signatures.down(runner);
      await migration.down(runner);
      for (let n = 1; n <= 601; n += 1) {
        await runner.query(
          `INSERT INTO audit_events (id, at, action, employee_id, details)
           VALUES (gen_random_uuid(), $1, 'employee.register', gen_random_uuid(), '{"templateId": "x", "n": ${n}}')`,
          [new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 3) * 1000)],
        );
      }
      await migration.up(runner);
      await signatures.up(runner);
      await runner.release();
      await signAs(dataSource, loadConfig({ DATA_DIR: storage.dataDir }));
      expect(await verifyAuditChain(dataSource)).toMatchObject({ events: 601, faults: [] });
      const [{ count }] = await dataSource.query<[{ count: number }]>(
        `SELECT count(*)::int AS count FROM audit_events WHERE caller = 'unknown' AND outcome = 'OK'`,
      );
      expect(count).toBe(601);
    } finally {
      await dataSource.destroy();
      await storage.remove();
    }
  });
});
