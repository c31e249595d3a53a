import { join } from 'node:path';
import { buildKernels } from '../../../scripts/build-kernels';
import { compile } from '../../../scripts/build-server';

/** Compiles the service, and the scripts of the tests that run as processes and threads. */
export default async function sources(): Promise<void> {
  await compile(['ormconfig.ts', 'src', 'test/support']);
  buildKernels(join(__dirname, '..', '..', '..', 'dist', 'build', 'kernels'));
}
