import type { DataSource } from 'typeorm';
import { Employee } from '../../../entities/employee.entity';
import { FacePhoto } from '../../../entities/face-photo.entity';
import type { StoredImage } from '../../../entities/stored-image';
import { EnvelopeBroken } from '../../encryption/envelope';
import { LocalFileMissing } from '../../photos/local/local-store';
import type { StorageService } from '../../photos/storage-service';
import type { PendingTemplate } from './pending-templates';

const DOWNLOAD_MS = 20_000;

/** There is no photo that a template could be computed from; another attempt finds none either. */
export class NoUsablePhoto extends Error {
  override readonly name = 'NoUsablePhoto';
}

/** Where the photo lies that a template was made of. A template without a photo was made from the employee's photo. */
export async function imageOfTemplate(
  { manager }: DataSource,
  { id, employee_id: employeeId }: PendingTemplate,
): Promise<StoredImage | undefined> {
  const own = await manager.findOneBy(FacePhoto, { id });
  return own?.image ?? (await manager.findOneBy(Employee, { id: employeeId }))?.image;
}

/**
 * The photo that a template was made of: the local copy, else that on the CDN.
 * @returns a JPEG
 * @throws NoUsablePhoto; Error if the disk or the CDN does not answer, which may pass
 */
export async function photoOfTemplate(
  dataSource: DataSource,
  storage: StorageService,
  template: PendingTemplate,
  maxBytes: number,
): Promise<Buffer> {
  const image = await imageOfTemplate(dataSource, template);
  if (image?.path == null) throw new NoUsablePhoto('The employee has no photo');
  try {
    return await storage.local.read(image.path);
  } catch (error) {
    if (!(error instanceof LocalFileMissing || error instanceof EnvelopeBroken)) throw error;
    return download(storage, image, maxBytes);
  }
}

async function download(storage: StorageService, image: StoredImage, maxBytes: number): Promise<Buffer> {
  const url = storage.cloudinaryUrl(image);
  if (url === null) throw new NoUsablePhoto('The photo is neither on disk nor on Cloudinary');
  const answer = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MS), redirect: 'error' });
  if (answer.status === 404 || answer.status === 410) {
    throw new NoUsablePhoto('The photo is neither on disk nor on Cloudinary');
  }
  if (!answer.ok || answer.body === null) throw new Error(`Cloudinary answered ${answer.status}`);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > maxBytes) throw new NoUsablePhoto('The photo on Cloudinary is too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
