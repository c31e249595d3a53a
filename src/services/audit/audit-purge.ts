import type { DataSource, EntityManager } from 'typeorm';
import { SYSTEM } from './actor';
import { recordAudit } from './audit-log';

const BATCH = 10_000;
const MS_PER_DAY = 86_400_000;

/** The events before a time, from the beginning of the trail: it can only be cut at one place. */
const PURGEABLE = `
  SELECT coalesce((SELECT min(sequence) - 1 FROM audit_events WHERE at >= $1),
    (SELECT max(sequence) FROM audit_events), 0) AS through`;

/** How many events a purge would delete now. */
export async function countPurgeableAudit(manager: EntityManager, before: Date): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM audit_events WHERE sequence <= (${PURGEABLE})`,
    [before],
  );
  return row?.count ?? 0;
}

/**
 * Removes the events before a moment, at most once a day. The last one's number and hash go into an event of their
 * own: the signed cut from which the chain is verified from then on.
 * @returns how many
 */
export async function purgeAudit(dataSource: DataSource, before: Date, now: Date): Promise<number> {
  const [recent] = await dataSource.query<unknown[]>(
    `SELECT 1 FROM audit_events WHERE action = 'audit.purge' AND at > $1 LIMIT 1`,
    [new Date(now.getTime() - MS_PER_DAY)],
  );
  if (recent !== undefined) return 0;
  let total = 0;
  for (;;) {
    const purged = await dataSource.transaction((manager) => purgeBatch(manager, before, now));
    total += purged;
    if (purged < BATCH) return total;
  }
}

async function purgeBatch(manager: EntityManager, before: Date, now: Date): Promise<number> {
  await manager.query('SELECT 1 FROM audit_chain WHERE id = 1 FOR UPDATE');
  const [last] = await manager.query<{ sequence: string; hash: Buffer; count: number }[]>(
    `WITH batch AS (SELECT sequence FROM audit_events WHERE sequence <= (${PURGEABLE})
       ORDER BY sequence LIMIT ${BATCH})
     SELECT sequence, hash, (SELECT count(*)::int FROM batch) AS count FROM audit_events
     WHERE sequence = (SELECT max(sequence) FROM batch)`,
    [before],
  );
  if (last === undefined) return 0;
  await recordAudit(manager, {
    ...SYSTEM,
    action: 'audit.purge',
    at: now,
    details: { through: Number(last.sequence), hash: last.hash.toString('hex'), events: last.count },
  });
  // The database refuses every other deletion.
  await manager.query('SELECT audit_retention($1)', [last.sequence]);
  return last.count;
}
