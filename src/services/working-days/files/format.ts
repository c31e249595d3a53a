import type { Cell } from './table';

/** How a table becomes text. */
export interface Format {
  readonly head: string;
  readonly rows: (rows: readonly (readonly Cell[])[]) => string;
  readonly tail: string;
}

/** A whole file, in pieces. */
export async function* fileOf(
  { head, tail }: Format,
  texts: AsyncIterable<string>,
): AsyncGenerator<string, void, void> {
  if (head !== '') yield head;
  yield* texts;
  if (tail !== '') yield tail;
}
