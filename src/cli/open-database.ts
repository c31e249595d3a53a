import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig';
import type { Config } from '../config/config';
import { readAuditKeys } from '../services/audit/open-audit-keys';
import { KeyRing } from '../services/encryption/key-ring';
import { WrongSecret } from '../services/encryption/sealed-secret';
import { OperatorError } from './operator-error';

const EXIT_FAILED = 1;

interface Opening {
  /** Whether to create a missing embedded database. */
  readonly mayCreate?: boolean;
  /** The names of the migrations that there are; left out: all. */
  readonly only?: readonly string[];
}

/**
 * Runs a command against the database of the service and migrates nothing. A missing table becomes a message that says
 * to start the service first.
 * @param instead what to do if the service is running on the embedded database, which serves one process
 * @throws OperatorError, and what `run` throws
 */
export async function withDatabase<T>(
  config: Config,
  instead: string,
  run: (dataSource: DataSource) => Promise<T>,
  opening: Opening = {},
): Promise<T> {
  const dataSource = await openDatabase(config, instead, opening);
  try {
    await signAsService(dataSource, config);
    return await run(dataSource);
  } catch (error) {
    if (!isMissingTable(error)) throw error;
    throw new OperatorError('The database is older than this version. Start the service once to migrate it.');
  } finally {
    await dataSource.destroy();
  }
}

/** What a command records is signed with the key of the service; without it a verification reports these events. */
async function signAsService(dataSource: DataSource, { dataDir, encryption }: Config): Promise<void> {
  const keys = encryption && new KeyRing(encryption);
  await readAuditKeys(dataSource, { dataDir, keys }).catch((error: unknown) => {
    // Commands that need the key say so themselves. Some run on a database from before there was one.
    if (!(error instanceof WrongSecret) && !isMissingTable(error)) throw error;
  });
}

async function openDatabase(
  config: Config,
  instead: string,
  { mayCreate = false, only }: Opening,
): Promise<DataSource> {
  const { database, dataDir } = config;
  if (database.url === null && !mayCreate && !existsSync(join(dataDir, 'database'))) {
    throw new OperatorError(
      `No database found in DATA_DIR (${dataDir}). Start the service once, or set DATA_DIR or DATABASE_URL to the values of the service.`,
    );
  }
  const onFatal = (): never => {
    process.stderr.write('Embedded database failed; acknowledged data is safe.\n');
    process.exit(EXIT_FAILED);
  };
  try {
    // Commands need their own sessions for locks.
    const direct = { ...config, database: { ...database, url: database.directUrl ?? database.url } };
    const hooks = { onFatal, ...(only === undefined ? {} : { only }) };
    return await createDataSource(direct, hooks).initialize();
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    if (database.url === null && message.includes(' is in use by ')) {
      throw new OperatorError(
        `The service is running and uses the embedded database, which allows only one process. ${instead}`,
      );
    }
    throw new OperatorError(`Could not open the database: ${message}`);
  }
}

/** 42P01: there is no such table; 42703: no such column. */
const isMissingTable = (error: unknown): boolean =>
  ['42P01', '42703'].includes(String((error as { code?: unknown }).code));
