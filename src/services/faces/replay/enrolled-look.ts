import type { DataSource } from 'typeorm';
import { RollcallError } from '../../../errors';
import { EnvelopeBroken } from '../../encryption/envelope';
import { LocalFileMissing } from '../../photos/local/local-store';
import type { StorageService } from '../../photos/storage-service';
import type { FaceReader, PhotoLook } from '../engine/face-reader';
import { imageOfTemplate } from '../reindex/template-photo';

/**
 * What the photo of a template looks like, by the local copy: a check does not wait for the CDN.
 * @returns null: there is no local copy, or it shows no face
 * @throws RollcallError UNAVAILABLE while the engine is overloaded
 */
export async function enrolledLook(
  {
    dataSource,
    storage,
    reader,
  }: {
    readonly dataSource: DataSource;
    readonly storage: Pick<StorageService, 'local'>;
    readonly reader: FaceReader;
  },
  templateId: string,
  employeeId: string,
): Promise<PhotoLook | null> {
  const image = await imageOfTemplate(dataSource, { id: templateId, employee_id: employeeId });
  if (image?.path == null) return null;
  try {
    const jpeg = await storage.local.read(image.path);
    const photo = { jpeg, kept: true, proven: true, sent: jpeg, field: 'photo' };
    const reading = await reader.look(photo, 'reindex');
    return reading.kind === 'FACE' ? reading.look : null;
  } catch (error) {
    const unreadable = error instanceof RollcallError && error.code === 'BAD_USER_INPUT';
    if (unreadable || error instanceof LocalFileMissing || error instanceof EnvelopeBroken) return null;
    throw error;
  }
}
