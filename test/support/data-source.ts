import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config';
import { migrate } from '../../src/database/migrate';
import type { TestStorage } from './databases';

/** The migrated database of a storage, without a service; several on one PostgreSQL are as many nodes. */
export async function openDataSource({ dataDir, databaseUrl }: TestStorage): Promise<DataSource> {
  const config = loadConfig({
    DATA_DIR: dataDir,
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  });
  const onFatal = (error: Error): never => {
    throw error;
  };
  const dataSource = await createDataSource(config, { onFatal }).initialize();
  await migrate(dataSource);
  return dataSource;
}
