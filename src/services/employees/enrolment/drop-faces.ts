import type { EntityManager } from 'typeorm';
import { Employee } from '../../../entities/employee.entity';
import { FacePhoto } from '../../../entities/face-photo.entity';
import { FaceTemplate } from '../../../entities/face-template.entity';
import type { StoredImage } from '../../../entities/stored-image';
import { discardImages, type Discard, type DiscardedFor } from '../../photos/cdn/discard';
import { refOf, type ImageRef } from '../../photos/local/image-owner';

/** How a photo is removed, as StorageService.discardOf says. */
export type DiscardOf = (ref: ImageRef, image: StoredImage) => Discard;

/** The columns of an image that there is none of. */
export const NO_IMAGE = {
  path: null,
  cloudinaryUrl: null,
  cloudinaryId: null,
  cdnTarget: null,
  uploadAttempts: 0,
  uploadError: null,
  uploadGivenUpAt: null,
} as const;

/** Removes a template and its own photo. The caller holds the gallery's lock, and notifies the nodes. */
export async function dropTemplate(
  manager: EntityManager,
  templateId: string,
  discardOf: DiscardOf,
  whose: DiscardedFor,
): Promise<void> {
  // Locked: an upload that is about to begin is either seen here, or finds the photo gone.
  const photo = await manager.findOne(FacePhoto, {
    where: { id: templateId },
    lock: { mode: 'pessimistic_write' },
  });
  const ref = photo === null ? null : refOf('face_photos', templateId, photo.image);
  if (photo !== null && ref !== null) await discardImages(manager, [discardOf(ref, photo.image)], whose);
  await manager.delete(FaceTemplate, { id: templateId });
}

/**
 * Removes all templates of an employee with their own photos, also templates of other models.
 * @returns how many
 */
export async function dropTemplates(
  manager: EntityManager,
  discardOf: DiscardOf,
  whose: DiscardedFor,
): Promise<number> {
  const where = { employeeId: whose.subjectId };
  const templates = await manager.find(FaceTemplate, { select: { id: true }, where });
  for (const { id } of templates) await dropTemplate(manager, id, discardOf, whose);
  return templates.length;
}

/** Removes the employee's own photo. */
export async function dropEmployeePhoto(
  manager: EntityManager,
  { id }: Pick<Employee, 'id'>,
  discardOf: DiscardOf,
  erasureId: string | null = null,
): Promise<void> {
  const { image } = await manager.findOneOrFail(Employee, {
    where: { id },
    lock: { mode: 'for_no_key_update' },
  });
  const ref = refOf('employees', id, image);
  if (ref === null) return;
  await discardImages(manager, [discardOf(ref, image)], { subjectId: id, erasureId });
  await manager.update(Employee, { id }, { image: NO_IMAGE });
}
