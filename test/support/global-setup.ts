import 'reflect-metadata';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config';
import { createDataSource } from '../../ormconfig';
import { buildKernels } from '../../scripts/build-kernels';
import { buildWeb } from '../../scripts/build-web';
import { generateTypes } from '../../scripts/codegen';
import { migrate } from '../../src/database/migrate';
import { TEMPLATE_VARIABLE } from './databases';

/**
 * Builds the matching kernels, the types of the operations and the pages where they are not current, and makes the
 * embedded database that suites copy.
 */
export default async function globalSetup(): Promise<void> {
  buildKernels();
  await generateTypes();
  await buildWeb();
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-template-'));
  const dataSource = await createDataSource(loadConfig({ DATA_DIR: dataDir }), {
    onFatal: (error) => {
      throw error;
    },
  }).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
  process.env[TEMPLATE_VARIABLE] = join(dataDir, 'database');
}
