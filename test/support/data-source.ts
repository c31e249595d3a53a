import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config/config';
import { migrate } from '../../src/database/migrate';
import type { TestStorage } from './databases';

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
  return dataSource;
}
