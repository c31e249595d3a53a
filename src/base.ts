import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../ormconfig';
import type { Config } from './config/config';
import { postgresOptions } from './database/connection';
import { migrate } from './database/migrate';
import { poolsTransactions } from './database/pooling';
import { PoolHealth } from './database/postgres-pool';
import { Statements } from './database/statements';
import { WriteProof } from './database/write-proof';
import { createLogger } from './logger';
import { Metrics } from './metrics';
import { requireDataFolder } from './services/disk/data-folder';

/** What every area is built on. */
export interface Base {
  readonly config: Config;
  readonly dataSource: DataSource;
  readonly statements: Statements;
  /** What is known of the connections to PostgreSQL. */
  readonly health: PoolHealth;
  /** Tells whether the database takes writes. */
  readonly writeProof: WriteProof;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly log: Logger;
}

interface BaseOptions {
  /** Called when the embedded database has failed. The process must then be restarted. */
  readonly onFatal: (error: Error) => void;
  readonly now: () => Date;
}

/** Opens the database and brings it up to date. */
export async function openBase(config: Config, { onFatal, now }: BaseOptions): Promise<Base> {
  const log = createLogger(config.logLevel);
  const health = new PoolHealth();
  const onFailure = (err: Error): void => {
    log.error({ err }, 'Embedded database failed; acknowledged data is safe. It will be reopened');
    health.failed();
  };
  await requireDataFolder(config.dataDir);
  const { url, directUrl } = config.database;
  const transactionPooling = url !== null && (await poolsTransactions(postgresOptions(url)));
  if (transactionPooling && directUrl === null) throw new Error(NO_DIRECT_URL);
  const hooks = { onFatal, onFailure, transactionPooling, health };
  const dataSource = await createDataSource(config, hooks).initialize();
  const migrations = await migrateAsOwner(config, dataSource);
  if (migrations.length > 0) log.info({ migrations }, 'Database migrated');
  if (transactionPooling) log.info('The connection pooler pools transactions; statements are not prepared');
  return createBase(dataSource, { config, health, now, log });
}

const NO_DIRECT_URL =
  'DATABASE_URL leads to a connection pooler that pools transactions, over which notifications and migrations are impossible. Set DATABASE_DIRECT_URL to the address of PostgreSQL itself, or pool_mode of the pooler to session';

/**
 * Runs the pending migrations: past a pooler, since they take turns by a lock that belongs to a session, and as the
 * owner of the tables.
 * @param dataSource as the service uses it
 * @returns the names of those that ran
 */
export async function migrateAsOwner(config: Config, dataSource: DataSource): Promise<string[]> {
  const url = config.database.migrationUrl ?? config.database.directUrl;
  if (url === null) return migrate(dataSource);
  const direct = { ...config, database: { ...config.database, url, poolSize: 1 } };
  const onFatal = (error: Error): never => {
    throw error;
  };
  const owner = await createDataSource(direct, { onFatal }).initialize();
  try {
    return await migrate(owner);
  } finally {
    await owner.destroy();
  }
}

type BaseParts = Pick<Base, 'config' | 'now' | 'log'> & {
  readonly health?: PoolHealth;
};

/** The base on a database that is open. */
export function createBase(
  dataSource: DataSource,
  { config, now, log, health = new PoolHealth() }: BaseParts,
): Base {
  const { url } = config.database;
  const writeProof = new WriteProof(dataSource, url === null ? null : postgresOptions(url), health);
  const statements = new Statements(dataSource);
  return { config, dataSource, statements, health, writeProof, metrics: new Metrics(), now, log };
}
