/**
 * The personal data in the database: each table that has some, how its rows belong to a person, and what an export and
 * an erasure do with each column. Export, erasure, its proof and pseudonyms are made from this list, and a test compares
 * it with the columns of the database. Free text that may name people counts as personal.
 */
import { EMPLOYEE_TABLES } from './personal-data/employee';
import { FACE_TABLES } from './personal-data/faces';
import { PUNCH_TABLES } from './personal-data/punches';
import { WORKING_DAY_TABLES } from './personal-data/working-days';
import { RECORD_TABLES } from './personal-data/records';
import { PHOTO, type PersonalTable } from './personal-data/personal-table';

export type { PersonalTable };

export const PERSONAL_DATA = {
  ...EMPLOYEE_TABLES,
  ...FACE_TABLES,
  ...PUNCH_TABLES,
  ...WORKING_DAY_TABLES,
  ...RECORD_TABLES,
};

/** Every table of PERSONAL_DATA with its name. */
export const PERSONAL_TABLES: readonly (readonly [name: string, table: PersonalTable])[] =
  Object.entries(PERSONAL_DATA);

const erasedOf = (columns: PersonalTable['columns']): (readonly [column: string, erased: string])[] =>
  Object.entries(columns).flatMap(([column, { erased }]) =>
    erased === undefined ? [] : [[column, erased] as const],
  );

/** SQL: the assignments of an UPDATE that take the person out of a row. */
export const erasing = ({ columns }: Pick<PersonalTable, 'columns'>): string =>
  erasedOf(columns)
    .map(([column, erased]) => `${column} = ${erased}`)
    .join(', ');

/** SQL: whether the person is still in a row. */
export const notErased = ({ columns }: Pick<PersonalTable, 'columns'>): string =>
  `(${erasedOf(columns)
    .map(([column, erased]) => `${column} IS DISTINCT FROM ${erased}`)
    .join(' OR ')})`;

/** SQL: the assignments of an UPDATE that leave a row without a photo. */
export const WITHOUT_PHOTO = erasing({ columns: PHOTO });
