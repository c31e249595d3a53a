import 'reflect-metadata';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSchema } from 'graphql';
import { OPERATIONS, PUBLIC_OPERATIONS } from '../src/resolvers/access-policy/permissions';
import { referencePage } from './schema-reference/page';

const ROOT = join(__dirname, '..');
const TARGET = process.argv[2] ?? join(ROOT, 'dist', 'web');
const ASSETS = join(__dirname, 'schema-reference');

/** Who may call an operation, in words. */
export function access(operation: string): string | null {
  if (PUBLIC_OPERATIONS.includes(operation)) return 'Needs no key.';
  const roles = OPERATIONS[operation];
  return roles === undefined ? null : `Roles: ${roles.join(', ')}.`;
}

/** Writes the page at /reference from src/schema.graphql, and its two files, to a folder: the first argument, or dist/web. */
function buildReference(): void {
  const schema = buildSchema(readFileSync(join(ROOT, 'src', 'schema.graphql'), 'utf8'));
  mkdirSync(TARGET, { recursive: true });
  const files = {
    'reference.html': referencePage(schema, access),
    'reference.css': readFileSync(join(ASSETS, 'reference.css'), 'utf8'),
    'reference.js': readFileSync(join(ASSETS, 'reference.js'), 'utf8'),
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(TARGET, name), text);
    writeFileSync(join(TARGET, `${name}.gz`), gzipSync(text, { level: 9 }));
  }
}

if (require.main === module) buildReference();
