export {
  Gallery,
  type Candidate,
  type GalleryOptions,
  type Identification,
  type SearchOptions,
} from './gallery';
export { cosine, normOf } from './probe';
export { VectorPool } from './vector-pool';
