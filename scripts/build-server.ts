import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

const ROOT = join(__dirname, '..');

/** Folders with the sources of our own packages. */
const PACKAGES = readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}/src`);

/** Where a file or folder is compiled to: a package has a dist/ of its own. */
const targetOf = (path: string): string =>
  path.startsWith('packages/') ? path.replace('/src', '/dist') : `dist/${path}`;

/**
 * Compiles TypeScript to dist/, each file to the same place with .js, and removes compiled files whose source is gone.
 * A package is compiled to its own dist/, where its package.json points.
 * Types are checked by `npm run types`, not here: a start should not wait for the type checker.
 * @param sources files and folders, relative to the root of the checkout
 */
async function compile(sources: readonly string[]): Promise<void> {
  const files = sources.flatMap((source) => (source.endsWith('.ts') ? [source] : filesBelow(ROOT, source)));
  const compiled = new Set<string>();
  await Promise.all(
    files
      // AssemblyScript is another language; scripts/build-kernels.ts compiles it.
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.includes('assembly'))
      .map(async (file) => {
        const { code, map } = await transformFile(join(ROOT, file), { cwd: ROOT, sourceMaps: true });
        const target = targetOf(file.replace(/\.ts$/, '.js'));
        const name = `${target.slice(target.lastIndexOf('/') + 1)}.map`;
        writeIfChanged(join(ROOT, target), `${code}\n//# sourceMappingURL=${name}\n`);
        writeIfChanged(join(ROOT, `${target}.map`), map ?? '');
        compiled.add(target).add(`${target}.map`);
      }),
  );
  for (const folder of sources.filter((source) => !source.endsWith('.ts'))) {
    for (const file of filesBelow(ROOT, targetOf(folder))) {
      if (/\.js(\.map)?$/.test(file) && !compiled.has(file)) rmSync(join(ROOT, file));
    }
  }
}

/** Compiles our own packages, for scripts that run sources of the service. */
export const buildPackages = (): Promise<void> => compile(PACKAGES);

/**
 * Compiles the service and its packages. It takes about a second, so it is always done.
 * @param more further files and folders
 */
export const buildServer = (...more: readonly string[]): Promise<void> =>
  compile(['ormconfig.ts', 'src', ...PACKAGES, ...more]);

/** Unchanged files stay untouched: another process may be reading them. */
function writeIfChanged(file: string, content: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
  mkdirSync(dirname(file), { recursive: true });
  // Put in place whole: another process may load it just now.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}

/** @returns paths relative to `root` */
function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );
}

if (require.main === module) {
  buildPackages().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
