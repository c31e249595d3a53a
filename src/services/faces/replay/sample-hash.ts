import { createHmac } from 'node:crypto';
import { encodeTemplate, type Descriptor } from '../engine/descriptor';

/** What a check or an enrolment shows: the photos' bytes as they came, and the descriptors. */
export interface Samples {
  readonly photos: readonly Buffer[];
  readonly descriptors: readonly Descriptor[];
}

/**
 * A hash of each sample under the key, each once. A descriptor's are its Float32 values, so that it is the same one
 * whether it comes as numbers or as base64. The kind goes into the hash, so that no photo can be made that stands for a
 * descriptor.
 * @param key null: nothing is hashed
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
