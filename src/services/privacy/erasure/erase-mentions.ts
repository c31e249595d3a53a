import type { DataSource } from 'typeorm';
import { PERSONAL_TABLES } from '../personal-data';

/** Replaces the name. One character, so that the text never gets too long for its column. */
const REPLACEMENT = '…';
const MIN_LETTERS = 4;

/** SQL of each column whose free text may name somebody. $1: a regular expression, $2: what replaces a match. */
const REPLACE: readonly string[] = PERSONAL_TABLES.flatMap(([table, { columns }]) =>
  Object.entries(columns).flatMap(([column, { mentions }]) =>
    mentions === true
      ? [
          `UPDATE ${table} SET ${column} = regexp_replace(${column}, $1, $2, 'gi')
           WHERE ${column} IS NOT NULL AND ${column} ~* $1`,
        ]
      : [],
  ),
);

/**
 * Takes the person's name and employeeId out of texts that others wrote: names of API keys, reasons and notes. It does this as long
 * as the employee's row has the name, and can be repeated.
 */
export async function eraseMentions(dataSource: DataSource, subjectId: string): Promise<void> {
  const [person] = await dataSource.query<{ name: string; employee_id: string }[]>(
    `SELECT name, employee_id FROM employees WHERE id = $1 AND employee_id <> 'erased-' || id::text`,
    [subjectId],
  );
  // A pseudonym names nobody.
  if (person === undefined) return;
  const texts = [person.name, person.employee_id].filter(canBeTold);
  if (texts.length === 0) return;
  const pattern = `(?<![[:alnum:]_])(?:${texts.map(patternOf).join('|')})(?![[:alnum:]_])`;
  for (const sql of REPLACE) await dataSource.query(sql, [pattern, REPLACEMENT]);
}

/** A short word or number may mean something else: two words, or four letters or digits at least. */
const canBeTold = (text: string): boolean =>
  /\S\s+\S/.test(text.trim()) || (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= MIN_LETTERS;

/** A regular expression of PostgreSQL for a text as it is, with any white space between its words. */
const patternOf = (text: string): string =>
  text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('\\s+');
