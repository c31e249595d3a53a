import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../ormconfig';
import type { Config } from './config/config';
import { postgresOptions } from './database/connection';
import { migrate } from './database/migrate';
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
  /** The embedded database cannot go on; the process has to be started anew. */
  readonly onFatal: (error: Error) => void;
  readonly now: () => Date;
}

/** Opens the database and brings it up to date. */
export async function openBase(config: Config, { onFatal, now }: BaseOptions): Promise<Base> {
  const log = createLogger(config.logLevel);
  const health = new PoolHealth();
  const onFailure = (err: Error): void => {
    log.error({ err }, 'Embedded database failed; acknowledged data is safe. It is opened again');
    health.failed();
  };
  await requireDataFolder(config.dataDir);
  const dataSource = await createDataSource(config, { onFatal, onFailure, health }).initialize();
  const migrations = await migrate(dataSource);
  if (migrations.length > 0) log.info({ migrations }, 'Database migrated');
  return createBase(dataSource, { config, health, now, log });
}

type BaseParts = Pick<Base, 'config' | 'now' | 'log'> & { readonly health?: PoolHealth };

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
