import { basename } from 'node:path';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

/** Those of these media paths that no row names. */
export async function withoutRow(manager: EntityManager, paths: readonly string[]): Promise<string[]> {
  const names = paths.map((path) => basename(path, '.jpg'));
  const rows = await manager.query<{ path: string }[]>(
    `SELECT image_path AS path FROM attendances WHERE id = ANY($1::uuid[])
     UNION ALL SELECT image_path FROM face_photos WHERE id = ANY($1::uuid[])
     UNION ALL SELECT image_path FROM employees WHERE image_path = ANY($2::text[])`,
    [names.filter((name) => isUuid(name)), paths],
  );
  const known = new Set(rows.map((row) => row.path));
  return paths.filter((path) => !known.has(path));
}
