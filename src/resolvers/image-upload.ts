import { Field, GraphQLISODateTime, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { StoredImage } from '../entities/stored-image';

/** What the fields with the address of a local photo say. */
export const LOCAL_URL =
  'The local copy, as this service serves it. Where MEDIA_ACCESS is signed, the address is good for at most ' +
  'MEDIA_URL_TTL_SECONDS and needs no key; ask again for a new one.';

enum ImageUploadStatus {
  LOCAL_ONLY = 'LOCAL_ONLY',
  PENDING = 'PENDING',
  UPLOADED = 'UPLOADED',
  FAILED = 'FAILED',
}

registerEnumType(ImageUploadStatus, {
  name: 'ImageUploadStatus',
  description: 'How the copy of a photo to the CDN stands; the local copy is there in every case.',
  valuesConfig: {
    LOCAL_ONLY: { description: 'No CDN is configured; once one is, the photo is moved over.' },
    PENDING: { description: 'Not uploaded yet; it is tried, and tried again.' },
    UPLOADED: { description: 'The CDN has it.' },
    FAILED: {
      description: 'Can never succeed and is not tried again, unless retryFailedUploads asks for it.',
    },
  },
});

@ObjectType({ description: 'The copy of a photo to the CDN, for the operator.' })
export class ImageUpload {
  @Field(() => ImageUploadStatus, { description: 'How it stands.' })
  status!: ImageUploadStatus;

  @Field(() => Int, { description: 'Failed attempts so far.' })
  attempts!: number;

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed; null: none did.' })
  error!: string | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was given up; null: it was not.' })
  givenUpAt!: Date | null;
}

export function imageUploadOf(image: StoredImage, cdnConfigured: boolean): ImageUpload {
  return {
    status: statusOf(image, cdnConfigured),
    attempts: image.uploadAttempts ?? 0,
    error: image.uploadError ?? null,
    givenUpAt: image.uploadGivenUpAt ?? null,
  };
}

function statusOf(image: StoredImage, cdnConfigured: boolean): ImageUploadStatus {
  if (image.cloudinaryUrl !== null) return ImageUploadStatus.UPLOADED;
  if (image.uploadGivenUpAt != null) return ImageUploadStatus.FAILED;
  return cdnConfigured ? ImageUploadStatus.PENDING : ImageUploadStatus.LOCAL_ONLY;
}
