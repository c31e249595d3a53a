import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig';
import { loadConfig, type Config } from '../../src/config/config';
import { migrate } from '../../src/database/migrate';
import { openAuditKeys } from '../../src/services/audit/open-audit-keys';
import { KeyRing } from '../../src/services/encryption/key-ring';
import { WrongSecret } from '../../src/services/encryption/sealed-secret';
import type { TestStorage } from './databases';

/** Gives a database the key of its audit trail, as the service does. */
export async function signAs(dataSource: DataSource, { dataDir, encryption }: Config): Promise<void> {
  const keys = encryption && new KeyRing(encryption);
  await openAuditKeys(dataSource, { dataDir, keys, log: pino({ level: 'silent' }) });
}

/**
 * The migrated database of a storage, without a service; several on one PostgreSQL are as many nodes.
 * @param onFatal hears that the embedded database cannot go on; a test that does not expect it fails
 */
export async function openDataSource(
  { dataDir, databaseUrl }: TestStorage,
  env: Readonly<Record<string, string>> = {},
  onFatal: (error: Error) => void = (error) => {
    throw error;
  },
): Promise<DataSource> {
  const config = loadConfig({
    DATA_DIR: dataDir,
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    ...env,
  });
  const dataSource = await createDataSource(config, { onFatal }).initialize();
  await migrate(dataSource);
  // Without the key of the service it can only look.
  await signAs(dataSource, config).catch((error: unknown) => {
    if (!(error instanceof WrongSecret)) throw error;
  });
  return dataSource;
}
