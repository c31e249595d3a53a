import { buildKernels } from '../../../scripts/build-kernels';
import { buildModels } from '../../../scripts/build-models';
import { buildServer } from '../../../scripts/build-server';
import { generateTypes } from '../../../scripts/codegen';

/** Generates the types of operations, and compiles the service and the scripts that tests run as processes and threads. */
export default async function sources(): Promise<void> {
  await generateTypes();
  await buildServer('test/support');
  await buildKernels();
  await buildModels();
}
