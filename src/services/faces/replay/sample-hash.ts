import { createHmac } from 'node:crypto';
import { encodeTemplate, type Descriptor } from '../engine/descriptor';

/** What a check or an enrolment shows: the photos' bytes as they came, and the descriptors. */
export interface Samples {
  readonly photos: readonly Buffer[];
  readonly descriptors: readonly Descriptor[];
}

/** The hash includes the kind, so that no photo can have the hash of a descriptor. */
const hmac = (key: Buffer, kind: 'photo' | 'descriptor', bytes: Buffer): Buffer =>
  createHmac('sha256', key).update(`${kind}\0`).update(bytes).digest();

/**
 * A hash of each sample under the key, each once. A descriptor's are its Float32 values, so that it is the same one
 * whether it comes as numbers or as base64.
 */
export function sampleHashes(key: Buffer, { photos, descriptors }: Samples): Buffer[] {
  const hashes = [
    ...photos.map((photo) => hmac(key, 'photo', photo)),
    ...descriptors.map((descriptor) => hmac(key, 'descriptor', encodeTemplate(descriptor))),
  ];
  return [...new Map(hashes.map((hash) => [hash.toString('hex'), hash])).values()];
}
