import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface PersonPhotos {
  readonly person: string;
  /** Paths, ordered by name. */
  readonly photos: readonly string[];
}

/** A folder for each person, with photos in it; other files are left alone. */
export function readPhotoFolder(folder: string): PersonPhotos[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      person: name,
      photos: readdirSync(join(folder, name))
        .filter((file) => /\.(jpe?g|png|webp)$/i.test(file))
        .sort()
        .map((file) => join(folder, name, file)),
    }))
    .filter(({ photos }) => photos.length > 0)
    .sort((a, b) => (a.person < b.person ? -1 : 1));
}
