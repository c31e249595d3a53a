import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../ormconfig';
import { loadConfig } from '../src/config/config';
import { migrate } from '../src/database/migrate';

/**
 * What would have to be run to make the tables what the entities say.
 * @param dataSource initialized and migrated
 * @returns SQL statements; none when the migrations are complete
 */
export async function migrationDrift(dataSource: DataSource): Promise<string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

/** Migrates an empty embedded database and fails if it then differs from the entities. */
async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-drift-'));
  try {
    const dataSource = await createDataSource(loadConfig({ DATA_DIR: dataDir }), {
      onFatal: (error) => {
        throw error;
      },
    }).initialize();
    try {
      await migrate(dataSource);
      const drift = await migrationDrift(dataSource);
      if (drift.length > 0) {
        throw new Error(
          `The entities say more than the migrations; a new one is needed:\n${drift.join('\n')}`,
        );
      }
    } finally {
      await dataSource.destroy();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
