import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

const ROOT = join(__dirname, '..');
const TARGET = join(ROOT, 'dist');

/**
 * Compiles TypeScript to dist/, each file to the same place with .js, and removes compiled files whose source is gone.
 * Types are checked by `npm run types`, not here: a start should not wait for the type checker.
 * @param sources files and folders, relative to the root of the checkout
 */
export async function compile(sources: readonly string[]): Promise<void> {
  const files = sources.flatMap((source) => (source.endsWith('.ts') ? [source] : filesBelow(ROOT, source)));
  const compiled = new Set<string>();
  await Promise.all(
    files
      // AssemblyScript is another language; scripts/build-kernels.ts compiles it.
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.includes('assembly'))
      .map(async (file) => {
        const { code, map } = await transformFile(join(ROOT, file), { cwd: ROOT, sourceMaps: true });
        const target = file.replace(/\.ts$/, '.js');
        const name = `${target.slice(target.lastIndexOf('/') + 1)}.map`;
        writeIfChanged(join(TARGET, target), `${code}\n//# sourceMappingURL=${name}\n`);
        writeIfChanged(join(TARGET, `${target}.map`), map ?? '');
        compiled.add(target).add(`${target}.map`);
      }),
  );
  for (const folder of sources.filter((source) => !source.endsWith('.ts'))) {
    for (const file of filesBelow(TARGET, folder)) {
      if (/\.js(\.map)?$/.test(file) && !compiled.has(file)) rmSync(join(TARGET, file));
    }
  }
}

/** Compiles the service. It takes about a second, so it is always done. */
export const buildServer = (): Promise<void> => compile(['ormconfig.ts', 'src']);

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
