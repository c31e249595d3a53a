import { NOT_PERSONAL } from '../not-personal';
import { PERSONAL_TABLES, type PersonalTable } from '../personal-data';

/** A part of an export. */
export interface Section {
  /** Its name in data.json. */
  readonly name: string;
  /** $1: the row id of the employee. With `pages`: $2 the key after which, $3 how many, and rows have a `key`. */
  readonly sql: string;
  /** Whether there may be years of them: they are read in pages, in the order of their key. */
  readonly pages: boolean;
}

/** Those of each table, and of the tables within it. */
function columnsOf(table: string, { columns }: PersonalTable): string[] {
  const own = Object.entries(columns).flatMap(([column, { as, sql = column }]) =>
    as === undefined ? [] : [{ as, sql }],
  );
  const within = PERSONAL_TABLES.filter(([, other]) => other.within === table);
  return [
    ...own.map(({ as, sql }) => `${sql} AS "${as}"`),
    ...within.flatMap(([name, { columns: others }]) =>
      Object.entries(others).flatMap(([column, { as, sql = column }]) =>
        as === undefined ? [] : `(SELECT ${sql} FROM ${name} WHERE ${name}.id = ${table}.id) AS "${as}"`,
      ),
    ),
  ];
}

/** The sections. Those with pages come last, so short ones precede years of punches. The first is the employee's own row. */
export const SECTIONS: readonly Section[] = PERSONAL_TABLES.flatMap(([table, rules]) => {
  if (rules.section === undefined || rules.of === null) return [];
  const { name, order, pages = false } = rules.section;
  const columns = columnsOf(table, rules);
  const [key, page] = pages
    ? [`${order}::text AS key, `, `AND ${order} > $2::bigint ORDER BY ${order} LIMIT $3`]
    : ['', `ORDER BY ${order}`];
  return [{ name, pages, sql: `SELECT ${key}${columns.join(', ')} FROM ${table} WHERE ${rules.of} ${page}` }];
});

/** The photos' paths: those that are shown, and those whose files wait to be removed. */
export const PHOTOS = `${PERSONAL_TABLES.flatMap(([table, { of, photo }]) =>
  photo === undefined || of === null
    ? []
    : `SELECT ${photo.path} AS path FROM ${table} WHERE ${of} AND ${photo.path} IS NOT NULL AND ${photo.there ?? 'true'}`,
).join(' UNION ALL ')} ORDER BY path`;

const omittedTables = PERSONAL_TABLES.flatMap(([table, { omitted }]) =>
  omitted === undefined ? [] : [[table, omitted]],
);
const omittedColumns = PERSONAL_TABLES.flatMap(([table, { columns }]) =>
  Object.entries(columns).flatMap(([column, { omitted }]) =>
    omitted === undefined ? [] : [[`${table}.${column}`, omitted]],
  ),
);

/** Explains in data.json what it does not contain. */
export const NOT_INCLUDED = {
  faceDescriptors:
    'The numbers by which a face is recognised stay inside the service. They cannot be read as a picture, but with them, somebody could impersonate the person at similar systems. Each has an entry in templates, with the time, photo and model.',
  replayHashes:
    'Keyed hashes of photos that were sent (seen_samples) contain no name. For a punch with a requestId, samplesSeen contains the time. For the others, nobody can tell whose they are.',
  tables: Object.fromEntries([
    ...omittedTables,
    ...Object.entries(NOT_PERSONAL).map(([table, [why]]) => [table, why]),
  ]) as Record<string, string>,
  columns: Object.fromEntries(omittedColumns) as Record<string, string>,
};
