/** How a descriptor would look in what somebody printed, answered or wrote. */

/** Characters of a form, at least. */
const SHORTEST = 6;

/** Each number as text, as sent and as stored; and stretches of the bytes in hex, and in base64 of each alignment. */
function* textForms(vector: readonly number[]): Generator<string> {
  for (const x of vector) {
    for (const form of [String(x), String(Math.fround(x)), x.toFixed(7), x.toPrecision(6)]) {
      // Too short a number is anybody's.
      if (form.replace(/^-?0?\.?0*/, '').length >= SHORTEST) yield form.replace(/^-/, '');
    }
  }
  for (const bytes of packings(vector)) {
    for (let at = 0; at + 20 <= bytes.length; at += 64) {
      yield bytes.toString('hex', at, at + 12);
      for (const shift of [0, 1, 2]) {
        for (const alphabet of ['base64', 'base64url'] as const) {
          yield bytes.toString(alphabet, at + shift, at + shift + 18);
        }
      }
    }
  }
}

/** Stretches of the bytes, in either order. */
function* byteForms(vector: readonly number[]): Generator<Buffer> {
  for (const bytes of packings(vector)) {
    for (let at = 0; at + 16 <= bytes.length; at += 64) {
      yield bytes.subarray(at, at + 16);
      yield Buffer.from(bytes.subarray(at, at + 16)).swap32();
    }
  }
}

/** The forms of these vectors that are in it, bytes as latin1. In one pass, for there are thousands of forms. */
export function vectorsIn(bytes: Buffer, vectors: readonly (readonly number[])[]): string[] {
  const byBeginning = new Map<string, Set<string>>();
  for (const vector of vectors) {
    const forms = [...textForms(vector), ...[...byteForms(vector)].map((form) => form.toString('latin1'))];
    for (const form of forms) {
      const beginning = form.slice(0, SHORTEST);
      const alike = byBeginning.get(beginning) ?? new Set();
      byBeginning.set(beginning, alike.add(form));
    }
  }
  const text = bytes.toString('latin1');
  const found = new Set<string>();
  for (let at = 0; at + SHORTEST <= text.length; at++) {
    for (const form of byBeginning.get(text.slice(at, at + SHORTEST)) ?? []) {
      if (text.startsWith(form, at)) found.add(form);
    }
  }
  return [...found];
}

const packings = (vector: readonly number[]): Buffer[] => [
  Buffer.from(Float32Array.from(vector).buffer),
  Buffer.from(Float64Array.from(vector).buffer),
];
