import { createRequire } from 'node:module';
import type * as cloudinary from 'cloudinary';

let loaded: typeof cloudinary | null = null;

/** Cloudinary's SDK, loaded by the first who needs it: a service without Cloudinary would hold 15 MB for nothing. */
export function sdk(): typeof cloudinary.v2 {
  loaded ??= createRequire(__filename)('cloudinary') as typeof cloudinary;
  return loaded.v2;
}
