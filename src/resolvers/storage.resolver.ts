import { Ctx, Field, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import type { DiscardedImages } from '../services/photos/cdn/discarded-images';
import type { StorageService } from '../services/photos/storage-service';
import type { UploadLedger } from '../services/photos/cdn/upload-ledger';

@ObjectType({ description: 'Status of the uploads to Cloudinary.' })
export class StorageStatus {
  @Field(() => Boolean, { description: 'Whether Cloudinary credentials are configured.' })
  cloudinaryConfigured!: boolean;

  @Field(() => Boolean, {
    description: 'Whether new photos are uploaded at once. False while Cloudinary fails repeatedly.',
  })
  cloudinaryReady!: boolean;

  @Field(() => Int, { description: 'Number of photos that are not uploaded yet.' })
  pendingUploads!: number;

  @Field(() => Int, { description: 'Number of photos whose upload failed and is not retried.' })
  failedUploads!: number;

  @Field(() => Int, {
    description: 'Number of deleted photos whose copy on disk or CDN still has to be removed.',
  })
  pendingRemovals!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the last removal failed, for example because its Cloudinary account is not configured any more. Null if none failed.',
  })
  removalError!: string | null;
}

@Resolver()
export class StorageResolver {
  constructor(
    private readonly storage: StorageService,
    private readonly ledger: UploadLedger,
    private readonly discarded: DiscardedImages,
    private readonly now: () => Date,
  ) {}

  @Query(() => StorageStatus, { description: 'Cloudinary upload status.' })
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
      'Retries the uploads that failed and are not retried automatically. Call it after you fixed the cause. Returns their number.',
  })
  retryFailedUploads(@Ctx() { requester }: Context): Promise<number> {
    return this.ledger.retryGivenUp(requester, this.now());
  }
}
