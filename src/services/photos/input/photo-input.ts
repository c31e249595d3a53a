import { badInput } from '../../../errors';
import { decodePhoto } from './base64-photo';
import { readUpload, type UploadSource } from './upload-reader';

/** One photo, as base64 or as an upload. */
type PhotoSource = string | UploadSource;

/** A photo as a client gives it: exactly one of the two. */
export interface PhotoInput {
  readonly imageBase64?: string | null | undefined;
  readonly image?: UploadSource | null | undefined;
}

/** One or several photos: exactly one of the four. */
export interface PhotosInput extends PhotoInput {
  readonly imagesBase64?: readonly string[] | null | undefined;
  readonly images?: readonly UploadSource[] | null | undefined;
}

/** The bytes of a photo as they were sent, and the field they came in, with its place if that is a list. */
interface SentPhoto {
  readonly field: string;
  readonly bytes: Buffer;
}

/** Most photos of an enrolment; a check with an action for each of a challenge's has fewer. */
export const MAX_PHOTOS = 5;

/** The fields that photos may come in, by their names. */
export type PhotoFields = Readonly<Record<string, PhotoSource | readonly PhotoSource[] | null | undefined>>;

/**
 * Reads the photos of the one field that has some. All are read at once: uploads come one after the other in an order
 * that is the client's to choose, and none comes before the one ahead of it was read.
 *
 * @param maxBytes of each photo
 * @throws RollcallError BAD_USER_INPUT naming the field and the bound
 */
export async function readSentPhotos(fields: PhotoFields, maxBytes: number): Promise<SentPhoto[]> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  const [only] = given;
  if (only === undefined || given.length > 1) {
    const names = Object.keys(fields);
    const count = ['none', 'one', 'both'][given.length] ?? given.length;
    throw badInput(
      names[0] as string,
      `give exactly one of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}, not ${count}`,
    );
  }
  const [field, value] = only as [string, PhotoSource | readonly PhotoSource[]];
  if (!isList(value)) return [await readSentPhoto(value, field, maxBytes)];
  if (value.length < 1 || value.length > MAX_PHOTOS) {
    throw badInput(field, `must be 1 to ${MAX_PHOTOS} photos, not ${value.length}`);
  }
  return Promise.all(value.map((photo, i) => readSentPhoto(photo, `${field}[${i}]`, maxBytes)));
}

async function readSentPhoto(source: PhotoSource, field: string, maxBytes: number): Promise<SentPhoto> {
  const bytes =
    typeof source === 'string'
      ? await decodePhoto(source, field, maxBytes)
      : await readUpload(source, field, maxBytes);
  return { field, bytes };
}

/** Array.isArray does not see through readonly. */
const isList = (value: PhotoSource | readonly PhotoSource[]): value is readonly PhotoSource[] =>
  Array.isArray(value);
