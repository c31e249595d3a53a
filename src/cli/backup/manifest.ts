import { z } from 'zod';

export const MANIFEST = 'manifest.json';
/** Of the folder. Another number is another format, which older versions do not read. */
export const FORMAT = 1;

/** The table's rows, each as one line of JSON. */
export const rowsFile = (table: string): string => `rows/${table}.jsonl`;

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  createdAt: z.iso.datetime(),
  /** The names of the migrations that the database had. */
  migrations: z.array(z.string()).min(1),
  tables: z.array(z.object({ name: z.string().regex(/^[a-z_]{1,63}$/), rows: z.int().nonnegative() })),
  /** null: made without photos. */
  photos: z.int().nonnegative().nullable(),
  /** Photos that rows name and that were not there: erased during the backup, or lost before. */
  missingPhotos: z.int().nonnegative(),
  secrets: z.int().nonnegative(),
  /** How many files SHA256SUMS lists, without this one. */
  files: z.int().nonnegative(),
});

/** What a backup says of itself. */
export type Manifest = z.infer<typeof manifestSchema>;

/** @throws Error that says what is wrong */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error('it is no JSON', { cause: error });
  }
  const { format } = (value ?? {}) as { format?: unknown };
  if (typeof format === 'number' && format !== FORMAT) {
    throw new Error(`its format is ${format}; this version of Rollcall reads format ${FORMAT}`);
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}
