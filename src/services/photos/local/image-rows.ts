import { basename } from 'node:path';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { folded } from '../../text/folded';

/** Those of these media paths that no row names. */
export async function withoutRow(manager: EntityManager, paths: readonly string[]): Promise<string[]> {
  const names = paths.map((path) => basename(path, '.jpg'));
  const rows = await manager.query<{ path: string }[]>(
    `SELECT image_path AS path FROM attendances WHERE id = ANY($1::uuid[])
     UNION ALL SELECT image_path FROM review_items WHERE id = ANY($1::uuid[]) AND image_path IS NOT NULL
     UNION ALL SELECT image_path FROM face_photos WHERE id = ANY($1::uuid[])
     UNION ALL SELECT image_path FROM employees
       WHERE image_path = ANY($2::text[]) OR (employee_id_key = ANY($3::text[]) AND image_path IS NOT NULL)`,
    [names.filter((name) => isUuid(name)), paths, names.map(folded)],
  );
  // In any case, as employeeIds are: on some disks face_images/a.jpg and face_images/A.jpg are one file.
  const known = new Set(rows.map((row) => row.path.toLowerCase()));
  return paths.filter((path) => !known.has(path.toLowerCase()));
}

/**
 * Keeps the row whose photo this is from letting go of it until the transaction ends.
 * @returns false if there is none
 */
export async function holdRow(manager: EntityManager, path: string): Promise<boolean> {
  const name = basename(path, '.jpg');
  const named = ['SELECT 1 FROM employees WHERE image_path = $1 FOR SHARE'];
  // By the id, which is indexed; it is the file's name.
  if (isUuid(name)) {
    named.push('SELECT 1 FROM attendances WHERE image_path = $1 AND id = $2 FOR SHARE');
    named.push('SELECT 1 FROM review_items WHERE image_path = $1 AND id = $2 FOR SHARE');
    named.push('SELECT 1 FROM face_photos WHERE image_path = $1 AND id = $2 FOR SHARE');
  }
  for (const sql of named) {
    const rows = await manager.query<unknown[]>(sql, sql.includes('$2') ? [path, name] : [path]);
    if (rows.length > 0) return true;
  }
  return false;
}
