import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateTypes, webManifest } from './codegen';

const ROOT = join(__dirname, '..');
const STAMP = join(ROOT, 'dist', 'web', '.sources');
/**
 * The pages' operations, for PERSISTED_OPERATIONS=pages. Beside the pages' folder, not in it: all that is in it is
 * served, and nobody needs an address for this list. It tells no more than the pages' scripts do.
 */
const MANIFEST = join(ROOT, 'dist', 'pages-operations.json');

/** What the pages are made of; the rules that page and server share are among it. */
const SOURCES = [
  'web',
  'src/services/face',
  'package-lock.json',
  // The reference: the schema, who may call what, and how it is written.
  'src/schema.graphql',
  'src/resolvers/permissions.ts',
  'scripts/schema-reference.ts',
  'scripts/schema-reference',
];

function* files(path: string): Generator<string> {
  const whole = join(ROOT, path);
  if (statSync(whole).isFile()) {
    yield whole;
    return;
  }
  for (const entry of readdirSync(whole, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) yield join(entry.parentPath, entry.name);
  }
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((path) => [...files(path)]).sort()) {
    hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Builds the pages to dist/web, and the list of their operations, unless what is there is of the same sources. */
export async function buildWeb(): Promise<void> {
  await generateTypes(['web']);
  const current = fingerprint();
  if (existsSync(MANIFEST) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === current) return;
  const vite = join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
  execFileSync(process.execPath, [vite, 'build', 'web', '--logLevel', 'warn'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  writeFileSync(MANIFEST, await webManifest());
  // After Vite, which empties the folder.
  execFileSync(process.execPath, ['-r', '@swc-node/register', join(ROOT, 'scripts', 'schema-reference.ts')], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  writeFileSync(STAMP, current);
}

if (require.main === module) {
  buildWeb().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
