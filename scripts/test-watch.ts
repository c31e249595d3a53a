import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
/** Editors save in several steps, and several files at once. */
const QUIET_MS = 200;

/** A file as the tests load it: the service from dist/, packages from theirs, everything else from where it is. */
const loaded = (file: string): string =>
  /^src\/|^ormconfig\.ts$/.test(file)
    ? join('dist', file.replace(/\.ts$/, '.js'))
    : file.replace(/^(packages\/[^/]+)\/src\/(.*)\.ts$/, '$1/dist/$2.js');

/** Runs the tests that depend on these files; jest's set-up compiles the service before. */
function test(files: readonly string[]): Promise<void> {
  const jest = join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');
  const args = [
    jest,
    '--passWithNoTests',
    ...process.argv.slice(2),
    '--findRelatedTests',
    ...files.map(loaded),
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  return new Promise((resolve) => child.on('close', () => resolve()));
}

/** Runs the tests of what changes, until Ctrl-C. Jest's own watch mode would not see that dist/ comes from src/. */
function main(): void {
  const changed = new Set<string>();
  let running = false;
  const run = async (): Promise<void> => {
    if (running || changed.size === 0) return;
    running = true;
    const files = [...changed];
    changed.clear();
    await test(files);
    running = false;
    process.stdout.write(
      '\nWaiting for changes in src/, packages/, test/, web/src/ and scripts/. Ctrl-C ends.\n',
    );
    void run();
  };
  let timer: NodeJS.Timeout | null = null;
  for (const folder of ['src', 'packages', 'test', 'web/src', 'scripts']) {
    watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
      if (name === null || !/\.tsx?$/.test(name) || name.includes('generated')) return;
      changed.add(join(folder, name));
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => void run(), QUIET_MS);
    });
  }
  process.stdout.write(
    'Waiting for changes in src/, packages/, test/, web/src/ and scripts/. Ctrl-C ends.\n',
  );
}

main();
