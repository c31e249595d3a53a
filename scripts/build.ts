import { buildKernels } from './build-kernels';
import { buildModels } from './build-models';
import { buildServer } from './build-server';
import { buildWeb } from './build-web';

/** Builds everything that runs to dist/. Outputs that are up to date are skipped. */
export async function build(): Promise<void> {
  await Promise.all([buildServer(), buildKernels(), buildModels(), buildWeb()]);
}

if (require.main === module) {
  build().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
