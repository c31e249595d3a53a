import type { StoredImage } from '../../../entities/stored-image';
import { templateOf } from './media-paths';

/** The tables with a photo, and the folder of each one's assets on the CDN. */
export const IMAGE_FOLDERS = {
  employees: 'face_images',
  attendances: 'attendance_images',
  face_photos: 'face_images',
  review_items: 'attendance_images',
} as const;

export type ImageOwner = keyof typeof IMAGE_FOLDERS;
export const IMAGE_OWNERS = Object.keys(IMAGE_FOLDERS) as ImageOwner[];

/** The row a photo belongs to. */
export interface ImageRef {
  readonly owner: ImageOwner;
  readonly id: string;
  /** Of the local copy, below the media folder. */
  readonly path: string;
}

/**
 * Derived from the row's id, so that a retried upload overwrites itself and makes no second asset. When a later enrolment
 * replaces an employee's photo, the new photo has the id of its template: removing the old one from the CDN must not
 * remove the new one.
 */
export const publicIdOf = ({ owner, id, path }: ImageRef): string =>
  `${IMAGE_FOLDERS[owner]}/${templateOf(path) ?? id}`;

/**
 * The tag of a photo's copies on the CDN: it finds those whose public id the CDN chose itself, and whose answer was lost.
 */
export const tagOf = (ref: ImageRef): string => `rollcall-${publicIdOf(ref).split('/').at(-1) ?? ref.id}`;

/** The reference of a row's photo; null if it has none. */
export const refOf = (owner: ImageOwner, id: string, { path }: Pick<StoredImage, 'path'>): ImageRef | null =>
  path === null ? null : { owner, id, path };
