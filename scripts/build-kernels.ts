import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runNode } from './run-node';
import { unlessCurrent } from './unless-current';

const ROOT = join(__dirname, '..');
const GALLERY = join(ROOT, 'packages', 'gallery');
const SOURCES = join(GALLERY, 'src', 'kernels', 'assembly');

/** Options of asc. The memory is shared with the thread that scans large galleries, so its limit is fixed: 4 GiB. */
const OPTIONS = [
  '--optimize',
  '--runtime=stub',
  '--enable=simd,threads',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory=1',
  '--maximumMemory=65536',
  '--use=abort=', // nothing can abort, and nothing but the memory is imported
];

/** Compiles one AssemblyScript file to WebAssembly, unless the output is up to date. */
export function buildKernel(source: string, target: string): Promise<void> {
  const sources = [source, __filename, join(ROOT, 'package-lock.json')];
  return unlessCurrent({ target, sources }, async (draft) => {
    const asc = join(dirname(require.resolve('assemblyscript/package.json')), 'bin', 'asc.js');
    await runNode(asc, source, '--outFile', draft, ...OPTIONS);
  });
}

/** Compiles the matching kernels to <name>.wasm, beside the compiled file that loads them. */
export async function buildKernels(): Promise<void> {
  for (const file of readdirSync(SOURCES).filter((name) => name.endsWith('.ts'))) {
    await buildKernel(join(SOURCES, file), join(GALLERY, 'dist', 'kernels', `${basename(file, '.ts')}.wasm`));
  }
}

if (require.main === module) {
  buildKernels().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
