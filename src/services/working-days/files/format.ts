import type { Format } from './table';

/** A whole file, in pieces. */
export async function* fileOf(
  { head, tail }: Format,
  texts: AsyncIterable<string>,
): AsyncGenerator<string, void, void> {
  if (head !== '') yield head;
  yield* texts;
  if (tail !== '') yield tail;
}
