import { hkdfSync } from 'node:crypto';
import type { PhotoLook } from '../engine/face-reader';
import { signBits } from '../engine/picture-hash';

/** Bytes of the picture's hash, which come first; those of the face follow. */
const PICTURE_BYTES = 32;

/** In a mirror image every second frequency along a row has the other sign. */
const MIRRORED = 0xaa;

/**
 * Shares of differing bits up to which two photos are copies of one. Both have to be small: the background of a kiosk
 * stays as it is, and faces of one person may be alike. docs/design/accuracy.md has what they were set on.
 */
export const MAX_PICTURE = 0.25;
/** Half a turn is 1: at .11 the cosine of two embeddings is about .94. */
export const MAX_FACE = 0.11;

/**
 * A keyed hash of what a photo looks like: similar if photos are. The signs of the picture's frequencies and of the
 * face's embedding, under a pad of the key and the employee: only hashes of one employee can be compared at all.
 * @param employeeId row id
 */
export function lookHash(key: Buffer, employeeId: string, { pictureHash, embedding }: PhotoLook): Buffer {
  const plain = Buffer.concat([pictureHash, signBits(embedding, embedding.length)]);
  const pad = Buffer.from(hkdfSync('sha256', key, employeeId, 'seen face', plain.length));
  for (let i = 0; i < plain.length; i++) plain[i] = (plain[i] as number) ^ (pad[i] as number);
  return plain;
}

/** How far two hashes of an employee are apart, as shares of differing bits. */
interface LookDistance {
  /** Of a picture and its mirror image the smaller one: a face and its mirror image have the same embedding. */
  readonly picture: number;
  readonly face: number;
  /** Whether they are of one photo. */
  readonly copy: boolean;
}

/** Compares two hashes of an employee. Hashes of different models have different lengths, and are no copies. */
export function lookDistance(a: Buffer, b: Buffer): LookDistance {
  const pictures = [a.subarray(0, PICTURE_BYTES), b.subarray(0, PICTURE_BYTES)] as const;
  const picture = Math.min(differing(...pictures, 0), differing(...pictures, MIRRORED));
  const face = differing(a.subarray(PICTURE_BYTES), b.subarray(PICTURE_BYTES), 0);
  return { picture, face, copy: a.length === b.length && picture <= MAX_PICTURE && face <= MAX_FACE };
}

/** @param flipped bits of each byte of one that are turned around */
function differing(a: Buffer, b: Buffer, flipped: number): number {
  let bits = 0;
  for (let i = 0; i < a.length; i++) {
    for (let rest = (a[i] as number) ^ (b[i] as number) ^ flipped; rest > 0; rest &= rest - 1) bits++;
  }
  return bits / (a.length * 8);
}
