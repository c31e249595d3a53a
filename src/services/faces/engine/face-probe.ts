import type { Descriptor } from './descriptor';

/**
 * A face to look for, in the forms in which templates are kept. A client's descriptor is compared with the plain
 * templates. What the server computed has both forms: each employee is compared by the better of those that they have
 * templates of.
 */
export interface FaceProbe {
  /** Of the configured model (FACE_MODEL_ID); null where the server computes descriptors of another one. */
  readonly plain: Descriptor | null;
  /** Computed by the server of the upright face; null: the client's descriptor decides. */
  readonly aligned: Descriptor | null;
}
