/** A photo by whose it is and its number, from 1. */
interface PhotoId {
  readonly person: string;
  readonly number: number;
}

export interface TestPair {
  readonly a: PhotoId;
  readonly b: PhotoId;
}

/**
 * Reads pairs in the form of LFW's pairs.txt: fields are separated by tabs; a line of three is two photos of one
 * person (`name 1 4`), a line of four two of different people (`name 1 other 2`). The first line, with the number of
 * sets and of pairs in each, is skipped.
 * @throws Error with the number of a line that is neither
 */
export function parsePairs(text: string): TestPair[] {
  const lines = text.split(/\r?\n/);
  const pairs: TestPair[] = [];
  lines.forEach((line, index) => {
    const fields = line.trim().split(/\t+/);
    if (line.trim() === '' || (index === 0 && fields.every((field) => /^\d+$/.test(field)))) return;
    const pair = toPair(fields);
    if (pair === null)
      throw new Error(`Line ${index + 1} is no pair: three or four fields, separated by tabs`);
    pairs.push(pair);
  });
  return pairs;
}

function toPair(fields: readonly string[]): TestPair | null {
  const [first, second, third, fourth] = fields;
  const [person, number, other, otherNumber] =
    fields.length === 3 ? [first, second, first, third] : [first, second, third, fourth];
  if (fields.length < 3 || fields.length > 4 || person === undefined || other === undefined) return null;
  const a = { person, number: Number(number) };
  const b = { person: other, number: Number(otherNumber) };
  return [a, b].every(({ number: n }) => Number.isInteger(n) && n > 0) ? { a, b } : null;
}
