import { Field, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { DiscardedImages } from '../services/photos/cdn/discarded-images';
import type { StorageService } from '../services/photos/storage-service';
import type { UploadLedger } from '../services/photos/cdn/upload-ledger';

@ObjectType({ description: 'How the copies of photos to the CDN stand, for the operator.' })
export class StorageStatus {
  @Field(() => Boolean, { description: 'Whether Cloudinary credentials are configured.' })
  cloudinaryConfigured!: boolean;

  @Field(() => Boolean, {
    description: 'Whether uploads are tried at once; false while Cloudinary fails repeatedly.',
  })
  cloudinaryReady!: boolean;

  @Field(() => Int, { description: 'Photos that are only stored locally so far.' })
  pendingUploads!: number;

  @Field(() => Int, { description: 'Photos whose upload was given up, since it can never succeed.' })
  failedUploads!: number;

  @Field(() => Int, {
    description:
      'Photos that are to be gone, and of which the disk or the CDN still has, or may have, a copy.',
  })
  pendingRemovals!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the removal of one of them failed at the last attempt, e.g. that the account of Cloudinary it is in is not ' +
      'configured any more; null: none did.',
  })
  removalError!: string | null;
}

@Resolver()
export class StorageResolver {
  constructor(
    private readonly storage: StorageService,
    private readonly ledger: UploadLedger,
    private readonly discarded: DiscardedImages,
  ) {}

  @Query(() => StorageStatus, { description: 'How the copies of photos to the CDN stand.' })
  async storageStatus(): Promise<StorageStatus> {
    const [removals, uploads] = await Promise.all([this.discarded.pending(), this.ledger.counts()]);
    return {
      cloudinaryConfigured: this.storage.cdnConfigured,
      cloudinaryReady: this.storage.cdnReady,
      pendingUploads: uploads.pending,
      failedUploads: uploads.failed,
      pendingRemovals: removals.count,
      removalError: removals.lastError,
    };
  }

  @Mutation(() => Int, {
    description:
      'Has the uploads that were given up tried again, once their cause is mended. Answers how many.',
  })
  retryFailedUploads(): Promise<number> {
    return this.ledger.retryGivenUp();
  }
}
