import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../ormconfig';
import type { Config } from './config/config';
import { migrate } from './database/migrate';
import { Statements } from './database/statements';
import { createLogger } from './logger';
import { Metrics } from './metrics';
import { requireDataFolder } from './services/disk/data-folder';

/** What every area is built on. */
export interface Base {
  readonly config: Config;
  readonly dataSource: DataSource;
  readonly statements: Statements;
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
  await requireDataFolder(config.dataDir);
  const dataSource = await createDataSource(config, { onFatal }).initialize();
  const migrations = await migrate(dataSource);
  if (migrations.length > 0) log.info({ migrations }, 'Database migrated');
  return { config, dataSource, statements: new Statements(dataSource), metrics: new Metrics(), now, log };
}
