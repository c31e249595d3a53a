import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { QueryRunner } from 'typeorm';
import { rowsFile } from '../backup/manifest';
import { OperatorError } from '../operator-error';
import type { VerifiedBackup } from './verify-backup';

/** Characters of rows that are sent at once. */
const BATCH = 1_000_000;

interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** Foreign keys of these tables. */
const FOREIGN_KEYS = `
  SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY($1::regclass[]) ORDER BY conname`;

/** Columns that take a value, in the form for an INSERT. */
const COLUMNS = `
  SELECT quote_ident(attname) AS name FROM pg_attribute
  WHERE attrelid = quote_ident($1)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`;

/** Columns whose values a sequence gives, and the sequence. */
const SEQUENCES = `
  SELECT quote_ident(a.attname) AS column, s.name AS sequence FROM pg_attribute a,
    LATERAL (SELECT pg_get_serial_sequence(quote_ident($1), a.attname) AS name) s
  WHERE a.attrelid = quote_ident($1)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND s.name IS NOT NULL`;

/**
 * Replaces the rows of a new database, of the same migrations, by those of the backup. To be called in a transaction.
 * @throws OperatorError
 */
export async function loadRows(
  runner: QueryRunner,
  { path, manifest }: VerifiedBackup,
  onTable: () => void,
): Promise<void> {
  const tables = manifest.tables.map(({ name }) => `"${name}"`);
  // Rows come table by table, and each may refer to a later one. Adding a constraint checks all rows.
  const foreignKeys = (await runner.query(FOREIGN_KEYS, [tables])) as ForeignKey[];
  for (const { table, name } of foreignKeys)
    await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  for (const { name, rows } of manifest.tables) {
    // What the migrations put in.
    await runner.query(`DELETE FROM "${name}"`);
    const loaded = await loadTable(runner, name, join(path, rowsFile(name)));
    if (loaded !== rows)
      throw new OperatorError(`The backup has ${loaded} rows of ${name} instead of ${rows}.`);
    onTable();
  }
  for (const { table, name, definition } of foreignKeys) {
    await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  }
}

async function loadTable(runner: QueryRunner, table: string, file: string): Promise<number> {
  const columns = (await runner.query(COLUMNS, [table])) as { name: string }[];
  const names = columns.map(({ name }) => name).join(', ');
  // The text is passed on as it is: JavaScript's numbers are not precise enough for all of it.
  const insert = `INSERT INTO "${table}" (${names}) OVERRIDING SYSTEM VALUE
    SELECT ${names} FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`;
  let [lines, size, rows]: [string[], number, number] = [[], 0, 0];
  const flush = async (): Promise<void> => {
    if (lines.length > 0) await runner.query(insert, [`[${lines.join(',')}]`]);
    rows += lines.length;
    [lines, size] = [[], 0];
  };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    lines.push(line);
    size += line.length;
    if (size >= BATCH) await flush();
  }
  await flush();
  const sequences = (await runner.query(SEQUENCES, [table])) as { column: string; sequence: string }[];
  for (const { column, sequence } of sequences) {
    await runner.query(
      `SELECT setval($1::regclass, coalesce(max(${column}), 0) + 1, false) FROM "${table}"`,
      [sequence],
    );
  }
  return rows;
}
