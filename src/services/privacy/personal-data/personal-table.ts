interface PersonalColumn {
  /** Its name in an export. Left out, with `omitted` too: it only ties the row to the person. */
  readonly as?: string;
  /** SQL of the exported value. Left out: the column itself. */
  readonly sql?: string;
  /** Why an export leaves it out. */
  readonly omitted?: string;
  /** Free text that may name people other than the row's. An erasure replaces their name and employeeId in it. */
  readonly mentions?: true;
  /** SQL of the value after an erasure that keeps the row. Left out: unchanged. */
  readonly erased?: string;
}

export interface PersonalTable {
  /** SQL: the rows of the person whose row id is $1; null: the service does not know whom the text is about. */
  readonly of: string | null;
  /** Of an export: the name of the part its rows are in, their order, and whether there may be years of them. */
  readonly section?: { readonly name: string; readonly order: string; readonly pages?: true };
  /** The table in whose part of an export this one's columns are: both rows have the same id. */
  readonly within?: string;
  /** Why an export leaves the table out, unless NOT_PERSONAL says so. */
  readonly omitted?: string;
  /** The local photo of a row: the column of its path, and which rows still have it. */
  readonly photo?: { readonly path: string; readonly there?: string };
  /**
   * What an erasure does with the rows. `delete`: deleted when it begins. `with photo`: deleted with their photo and its
   * copy on the CDN. `pseudonymise`: deleted too, or kept with their `erased` columns if the punches are kept.
   * `keeps`: kept, for this reason.
   */
  readonly erasure: 'delete' | 'with photo' | 'pseudonymise' | { readonly keeps: string };
  /** SQL: rows with which an erasure is not complete. Left out: any. */
  readonly unfinished?: string;
  readonly columns: Readonly<Record<string, PersonalColumn>>;
}

/** Names the file of a photo within the archive; null: there is no photo. */
export const file = (path: string): string =>
  `CASE WHEN ${path} IS NULL THEN NULL ELSE 'photos/' || ${path} END`;

/** Columns that an export has as they are, under their own name in camelCase. */
export const shown = (...columns: readonly string[]): Record<string, PersonalColumn> =>
  Object.fromEntries(
    columns.map((column) => [
      column,
      { as: column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) },
    ]),
  );
export const OWNER: PersonalColumn = {};
export const OFFICE: PersonalColumn = {
  as: 'office',
  sql: '(SELECT name FROM offices WHERE id = office_id)',
};

/** The columns of a photo. `erased` gives a row without a photo. */
export const PHOTO = {
  image_path: { as: 'photo', sql: file('image_path'), erased: 'NULL' },
  image_cloudinary_url: { as: 'photoOnCdn', erased: 'NULL' },
  image_cloudinary_id: { as: 'photoIdOnCdn', erased: 'NULL' },
  image_cdn_target: { as: 'photoSentTo', erased: 'NULL' },
  image_upload_attempts: {
    omitted: 'Status of the upload to the CDN. It is about the CDN, not the person.',
    erased: '0',
  },
  image_upload_next_at: { omitted: 'When the upload is retried.' },
  image_upload_error: { omitted: 'Error message of the CDN.', erased: 'NULL' },
  image_upload_given_up_at: { omitted: 'When the service stopped retrying the upload.', erased: 'NULL' },
} satisfies PersonalTable['columns'];

/** Columns about the request of a punch. An own phone says something about the person. */
export const ORIGIN = {
  sent_by: { as: 'sentBy', erased: 'NULL' },
  sent_from: { as: 'sentFromNetwork', erased: 'NULL' },
  client_version: { as: 'sentWithProgram', erased: 'NULL' },
} satisfies PersonalTable['columns'];
