/** The tables with a photo, and the folder of each one's assets on the CDN. */
export const IMAGE_FOLDERS = {
  employees: 'face_images',
  attendances: 'attendance_images',
} as const;

export type ImageOwner = keyof typeof IMAGE_FOLDERS;

/** The row a photo belongs to. */
export interface ImageRef {
  readonly owner: ImageOwner;
  readonly id: string;
}

/** Derived from the row's id, so that an upload that is tried again overwrites itself and cannot double. */
export const publicIdOf = ({ owner, id }: ImageRef): string => `${IMAGE_FOLDERS[owner]}/${id}`;
