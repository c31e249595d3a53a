import { Field, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { DiscardedImages } from '../services/photos/cdn/discarded-images';
import { IMAGE_FOLDERS, type ImageOwner } from '../services/photos/local/image-owner';
import type { StorageService } from '../services/photos/storage-service';
import type { UploadLedger } from '../services/photos/cdn/upload-ledger';

const OWNERS = Object.keys(IMAGE_FOLDERS) as ImageOwner[];

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
  ) {}

  @Query(() => StorageStatus, { description: 'Cloudinary upload status.' })
  async storageStatus(): Promise<StorageStatus> {
    const [removals, ...counts] = await Promise.all([
      this.discarded.pending(),
      ...OWNERS.map((owner) => this.ledger.counts(owner)),
    ]);
    return {
      cloudinaryConfigured: this.storage.cdnConfigured,
      cloudinaryReady: this.storage.cdnReady,
      pendingUploads: counts.reduce((sum, { pending }) => sum + pending, 0),
      failedUploads: counts.reduce((sum, { failed }) => sum + failed, 0),
      pendingRemovals: removals.count,
      removalError: removals.lastError,
    };
  }

  @Mutation(() => Int, {
    description:
      'Retries the uploads that failed and are not retried automatically. Call it after you fixed the cause. Returns their number.',
  })
  async retryFailedUploads(): Promise<number> {
    const counts = await Promise.all(OWNERS.map((owner) => this.ledger.retryGivenUp(owner)));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
