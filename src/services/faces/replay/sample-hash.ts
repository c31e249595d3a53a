import { createHmac } from 'node:crypto';
import { encodeTemplate, type Descriptor } from '../engine/descriptor';

/** The samples of a check or an enrolment: the bytes of the photos as received, and the descriptors. */
export interface Samples {
  readonly photos: readonly Buffer[];
  readonly descriptors: readonly Descriptor[];
}

/**
 * A keyed hash of each distinct sample. A descriptor is hashed by its Float32 values, so numbers and base64 give the same
 * hash. The hash includes the kind, so nobody can make a photo with the hash of a descriptor.
 * @param key null: returns no hashes
 */
export function sampleHashes(key: Buffer | null, { photos, descriptors }: Samples): Buffer[] {
  if (key === null) return [];
  const hashes = new Map<string, Buffer>();
  for (const sample of [...photos, ...descriptors]) {
    const [kind, bytes] = Buffer.isBuffer(sample)
      ? (['photo', sample] as const)
      : (['descriptor', encodeTemplate(sample)] as const);
    const hash = createHmac('sha256', key).update(`${kind}\0`).update(bytes).digest();
    hashes.set(hash.toString('hex'), hash);
  }
  return [...hashes.values()];
}
