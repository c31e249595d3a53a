import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { refusedByServer } from '../../../database/errors';
import { FacePhoto } from '../../../entities/face-photo.entity';
import { FaceTemplate } from '../../../entities/face-template.entity';
import { RollcallError } from '../../../errors';
import type { Samples } from '../../faces/replay/sample-hash';
import type { ImageRef } from '../../photos/local/image-owner';
import type { LocalStore } from '../../photos/local/local-store';
import { templateImagePath } from '../../photos/local/media-paths';
import type { TemplateVault } from '../../faces/matching/template-vault';
import { vectorColumns, type EnrolledFace } from './enrolment-faces';

/** A template about to be written, and the photo that it was made of. */
export interface NewTemplate {
  readonly template: Omit<FaceTemplate, 'employeeId'>;
  readonly face: EnrolledFace;
  /** Of the photo, where it lies beside the employee's own. */
  readonly path: string;
}

/** The templates that an enrolment's faces become. */
export function newTemplates(
  faces: readonly EnrolledFace[],
  common: Pick<FaceTemplate, 'duplicateAllowed' | 'createdAt'>,
): NewTemplate[] {
  return faces.map((face) => {
    const template = Object.assign(new FaceTemplate(), { id: uuidv7(), ...vectorColumns(face), ...common });
    return { template, face, path: templateImagePath(template.id) };
  });
}

/** Data of an enrolment that a check does not need. */
export const samplesOf = (added: readonly NewTemplate[]): Samples => ({
  photos: added.map(({ face }) => face.photo.sent),
  descriptors: added.flatMap(({ face }) => face.vectors.map(({ vector }) => vector)),
});

/** Writes a template, encrypted if there is a key: the only place that does. */
export async function insertTemplate(
  manager: EntityManager,
  vault: TemplateVault,
  { template }: NewTemplate,
  employeeId: string,
): Promise<void> {
  await manager.insert(FaceTemplate, vault.sealed({ ...template, employeeId }));
}

/** Until when the uploader leaves a photo to the request, in the database's time, which leases are kept in. */
export const leased = (seconds: number) => () => `now() + ${seconds} * interval '1 second'`;

/** Keeps a further template's photo beside the employee's; the template has to be there. */
export async function keepBeside(
  manager: EntityManager,
  { template: { id }, path }: NewTemplate,
  leaseSeconds: number,
): Promise<ImageRef> {
  await manager.insert(FacePhoto, { id, image: { path, uploadNextAt: leased(leaseSeconds) } });
  return { owner: 'face_photos', id, path };
}

/**
 * Writes the photos of templates to disk, durable before the rows that name them, and then does what writes the rows.
 * The names are the templates' own, so the photos can go if that fails; if the database did not answer it is
 * not known whether it was committed, and housekeeping finds out.
 */
export async function withPhotos<T>(
  local: LocalStore,
  added: readonly NewTemplate[],
  writeRows: () => Promise<T>,
): Promise<T> {
  const remove = () => Promise.all(added.map(({ path }) => local.remove(path)));
  try {
    for (const { face, path } of added) await local.writeDurable(face.photo.jpeg, path);
  } catch (error) {
    await remove();
    throw error;
  }
  try {
    const written = await writeRows();
    for (const { path } of added) await local.confirm(path);
    return written;
  } catch (error) {
    if (error instanceof RollcallError || refusedByServer(error)) await remove();
    throw error;
  }
}
