/**
 * Names of what a stored descriptor was made with. Vectors of different names are never compared; changing how one
 * is computed means a new name.
 */

/** face-api's own descriptor, as any client with that library computes it. */
export const PLAIN_MODEL_ID = 'dlib-resnet-128';

/** The same network on a face turned upright, together with its mirror image: `aligned-chip.ts`. */
export const ALIGNED_MODEL_ID = 'dlib-resnet-128-aligned';

/** Numbers in a descriptor of either. */
export const FACE_DIMENSION = 128;

/** The model whose templates decide, by whose descriptor does. */
export const decisiveModel = (trust: 'client' | 'verify' | 'server', clientModelId: string): string =>
  trust === 'client' ? clientModelId : ALIGNED_MODEL_ID;
