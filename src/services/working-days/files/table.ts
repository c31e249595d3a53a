/** A value of a cell. A date is YYYY-MM-DD. */
export type Cell = string | number | boolean | null;

/** What a column has, which decides how each format writes it. */
type ColumnKind = 'text' | 'date' | 'number' | 'minutes' | 'flag';

export interface Column {
  /** As in the first row of a file; of minutes without the unit. */
  readonly name: string;
  readonly kind: ColumnKind;
}

/** How a table becomes text. */
export interface Format {
  readonly head: string;
  readonly rows: (rows: readonly (readonly Cell[])[]) => string;
  readonly tail: string;
}
