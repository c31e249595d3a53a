import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', 'fixtures');

/** The bytes of a fixture; its README says what each shows. */
export const photo = (name: string): Buffer => readFileSync(join(FOLDER, name));

export const base64Photo = (name: string): string => photo(name).toString('base64');

/** What face-api computes of the fixture of this name: 128 numbers. */
export const descriptor = (name: string): number[] =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.descriptor.json`), 'utf8')) as number[];

/** The same as base64 of 512 bytes. */
export const packed = (numbers: readonly number[]): string =>
  Buffer.from(Float32Array.from(numbers).buffer).toString('base64');

/** The cosine of two vectors in float64, computed independently of the service. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** A fictitious person's descriptor: random, so nobody else's; scaled like a real one. */
export function strangerDescriptor(seed: number): number[] {
  // mulberry32: a test must be able to fail twice in the same way.
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const numbers = Array.from({ length: 128 }, () => random() - 0.5);
  const norm = Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0));
  return numbers.map((x) => Math.fround((x / norm) * 1.4));
}

/** A vector between two people, at the given cosine with the first one's. */
export function near(numbers: readonly number[], wanted: number, seed: number): number[] {
  const other = strangerDescriptor(seed);
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const mix = (low + high) / 2;
    const mixed = numbers.map((x, j) => x * (1 - mix) + (other[j] as number) * mix);
    if (cosine(mixed, numbers) > wanted) low = mix;
    else high = mix;
  }
  return numbers.map((x, j) => x * (1 - low) + (other[j] as number) * low);
}
