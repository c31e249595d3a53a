/** A value of a cell. A date is YYYY-MM-DD. */
export type Cell = string | number | boolean | null;

/** What a column has, which decides how each format writes it. */
type ColumnKind = 'text' | 'date' | 'number' | 'minutes' | 'flag';

export interface Column {
  /** As in the first row of a file; of minutes without the unit. */
  readonly name: string;
  readonly kind: ColumnKind;
}

/** A table that is made while it is read. */
export interface Table {
  readonly columns: readonly Column[];
  /** In batches, each with as many cells as there are columns in every row. */
  readonly batches: AsyncIterable<readonly (readonly Cell[])[]>;
}
