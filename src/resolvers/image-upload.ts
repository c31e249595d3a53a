import { Field, GraphQLISODateTime, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { StoredImage } from '../entities/stored-image';

/** What the fields with the address of a local photo say. */
export const LOCAL_URL =
  'URL of the local copy. If MEDIA_ACCESS is signed, the URL needs no API key and expires after at most MEDIA_URL_TTL_SECONDS. Query again for a new one.';

enum ImageUploadStatus {
  LOCAL_ONLY = 'LOCAL_ONLY',
  PENDING = 'PENDING',
  UPLOADED = 'UPLOADED',
  FAILED = 'FAILED',
}

registerEnumType(ImageUploadStatus, {
  name: 'ImageUploadStatus',
  description: "Status of a photo's upload to the CDN. The local copy exists in any case.",
  valuesConfig: {
    LOCAL_ONLY: { description: 'No CDN is configured. The photo is uploaded after one is configured.' },
    PENDING: { description: 'Not uploaded yet. The upload is retried until it succeeds.' },
    UPLOADED: { description: 'Uploaded.' },
    FAILED: {
      description: 'The upload cannot succeed. It is not retried unless retryFailedUploads is called.',
    },
  },
});

@ObjectType({ description: 'Upload of a photo to the CDN.' })
export class ImageUpload {
  @Field(() => ImageUploadStatus, { description: 'Current status.' })
  status!: ImageUploadStatus;

  @Field(() => Int, { description: 'Number of failed attempts.' })
  attempts!: number;

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed. Null if none failed.' })
  error!: string | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the service stopped retrying (UTC). Null if it did not.',
  })
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
