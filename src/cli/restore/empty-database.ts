import type { DataSource, QueryRunner } from 'typeorm';
import { OperatorError } from '../operator-error';

/** What a database has rows of although nobody has worked with it. */
const BOOKKEEPING = new Set([
  'audit_chain',
  'audit_events',
  'audit_keys',
  'challenges',
  'encryption_key_users',
  'encryption_keys',
  'erasure_logs',
  'face_model_users',
  'gallery_changes',
  'gallery_state',
  'gallery_versions',
  'installation',
  'lockouts',
  'seen_samples',
  'write_proofs',
]);

/** The state of a database into which a backup is restored. */
type Emptiness = 'NEW' | 'UNUSED' | 'USED';

/** @returns NEW: without tables of the service; UNUSED: a service has started on it, and there is nobody in it */
export async function emptinessOf(dataSource: DataSource, runner: QueryRunner): Promise<Emptiness> {
  const tables = (await runner.query(
    'SELECT name FROM unnest($1::text[]) name WHERE to_regclass(quote_ident(name)) IS NOT NULL',
    [dataSource.entityMetadatas.map(({ tableName }) => tableName)],
  )) as { name: string }[];
  if (tables.length === 0) return 'NEW';
  for (const { name } of tables) {
    if (BOOKKEEPING.has(name)) continue;
    const rows = (await runner.query(`SELECT FROM "${name}" LIMIT 1`)) as unknown[];
    if (rows.length > 0) return 'USED';
  }
  return 'UNUSED';
}

/**
 * Nodes listen to each other, and prove that the database takes writes, over separate connections.
 * @throws OperatorError if a service uses the database
 */
export async function refuseRunningService(runner: QueryRunner): Promise<void> {
  const sessions = (await runner.query(
    `SELECT coalesce(host(client_addr), 'local') AS address FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND (query ILIKE 'listen "rollcall%' OR query ILIKE '%write_proofs%')`,
  )) as { address: string }[];
  const [session] = sessions;
  if (session === undefined) return;
  throw new OperatorError(
    `A service uses this database (from ${session.address}). Stop every node and run the command again.`,
  );
}
