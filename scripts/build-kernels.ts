import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const SOURCES = join(ROOT, 'src', 'services', 'matching', 'kernels', 'assembly');

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

/** Compiles one AssemblyScript file to WebAssembly, unless what is there is newer. */
export function buildKernel(source: string, target: string): void {
  if (existsSync(target) && statSync(target).mtimeMs >= statSync(source).mtimeMs) return;
  mkdirSync(dirname(target), { recursive: true });
  const asc = join(dirname(require.resolve('assemblyscript/package.json')), 'bin', 'asc.js');
  // Put in place whole: another process may be reading, or building the same.
  const draft = `${target}.${process.pid}`;
  execFileSync(process.execPath, [asc, source, '--outFile', draft, ...OPTIONS], { stdio: 'inherit' });
  renameSync(draft, target);
}

/** Compiles the matching kernels to <folder>/<name>.wasm where they are missing or older than their source. */
export function buildKernels(folder = join(ROOT, 'build', 'kernels')): void {
  for (const file of readdirSync(SOURCES).filter((name) => name.endsWith('.ts'))) {
    buildKernel(join(SOURCES, file), join(folder, `${basename(file, '.ts')}.wasm`));
  }
}

if (require.main === module) buildKernels(process.argv[2]);
