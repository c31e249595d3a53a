/** Real: the database, the disk, the command as a process. Fake: nothing. Somebody who may do everything in the database. */
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { loadConfig } from '../../src/config/config';
import { AuditEvent } from '../../src/entities/audit-event.entity';
import { SYSTEM } from '../../src/services/audit/actor';
import { auditHash, NO_HASH } from '../../src/services/audit/audit-hash';
import { recordAudits } from '../../src/services/audit/audit-log';
import { purgeAudit } from '../../src/services/audit/audit-purge';
import { AuditWatch } from '../../src/services/audit/audit-watch';
import { openAuditKeys } from '../../src/services/audit/open-audit-keys';
import { KeyRing } from '../../src/services/encryption/key-ring';
import { CHECKOUT, compiled } from '../support/compiled';
import { createStorage, describeOnServer, itOnServer, type TestStorage } from '../support/databases';
import { openDataSource } from '../support/data-source';
import { inDatabase } from '../support/privacy';
import { verifyAuditChain } from '../../src/services/audit/audit-verification';

const DAY = 86_400_000;
const BEGIN = Date.parse('2026-03-02T08:00:00Z');
const silent = pino({ level: 'silent' });

const record = (dataSource: DataSource, count: number, from = 0): Promise<void> =>
  dataSource.transaction((manager) =>
    recordAudits(
      manager,
      Array.from({ length: count }, (_, n) => ({
        ...SYSTEM,
        action: 'check.refused' as const,
        outcome: `OUTCOME_${from + n}`,
        details: { count: n },
        at: new Date(BEGIN + (from + n) * DAY),
      })),
    ),
  );

/** What the owner of the database does with the triggers off. */
const asOwner = (storage: TestStorage, act: (manager: EntityManager) => Promise<unknown>): Promise<void> =>
  inDatabase(storage, (dataSource) =>
    dataSource.transaction(async (manager) => {
      for (const table of ['audit_events', 'audit_chain']) {
        await manager.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      }
      await act(manager);
      for (const table of ['audit_events', 'audit_chain']) {
        await manager.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
      }
    }),
  );

const faults = async (storage: TestStorage): Promise<string> =>
  (await inDatabase(storage, (dataSource) => verifyAuditChain(dataSource))).faults
    .map(({ message }) => message)
    .join('\n');

/** Writes all events again with the hashes that need no key. */
async function rehash(manager: EntityManager, from = 1): Promise<void> {
  const events = await manager.find(AuditEvent, { order: { sequence: 'ASC' } });
  let previous: Buffer = NO_HASH;
  for (const event of events) {
    if (event.sequence >= from) {
      const hash = auditHash(event, previous);
      await manager.query(
        'UPDATE audit_events SET previous_hash = $2, hash = $3, key_id = NULL WHERE sequence = $1',
        [event.sequence, previous, hash],
      );
      previous = hash;
    } else previous = event.hash;
  }
  await manager.query('UPDATE audit_chain SET hash = $1', [previous]);
}

function verify(storage: TestStorage, ...args: string[]): Promise<{ code: number; text: string }> {
  const env = {
    PATH: process.env['PATH'],
    NODE_ENV: 'test',
    DATABASE_URL: storage.databaseUrl ?? '',
    DATA_DIR: storage.dataDir,
  };
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [compiled('src/cli/audit-verify.js'), ...args],
      { cwd: CHECKOUT, env },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), text: stdout + stderr }),
    ),
  );
}

describe('the audit trail', () => {
  let storage: TestStorage;
  beforeEach(async () => {
    storage = await createStorage();
    const dataSource = await openDataSource(storage);
    await record(dataSource, 10);
    await dataSource.destroy();
  });
  afterEach(() => storage.remove());

  it.each([
    ['a parameter of the session', [`SET rollcall.audit_retention = 'on'`, 'DELETE FROM audit_events']],
    [
      'a parameter and one row',
      [`SET rollcall.audit_retention = '9'`, 'DELETE FROM audit_events WHERE sequence = 9'],
    ],
    ['an update', [`UPDATE audit_events SET caller = 'x'`]],
    ['an update of no row', [`UPDATE audit_events SET caller = 'x' WHERE false`]],
    ['a truncation', ['TRUNCATE audit_events']],
    ['a truncation of both tables', ['TRUNCATE audit_events, audit_chain']],
    [
      'a function of another name',
      [
        `CREATE FUNCTION pg_temp.mine() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM audit_events; END $$`,
        'SELECT pg_temp.mine()',
      ],
    ],
    [
      'a function of the same name elsewhere',
      [
        `CREATE FUNCTION pg_temp.audit_retention(n bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM audit_events; END $$`,
        'SELECT pg_temp.audit_retention(3)',
      ],
    ],
    ['the retention function without a cut', ['SELECT audit_retention(5)']],
    ['an earlier end', ['UPDATE audit_chain SET sequence = 5']],
    ['no end', ['DELETE FROM audit_chain']],
    ['no end, truncated', ['TRUNCATE audit_chain']],
  ])('refuses %s', async (_what, statements) => {
    await inDatabase(storage, async (dataSource) => {
      const runner = dataSource.createQueryRunner();
      try {
        for (const sql of statements.slice(0, -1)) await runner.query(sql);
        await expect(runner.query(statements.at(-1) ?? '')).rejects.toThrow(
          /append-only|only grows|needs a signed cut/,
        );
      } finally {
        await runner.release();
      }
    });
    expect(await faults(storage)).toBe('');
  });

  it.each<[string, (manager: EntityManager) => Promise<unknown>, RegExp]>([
    [
      'deleted last events with the end set to the one before',
      async (manager) => {
        await manager.query('DELETE FROM audit_events WHERE sequence > 6');
        await manager.query(
          'UPDATE audit_chain SET (sequence, hash) = (SELECT sequence, hash FROM audit_events WHERE sequence = 6)',
        );
      },
      /recorded end \(event 6\) has no valid signature/,
    ],
    [
      'everything deleted',
      async (manager) => {
        await manager.query('DELETE FROM audit_events');
        await manager.query(
          'UPDATE audit_chain SET sequence = 0, hash = $1, key_id = NULL, signature = NULL',
          [NO_HASH],
        );
        await manager.query('DELETE FROM audit_keys');
      },
      /record of where signatures begin is missing/,
    ],
    [
      'a changed event, with the hashes after it made new',
      async (manager) => {
        await manager.query(`UPDATE audit_events SET caller = 'x' WHERE sequence = 5`);
        await rehash(manager, 5);
      },
      /Event 5 is not signed/,
    ],
    [
      'a changed event that keeps its key',
      (manager) => manager.query(`UPDATE audit_events SET details = '{}' WHERE sequence = 5`),
      /Event 5 was changed/,
    ],
    [
      'the whole trail written again without signatures',
      async (manager) => {
        await manager.query(`UPDATE audit_events SET caller = 'x' WHERE sequence = 2`);
        await rehash(manager);
        await manager.query('UPDATE audit_chain SET key_id = NULL, signature = NULL');
        await manager.query('DELETE FROM audit_keys');
      },
      /record of where signatures begin is missing/,
    ],
    [
      'the begin of signatures moved to the end',
      async (manager) => {
        await manager.query(`UPDATE audit_events SET caller = 'x' WHERE sequence = 2`);
        await rehash(manager);
        await manager.query(
          'UPDATE audit_keys SET signed_from = 11, previous_hash = (SELECT hash FROM audit_chain)',
        );
      },
      /where signatures begin \(event 11\) was changed/,
    ],
    [
      "a key of the attacker's",
      (manager) =>
        manager.query(
          `INSERT INTO audit_keys (id, signed_from, previous_hash, signature) VALUES ('0123456789abcdef', 1, $1, $1)`,
          [randomBytes(32)],
        ),
      /Key 0123456789abcdef of the audit trail is not configured/,
    ],
    [
      'a forged cut',
      async (manager) => {
        const last = await manager.findOneByOrFail(AuditEvent, { sequence: 4 });
        const details = { through: 4, hash: last.hash.toString('hex'), events: 4 };
        await manager.query(
          `UPDATE audit_events SET action = 'audit.purge', outcome = 'OK', details = $1 WHERE sequence = 10`,
          [JSON.stringify(details)],
        );
        await manager.query('DELETE FROM audit_events WHERE sequence <= 4');
      },
      /Events 1 to 4 are missing[^]*Event 10 was changed/,
    ],
    [
      'a deleted event in the middle, with the others moved up',
      async (manager) => {
        await manager.query('DELETE FROM audit_events WHERE sequence = 5');
        await manager.query('UPDATE audit_events SET sequence = sequence - 1 WHERE sequence = 6');
      },
      /Event 5 does not follow event 4[^]*Event 5 was changed/,
    ],
    [
      'the first events deleted without a cut',
      (manager) => manager.query('DELETE FROM audit_events WHERE sequence <= 3'),
      /Events 1 to 3 are missing/,
    ],
    [
      'two events that changed places',
      async (manager) => {
        for (const [from, to] of [
          [5, 100],
          [6, 5],
          [100, 6],
        ]) {
          await manager.query('UPDATE audit_events SET sequence = $2 WHERE sequence = $1', [from, to]);
        }
      },
      /Event 5 was changed/,
    ],
    [
      'an event that somebody added at the end',
      async (manager) => {
        const last = await manager.findOneByOrFail(AuditEvent, { sequence: 10 });
        const added = manager.create(AuditEvent, {
          ...last,
          id: randomUUID(),
          sequence: 11,
          previousHash: last.hash,
          keyId: null,
        });
        added.hash = auditHash(added, last.hash);
        await manager.insert(AuditEvent, added);
        await manager.query('UPDATE audit_chain SET sequence = 11, hash = $1', [added.hash]);
      },
      /Event 11 is not signed[^]*recorded end \(event 11\) has no valid signature/,
    ],
    [
      'an event that somebody copied to the end with its signature',
      async (manager) => {
        const old = await manager.findOneByOrFail(AuditEvent, { sequence: 4 });
        const last = await manager.findOneByOrFail(AuditEvent, { sequence: 10 });
        await manager.insert(AuditEvent, { ...old, id: randomUUID(), sequence: 11, previousHash: last.hash });
        await manager.query('UPDATE audit_chain SET sequence = 11, hash = $1', [old.hash]);
      },
      /Event 11 was changed/,
    ],
    [
      'the last event deleted, without the end',
      (manager) => manager.query('DELETE FROM audit_events WHERE sequence = 10'),
      /Event 10 is missing at the end/,
    ],
  ])('shows %s', async (_what, act, message) => {
    await asOwner(storage, act);
    expect(await faults(storage)).toMatch(message);
  });

  it('shows a cut of retention that was made to reach further', async () => {
    await inDatabase(storage, (dataSource) =>
      purgeAudit(dataSource, new Date(BEGIN + 2.5 * DAY), new Date(BEGIN + 30 * DAY)),
    );
    expect(await faults(storage)).toBe('');
    await asOwner(storage, async (manager) => {
      const last = await manager.findOneByOrFail(AuditEvent, { sequence: 7 });
      await manager.query(
        `UPDATE audit_events SET details = details || $1::jsonb WHERE action = 'audit.purge'`,
        [JSON.stringify({ through: 7, hash: last.hash.toString('hex') })],
      );
      await manager.query('DELETE FROM audit_events WHERE sequence <= 7');
    });
    expect(await faults(storage)).toMatch(/Events 1 to 7 are missing/);
  });

  it.each<[string, (manager: EntityManager) => Promise<unknown>, RegExp]>([
    [
      'the event of the cut deleted',
      (manager) => manager.query(`DELETE FROM audit_events WHERE action = 'audit.purge'`),
      /Events 1 to 3 are missing[^]*missing at the end/,
    ],
    [
      'the first events after it deleted',
      (manager) => manager.query('DELETE FROM audit_events WHERE sequence IN (4, 5)'),
      /Events 4 to 5 are missing/,
    ],
    [
      'an event before it that came back',
      async (manager) => {
        const next = await manager.findOneByOrFail(AuditEvent, { sequence: 4 });
        await manager.insert(AuditEvent, { ...next, id: randomUUID(), sequence: 2 });
      },
      /Event 2 was deleted by retention but exists again/,
    ],
  ])('shows, after a cut of retention, %s', async (_what, act, message) => {
    await inDatabase(storage, (dataSource) =>
      purgeAudit(dataSource, new Date(BEGIN + 2.5 * DAY), new Date(BEGIN + 30 * DAY)),
    );
    expect(await faults(storage)).toBe('');
    await asOwner(storage, act);
    expect(await faults(storage)).toMatch(message);
  });

  it('shows an earlier end with its own signature, which the data folder knows better', async () => {
    const watch = async (dataSource: DataSource): Promise<void> => {
      const watching = new AuditWatch({
        dataSource,
        dataDir: storage.dataDir,
        now: () => new Date(),
        log: silent,
      });
      watching.poller.start();
      await watching.stop();
    };
    const [saved] = await inDatabase(storage, (dataSource) =>
      dataSource.query<{ signature: Buffer; hash: Buffer; key_id: string }[]>('SELECT * FROM audit_chain'),
    );
    await inDatabase(storage, async (dataSource) => {
      await record(dataSource, 3, 10);
      await watch(dataSource);
    });
    expect((await verify(storage)).code).toBe(0);
    await asOwner(storage, async (manager) => {
      await manager.query('DELETE FROM audit_events WHERE sequence > 10');
      await manager.query('UPDATE audit_chain SET sequence = 10, hash = $1, signature = $2', [
        saved?.hash,
        saved?.signature,
      ]);
    });
    const { code, text } = await verify(storage);
    expect(code).toBe(1);
    expect(text).toMatch(/The trail once ended with event 13/);
    // A node that goes on does not take the shorter trail for granted.
    await inDatabase(storage, async (dataSource) => {
      await record(dataSource, 5, 10);
      await watch(dataSource);
    });
    expect(readFileSync(join(storage.dataDir, 'audit-head'), 'utf8')).toMatch(/ 13:/);
    expect((await verify(storage)).code).toBe(1);
  }, 60_000);

  it('cannot be called whole by a command without its key', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
    try {
      if (storage.databaseUrl === null) return;
      const { code, text } = await verify({ ...storage, dataDir });
      expect(code).toBe(1);
      expect(text).toMatch(/No key of the audit trail was found/);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});

it('events from before signatures are anchored when they begin', async () => {
  const storage = await createStorage();
  try {
    await inDatabase(storage, (dataSource) => record(dataSource, 5));
    const dataSource = await openDataSource(storage);
    await record(dataSource, 5, 5);
    await dataSource.destroy();
    expect(await faults(storage)).toBe('');
    await asOwner(storage, async (manager) => {
      await manager.query(`UPDATE audit_events SET caller = 'x' WHERE sequence = 2`);
      const signed = await manager.find(AuditEvent, { where: { sequence: 6 } });
      await rehash(manager);
      await manager.query('UPDATE audit_events SET key_id = $1 WHERE sequence > 5', [signed[0]?.keyId]);
    });
    expect(await faults(storage)).toMatch(/Event 5 was replaced after it was anchored/);
  } finally {
    await storage.remove();
  }
});

describeOnServer('nodes that share no disk', () => {
  let storage: TestStorage;
  let elsewhere: string;
  beforeEach(async () => {
    storage = await createStorage();
    elsewhere = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  });
  afterEach(async () => {
    rmSync(elsewhere, { recursive: true });
    await storage.remove();
  });

  it('sign with one key, which ENCRYPTION_KEY encrypts', async () => {
    const env = { ENCRYPTION_KEY: randomBytes(32).toString('hex') };
    const [one, two] = [
      await openDataSource(storage, env),
      await openDataSource({ ...storage, dataDir: elsewhere }, env),
    ];
    await record(one, 2);
    await record(two, 2, 2);
    const keys = await one.query<{ id: string; sealed: Buffer }[]>('SELECT id, sealed FROM audit_keys');
    expect(keys).toHaveLength(1);
    expect(keys[0]?.sealed.subarray(0, 4).toString()).toBe('RCE1');
    for (const node of [one, two]) expect((await verifyAuditChain(node)).faults).toEqual([]);
    await Promise.all([one.destroy(), two.destroy()]);
  });

  it('report each other if there is no such key', async () => {
    const one = await openDataSource(storage);
    const config = loadConfig({ DATA_DIR: elsewhere, DATABASE_URL: storage.databaseUrl ?? '' });
    const told: string[] = [];
    await inDatabase({ ...storage, dataDir: elsewhere }, async (two) => {
      const log = { error: (_: unknown, text: string): void => void told.push(text) };
      await openAuditKeys(two, { dataDir: config.dataDir, keys: null, log: log as never });
    });
    expect(told).toEqual([
      expect.stringMatching(/^This node has no key of the audit trail \([0-9a-f]{16}\)/),
    ]);
    await one.destroy();
  });

  it('keep the key if ENCRYPTION_KEY changes', async () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const dataSource = await openDataSource(storage, { ENCRYPTION_KEY: first.toString('hex') });
    await record(dataSource, 2);
    const keys = new KeyRing({ key: second, previous: [first] });
    await openAuditKeys(dataSource, { dataDir: storage.dataDir, keys, log: silent });
    await record(dataSource, 2, 2);
    const alone = new KeyRing({ key: second, previous: [] });
    await openAuditKeys(dataSource, { dataDir: elsewhere, keys: alone, log: silent });
    expect((await verifyAuditChain(dataSource)).faults).toEqual([]);
    await dataSource.destroy();
  });
});

itOnServer('an empty database takes the trail of a backup', async () => {
  const [from, to] = [await createStorage(), await createStorage()];
  try {
    const dataSource = await openDataSource(from);
    await record(dataSource, 5);
    const tables = ['audit_events', 'audit_chain', 'audit_keys'];
    const rows = new Map<string, unknown[]>();
    for (const table of tables) {
      rows.set(table, await dataSource.query(`SELECT to_jsonb(t) AS row FROM ${table} t`));
    }
    await dataSource.destroy();
    await inDatabase(to, async (target) => {
      for (const table of tables) {
        await target.query(`DELETE FROM ${table}`);
        await target.query(
          `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
          [JSON.stringify(rows.get(table)?.map((each) => (each as { row: object }).row))],
        );
      }
    });
    expect(await faults({ ...to, dataDir: from.dataDir, databaseUrl: to.databaseUrl })).toBe('');
  } finally {
    await Promise.all([from.remove(), to.remove()]);
  }
});
