import type { DataSource } from 'typeorm';
import { NOT_INCLUDED, SECTIONS, type Section } from './sections';

const PAGE = 500;

type Row = Readonly<Record<string, unknown>>;

/** The JSON of everything that is held on one person, in pieces: years of punches need not fit into memory. */
export async function* personRecord(
  dataSource: DataSource,
  subjectId: string,
  now: Date,
): AsyncGenerator<string, void, void> {
  const [own, ...lists] = SECTIONS;
  if (own === undefined) throw new Error('There is no part with the person');
  const [person = null] = await dataSource.query<Row[]>(own.sql, [subjectId]);
  const head = { exportedAt: now, notIncluded: NOT_INCLUDED, [own.name]: person };
  yield JSON.stringify(head, null, 2).replace(/\n\}$/, '');
  for (const section of lists) {
    yield `,\n  "${section.name}": [`;
    let separator = '\n    ';
    for await (const row of rowsOf(dataSource, section, subjectId)) {
      // The key is the pages' business.
      yield separator + JSON.stringify({ ...row, key: undefined });
      separator = ',\n    ';
    }
    yield '\n  ]';
  }
  yield '\n}\n';
}

async function* rowsOf(
  dataSource: DataSource,
  { sql, pages }: Section,
  subjectId: string,
): AsyncGenerator<Row> {
  if (!pages) {
    yield* await dataSource.query<Row[]>(sql, [subjectId]);
    return;
  }
  for (let after = '0'; ;) {
    const page = await dataSource.query<Row[]>(sql, [subjectId, after, PAGE]);
    yield* page;
    if (page.length < PAGE) return;
    after = String(page.at(-1)?.['key']);
  }
}
