import { appendFile } from 'node:fs/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import type { BackupFolder } from './backup-folder';
import { rowsFile } from './manifest';

const BATCH = 500;

interface Dump {
  readonly migrations: readonly string[];
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** How many rows name a photo. */
  readonly photos: number;
}

interface DumpOptions {
  readonly dataSource: DataSource;
  readonly folder: BackupFolder;
  /** Gets the path of each photo that a row names, one a line. */
  readonly photoList: string;
  /** Told of each table that is written. */
  readonly onTable: (name: string) => void;
}

/** Writes all rows as they were at one moment. The memory that it takes does not depend on how many there are. */
export async function dumpRows({ dataSource, folder, photoList, onTable }: DumpOptions): Promise<Dump> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await runner.query(`SET LOCAL bytea_output = 'hex'`);
    await runner.query(`SET LOCAL extra_float_digits = 1`);
    await runner.query(`SET LOCAL TimeZone = 'UTC'`);
    const migrations = await migrationsOf(runner);
    const tables: Dump['tables'][number][] = [];
    let photos = 0;
    for (const name of await tablesOf(dataSource, runner)) {
      onTable(name);
      let rows = 0;
      const lines = async function* () {
        for await (const page of pagesOf(runner, name)) {
          rows += page.length;
          const paths = page.flatMap(({ photo }) => (photo === null ? [] : [`${photo}\n`]));
          photos += paths.length;
          await appendFile(photoList, paths.join(''));
          yield page.map(({ line }) => `${line}\n`).join('');
        }
      };
      await folder.write(rowsFile(name), lines());
      tables.push({ name, rows });
    }
    await runner.query('COMMIT');
    return { migrations, tables, photos };
  } finally {
    await runner.release();
  }
}

async function migrationsOf(runner: QueryRunner): Promise<string[]> {
  const rows = (await runner.query('SELECT name FROM migrations ORDER BY "timestamp", id')) as {
    name: string;
  }[];
  return rows.map(({ name }) => name);
}

/** Those of the service that are there: the database may be older than this version. */
async function tablesOf(dataSource: DataSource, runner: QueryRunner): Promise<string[]> {
  const known = dataSource.entityMetadatas.map(({ tableName }) => tableName);
  const rows = (await runner.query(
    'SELECT name FROM unnest($1::text[]) name WHERE to_regclass(quote_ident(name)) IS NOT NULL ORDER BY name',
    [known],
  )) as { name: string }[];
  return rows.map(({ name }) => name);
}

interface Row {
  readonly line: string;
  /** The path of the photo that belongs to it; null: none. */
  readonly photo: string | null;
}

/** Rows in the order of the primary key. */
async function* pagesOf(runner: QueryRunner, table: string): AsyncGenerator<Row[], void, void> {
  const columns = (await runner.query(
    `SELECT a.attname AS name, i.indrelid IS NOT NULL AS key FROM pg_attribute a
     LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY(i.indkey)
     WHERE a.attrelid = quote_ident($1)::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [table],
  )) as { name: string; key: boolean }[];
  const key = columns.filter((column) => column.key).map(({ name }) => `"${name}"`);
  const photo = columns.some(({ name }) => name === 'image_path') ? 'image_path' : 'NULL';
  const order = key.length === 0 ? '' : `ORDER BY ${key.join(', ')}`;
  await runner.query(
    `DECLARE backup_rows NO SCROLL CURSOR FOR
     SELECT to_jsonb(t)::text AS line, ${photo}::text AS photo FROM "${table}" t ${order}`,
  );
  for (let size = BATCH; size === BATCH;) {
    const page = (await runner.query(`FETCH ${BATCH} FROM backup_rows`)) as Row[];
    size = page.length;
    if (size > 0) yield page;
  }
  await runner.query('CLOSE backup_rows');
}
