import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { pgliteDriver } from '@rollcall/embedded-postgres';
import type { Config } from './src/config/config';
import { postgresOptions } from './src/database/connection';
import { entities } from './src/entities';
import { migrations } from './src/migrations';

interface DataSourceHooks {
  /** The embedded database has failed. Acknowledged data is safe, but the process must be restarted. */
  readonly onFatal: (error: Error) => void;
}

/** Nothing that a DataSource logs by itself may carry a query's parameters, so it logs nothing. */
const COMMON = {
  type: 'postgres' as const,
  entities,
  migrations,
  migrationsTableName: 'migrations',
  synchronize: false,
  logging: false,
  // Ids are made by the application; no extension is needed, nor the right to install one.
  uuidExtension: 'pgcrypto' as const,
  installExtensions: false,
};

const CONNECT_TIMEOUT_MS = 5000;
const MAINTENANCE_INTERVAL_MS = 60_000;

/** The TypeORM DataSource: PostgreSQL where DATABASE_URL says so, else PGlite under DATA_DIR. Not yet initialized. */
export function createDataSource(config: Config, { onFatal }: DataSourceHooks): DataSource {
  const { databaseUrl, databasePoolSize, databaseQueryTimeoutMs, dataDir } = config;
  if (databaseUrl === null) {
    return new DataSource({
      ...COMMON,
      driver: pgliteDriver({
        dataDir: join(dataDir, 'database'),
        queryDeadlineMs: databaseQueryTimeoutMs,
        maintenanceIntervalMs: MAINTENANCE_INTERVAL_MS,
        onFatal,
      }),
      // How long a query waits for the one connection.
      connectTimeoutMS: databaseQueryTimeoutMs,
    });
  }
  const { extra, ...connection } = postgresOptions(databaseUrl);
  return new DataSource({
    ...COMMON,
    ...connection,
    poolSize: databasePoolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      ...extra,
      keepAlive: true,
      // A connection can break in the moment between the pool handing it out and TypeORM listening to it, when both
      // come in one packet. An error event that nobody listens to ends the process; the next query tells of it too.
      onConnect: (client: EventEmitter) => void client.on('error', () => undefined),
      statement_timeout: databaseQueryTimeoutMs,
      // The server's own deadline cannot be heard over a connection that is dead.
      query_timeout: databaseQueryTimeoutMs + 1000,
    },
  });
}
