import type { Base } from '../../base';
import type { Poller } from '../../database/poller';
import type { Config } from '../../config/config';
import type { Encryption } from '../encryption/create-encryption';
import type { Rewriting } from '../encryption/rotation-progress';
import { loadSecret } from '../encryption/secrets';
import { CdnClouds } from './cdn/cdn-clouds';
import { CloudinaryCdn } from './cdn/cloudinary';
import { createCopyChecks } from './cdn/copy-checks';
import { cdnPlaceOf, type CdnPlace } from './cdn/discard';
import { DiscardedImages } from './cdn/discarded-images';
import { UploadLedger } from './cdn/upload-ledger';
import type { UploadTiming } from './cdn/upload-timing';
import { createUploader } from './cdn/uploader';
import { DecodeTurns } from './input/decode-turns';
import { PhotoReader } from './input/photo-reader';
import { Housekeeping, type Purge } from './local/housekeeping';
import { belongTogether } from './local/installation';
import { LocalStore } from './local/local-store';
import { Orphans } from './local/orphans';
import { PhotoRotation, photoTarget } from './local/photo-rotation';
import { PhotoVault } from './local/photo-vault';
import { MediaAddresses } from './media-addresses';
import { StorageService } from './storage-service';

export interface Photos {
  readonly local: LocalStore;
  readonly addresses: MediaAddresses;
  readonly ledger: UploadLedger;
  readonly clouds: CdnClouds;
  /** null: nothing is uploaded. */
  readonly cdnPlace: CdnPlace | null;
  readonly storage: StorageService;
  readonly uploader: Poller;
  /** null: nothing is uploaded. */
  readonly copyChecks: Poller | null;
  readonly discarded: DiscardedImages;
  readonly orphans: Orphans;
  readonly housekeeping: Housekeeping;
  /** What it deletes in addition to files without a row. Every area adds its expiring data. */
  readonly purges: Purge[];
  /** Intervals of the background work. */
  readonly timing: UploadTiming;
  /** null: nothing is encrypted. */
  readonly rotation: Rewriting | null;
}

interface PhotoOptions {
  /** Base of the addresses of local photos, once the service listens. */
  readonly publicUrl: () => string;
  readonly timing: UploadTiming;
}

/** What takes photos in, copies them to the CDN, and has them removed. */
export async function createPhotos(
  { config, dataSource, statements, metrics, now, log }: Base,
  { keys }: Encryption,
  { publicUrl, timing }: PhotoOptions,
): Promise<Photos> {
  const { encryptMedia } = config;
  const { media, cloudinary, formerClouds, maxBytes, maxPixels, uploaderConcurrency } = config.photos;
  const local = new LocalStore(config.dataDir, new PhotoVault(keys, encryptMedia));
  await local.open();
  const addresses = new MediaAddresses({
    key: media.access === 'public' ? null : await mediaKey(config, keys),
    ttlSeconds: media.urlTtlSeconds,
    publicUrl,
    employeeOf: async (path) => {
      const rows = await statements.run<{ id: string }>('employee-of-photo', EMPLOYEE_OF, [path]);
      return rows[0]?.id ?? null;
    },
    now,
  });
  const ledger = new UploadLedger(dataSource, timing);
  const cdn = cloudinary && new CloudinaryCdn(cloudinary);
  const former = formerClouds.accounts.map((account) => new CloudinaryCdn(account));
  const clouds = new CdnClouds(cdn, former, formerClouds.closed);
  const cdnPlace = cdnPlaceOf(cloudinary);
  const turns = new DecodeTurns(config.http.rateLimits.perKey);
  const photos = new PhotoReader({ maxBytes, maxPixels, turns });
  const storage = new StorageService({
    photos,
    maxImageBytes: maxBytes,
    local,
    cdn,
    cdnPlace,
    ledger,
    addresses,
    log,
    timing,
    metrics,
  });
  const orphans = new Orphans(dataSource, local);
  const purges: Purge[] = [];
  return {
    local,
    addresses,
    ledger,
    clouds,
    cdnPlace,
    storage,
    orphans,
    purges,
    timing,
    uploader: createUploader({
      storage,
      ledger,
      concurrency: uploaderConcurrency,
      pollMs: timing.pollMs,
      log,
    }),
    copyChecks: cdn && createCopyChecks(dataSource, cdn, log, timing),
    discarded: new DiscardedImages({ dataSource, local, clouds, log, timing }),
    housekeeping: new Housekeeping({
      ...{ local, orphans, purges, log, now },
      belongs: () => belongTogether(dataSource, config.dataDir),
    }),
    rotation: keys && new PhotoRotation(dataSource, local, keys, photoTarget(encryptMedia)),
  };
}

const EMPLOYEE_OF = 'SELECT id FROM employees WHERE image_path = $1 AND erased_at IS NULL';

/** What addresses of photos are signed with. */
async function mediaKey({ photos, dataDir }: Config, keys: Encryption['keys']): Promise<Buffer> {
  const { signingKey } = photos.media;
  return signingKey === null ? loadSecret(dataDir, 'media', keys) : Buffer.from(signingKey);
}
