import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Poller } from '../../database/poller';
import type { Config } from '../../config/config';
import { loadSecret } from '../encryption/secrets';
import { CdnClouds } from './cdn/cdn-clouds';
import { CloudinaryCdn } from './cdn/cloudinary';
import { cdnPlaceOf, type CdnPlace } from './cdn/discard';
import { DiscardedImages } from './cdn/discarded-images';
import type { LocalStore } from './local/local-store';
import { MediaAddresses } from './media-addresses';
import { Orphans } from './local/orphans';
import { PhotoReader } from './input/photo-reader';
import { StorageService } from './storage-service';
import { UploadLedger } from './cdn/upload-ledger';
import type { UploadTiming } from './cdn/upload-timing';
import { createUploader } from './cdn/uploader';

export interface Photos {
  readonly addresses: MediaAddresses;
  readonly ledger: UploadLedger;
  readonly clouds: CdnClouds;
  /** null: nothing is uploaded. */
  readonly cdnPlace: CdnPlace | null;
  readonly storage: StorageService;
  readonly uploader: Poller;
  readonly discarded: DiscardedImages;
  readonly orphans: Orphans;
}

interface PhotosParts {
  readonly dataSource: DataSource;
  readonly local: LocalStore;
  /** Base of the addresses of local photos, once the service listens. */
  readonly publicUrl: () => string;
  readonly timing: UploadTiming;
  readonly now: () => Date;
  readonly log: Logger;
}

/** What takes photos in, copies them to the CDN, and has them removed. */
export async function createPhotos(config: Config, parts: PhotosParts): Promise<Photos> {
  const { dataSource, local, publicUrl, timing, now, log } = parts;
  const { media, cloudinary, formerClouds } = config;
  const addresses = new MediaAddresses({
    key: media.access === 'public' ? null : await mediaKey(config),
    ttlSeconds: media.urlTtlSeconds,
    publicUrl,
    now,
  });
  const ledger = new UploadLedger(dataSource, timing);
  const cdn = cloudinary === null ? null : new CloudinaryCdn(cloudinary);
  const former = formerClouds.accounts.map((account) => new CloudinaryCdn(account));
  const clouds = new CdnClouds(cdn, former, formerClouds.closed);
  const cdnPlace = cdnPlaceOf(cloudinary);
  const { maxImageBytes } = config;
  const storage = new StorageService({
    photos: new PhotoReader({ maxBytes: maxImageBytes, maxPixels: config.maxImagePixels }),
    maxImageBytes,
    local,
    cdn,
    cdnPlace,
    ledger,
    addresses,
    log,
    timing,
  });
  return {
    addresses,
    ledger,
    clouds,
    cdnPlace,
    storage,
    uploader: createUploader({
      storage,
      ledger,
      concurrency: config.uploaderConcurrency,
      pollMs: timing.pollMs,
      log,
    }),
    discarded: new DiscardedImages({ dataSource, local, clouds, log, timing }),
    orphans: new Orphans(dataSource, local),
  };
}

/** What addresses of photos are signed with. */
async function mediaKey({ media, dataDir }: Config): Promise<Buffer> {
  return media.signingKey === null ? loadSecret(dataDir, 'media') : Buffer.from(media.signingKey);
}
