import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildPackages } from './build-server';
import { generateTypes, webManifest } from './codegen';
import { runNode } from './run-node';
import { unlessCurrent } from './unless-current';

const ROOT = join(__dirname, '..');
/**
 * The pages' operations, for PERSISTED_OPERATIONS=pages. Beside the pages' folder, not in it: all that is in it is
 * served, and nobody needs an address for this list. It tells no more than the pages' scripts do.
 */
const MANIFEST = join(ROOT, 'dist', 'pages-operations.json');

/** What the pages are made of; the rules that page and server share are among it. */
const SOURCES = [
  'web',
  'packages/face-rules/src',
  'package-lock.json',
  'scripts/build-web.ts',
  'scripts/codegen.ts',
  // The reference: the schema, who may call what, and how it is written.
  'src/schema.graphql',
  'src/resolvers/access-policy/permissions.ts',
  'src/services/attendance/check/outcomes.ts',
  'scripts/schema-reference.ts',
  'scripts/schema-reference',
];

/** Builds the pages to dist/web, and the list of their operations, unless both are up to date. */
export async function buildWeb(): Promise<void> {
  await generateTypes(['web']);
  const sources = SOURCES.map((path) => join(ROOT, path));
  await unlessCurrent({ target: MANIFEST, sources }, async (draft) =>
    writeFileSync(draft, await webManifest()),
  );
  await unlessCurrent({ target: join(ROOT, 'dist', 'web'), sources }, async (draft) => {
    const vite = join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
    await runNode(vite, 'build', 'web', '--logLevel', 'warn', '--outDir', draft);
    // After Vite, which empties the folder. The roles come from sources of the service, which import the packages.
    await buildPackages();
    await runNode('-r', '@swc-node/register', join(ROOT, 'scripts', 'schema-reference.ts'), draft);
  });
}

if (require.main === module) {
  buildWeb().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
