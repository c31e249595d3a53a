import { join } from 'node:path';
import { buildKernels } from '../../../scripts/build-kernels';
import { compile } from '../../../scripts/build-server';
import { generateTypes } from '../../../scripts/codegen';

/** Generates the types of operations, and compiles the service and the scripts that tests run as processes and threads. */
export default async function sources(): Promise<void> {
  await generateTypes();
  await compile(['ormconfig.ts', 'src', 'test/support']);
  await buildKernels(join(__dirname, '..', '..', '..', 'dist', 'build', 'kernels'));
}
