/** Names of what a stored descriptor was made with. Vectors of different names are never compared. */

/** face-api's descriptor, as clients with that library compute it: the default of FACE_MODEL_ID. */
export const FACE_API_MODEL_ID = 'dlib-resnet-128';

/** Numbers in one. */
export const FACE_API_DIMENSION = 128;

/** A model that made vectors. */
export interface VectorModel {
  readonly id: string;
  /** Numbers in a vector. */
  readonly dimension: number;
}

/** The models whose vectors an installation compares. */
export interface FaceModelPair {
  /** Of the descriptors that clients send. */
  readonly client: VectorModel;
  /** Of the server's own. */
  readonly server: VectorModel;
}
