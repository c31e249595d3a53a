import { buildKernels } from './build-kernels';
import { buildServer } from './build-server';
import { buildWeb } from './build-web';

/** Builds everything that runs to dist/. What is there of the same sources is left as it is. */
export async function build(): Promise<void> {
  await Promise.all([buildServer(), buildKernels(), buildWeb()]);
}

if (require.main === module) {
  build().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
