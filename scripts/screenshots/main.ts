/**
 * Takes the pictures of docs/guide/screenshots, all or those of one subject: `npm run screenshots -- hours`. It runs the
 * compiled service, as tests do, on the embedded database.
 */
import 'reflect-metadata';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as SetupModule from '../../test/support/setup/web';
import type * as SubjectsModule from './subjects';

/** Loads the sources of the pictures after the service's place is set. */
const load = createRequire(__filename);
const DIST = join(__dirname, '..', '..', 'dist');

/** Loads the service from dist/, where its workers and models are. jest.config.js does the same for tests. */
function loadCompiledService(): void {
  const loader = Module as unknown as { _resolveFilename: (request: string, ...rest: unknown[]) => string };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    const own = /^(?:\.\.\/)+(src\/.+|ormconfig)$/.exec(request)?.[1];
    return resolve.call(this, own === undefined ? request : join(DIST, own), ...rest);
  };
}

async function main(): Promise<void> {
  process.env['TEST_DATABASE_URL'] = '';
  await (load('../../test/support/setup/web') as typeof SetupModule).default();
  loadCompiledService();
  const { SUBJECTS } = load('./subjects') as typeof SubjectsModule;
  const [only] = process.argv.slice(2);
  for (const [name, take] of Object.entries(SUBJECTS)) if (only === undefined || only === name) await take();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
