import type { Descriptor } from './descriptor';

/** A face to look for, in the forms in which templates are kept: at least one of them. */
export interface FaceProbe {
  /** As a client computed it (FACE_MODEL_ID); null: none was sent, or it does not count. */
  readonly client: Descriptor | null;
  /** As the server computed it from the photo; null: the client's descriptor decides. */
  readonly server: Descriptor | null;
}
