import { join } from 'node:path';
import type { Client } from 'pg';
import { DataSource } from 'typeorm';
import { acquireLock, pgliteDriver, type FolderLock } from '@rollcall/embedded-postgres';
import type { Config } from './src/config/config';
import { postgresOptions } from './src/database/connection';
import { readDatesAsText } from './src/database/dates';
import { PoolHealth, PostgresPool } from './src/database/postgres-pool';
import { entities } from './src/entities';
import { migrations } from './src/migrations';

interface DataSourceHooks {
  /** The embedded database is no longer this process's. Acknowledged data is safe, but the process must be restarted. */
  readonly onFatal: (error: Error) => void;
  /** The embedded database has failed and is opened again; acknowledged data is safe. */
  readonly onFailure?: (error: Error) => void;
  /** Whether nothing of a session lasts beyond a transaction; see poolsTransactions. */
  readonly transactionPooling?: boolean;
  /** Hears what PostgreSQL says of the connections to it. */
  readonly health?: PoolHealth;
  /** The names of the migrations that there are; left out: all. A backup of an older version has fewer. */
  readonly only?: readonly string[];
}

readDatesAsText();

/** Nothing that a DataSource logs by itself may carry a query's parameters, so it logs nothing. */
const COMMON = {
  type: 'postgres' as const,
  entities,
  migrationsTableName: 'migrations',
  synchronize: false,
  logging: false,
  // Ids are made by the application; no extension is needed, nor the right to install one.
  uuidExtension: 'pgcrypto' as const,
  installExtensions: false,
};

const CONNECT_TIMEOUT_MS = 5000;
const MAINTENANCE_INTERVAL_MS = 60_000;

/** The names of all migrations of this version. */
export const migrationNames: readonly string[] = migrations.map(({ name }) => name);

/** Where the embedded database is kept. */
export const databaseFolder = (dataDir: string): string => join(dataDir, 'database');

/** Keeps every process from opening the embedded database. @throws Error naming the one that has it open */
export const lockEmbedded = (dataDir: string): Promise<FolderLock> => acquireLock(databaseFolder(dataDir));

/** The TypeORM DataSource: PostgreSQL where DATABASE_URL says so, else PGlite under DATA_DIR. Not yet initialized. */
export function createDataSource(
  config: Config,
  { onFatal, onFailure, transactionPooling = false, health = new PoolHealth(), only }: DataSourceHooks,
): DataSource {
  const { database, dataDir } = config;
  const { url, poolSize, queryTimeoutMs } = database;
  const common = {
    ...COMMON,
    migrations: migrations.filter(({ name }) => only === undefined || only.includes(name)),
  };
  if (url === null) {
    return new DataSource({
      ...common,
      driver: pgliteDriver({
        dataDir: databaseFolder(dataDir),
        queryDeadlineMs: queryTimeoutMs,
        maintenanceIntervalMs: MAINTENANCE_INTERVAL_MS,
        onFatal,
        ...(onFailure === undefined ? {} : { onFailure }),
      }),
      // How long a query waits for the one connection.
      connectTimeoutMS: queryTimeoutMs,
    });
  }
  const { extra, ...connection } = postgresOptions(url);
  return new DataSource({
    ...common,
    ...connection,
    driver: { Pool: PostgresPool.bind(null, { health, prepares: !transactionPooling }) },
    poolSize: poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      ...extra,
      keepAlive: true,
      // Not as a parameter of the connection, which poolers refuse. Where sessions are shared, it would be everybody's.
      ...(transactionPooling
        ? {}
        : {
            // JIT: compiling takes longer than any of our statements without it.
            onConnect: (client: Client) =>
              client.query(`SET statement_timeout = ${queryTimeoutMs}; SET jit = off`),
          }),
      // The server's own deadline cannot be heard over a connection that is dead.
      query_timeout: queryTimeoutMs + 1000,
    },
  });
}
