import type { Logger } from 'pino';
import { Poller } from '../../../database/poller';
import { EnvelopeBroken } from '../../encryption/envelope';
import { NoKey, UnknownKey } from '../../encryption/key-ring';
import type { ImageRef } from '../local/image-owner';
import { LocalFileMissing } from '../local/local-store';
import type { StorageService } from '../storage-service';
import type { UploadLedger } from './upload-ledger';

interface UploaderOptions {
  readonly storage: StorageService;
  readonly ledger: UploadLedger;
  /** Uploads at once. */
  readonly concurrency: number;
  readonly pollMs: number;
  readonly log: Logger;
}

/**
 * Uploads pending photos in the background. The rows say which uploads are pending, and memory holds nothing. So restarts,
 * further nodes and photos from before Cloudinary was configured need no other code. A stop waits for the uploads
 * in flight; each ends at the CDN's deadline at the latest.
 */
export function createUploader({ storage, ledger, concurrency, pollMs, log }: UploaderOptions): Poller {
  const work = {
    // Where the CDN is known to be down one photo is enough to ask whether it is back.
    limit: () => (storage.cdnReady ? concurrency : 1),
    leaseSeconds: storage.leaseSeconds,
    work: (ref: ImageRef) => upload(storage, ref),
    failed: (err: unknown, ref: ImageRef) => {
      log.warn({ ...ref, err }, 'A photo to upload could not be read; will retry');
      return 'The local file could not be read; the log says why';
    },
  };
  return new Poller(
    async (signal) => {
      for (const pending of Object.values(ledger.pending)) if (!(await pending.drain(signal, work))) return;
    },
    (err) => log.warn({ err }, 'The uploader could not reach the database; will retry'),
    pollMs,
  );
}

/** @returns false if going on makes no sense for now */
async function upload(storage: StorageService, ref: ImageRef): Promise<boolean> {
  let jpeg: Buffer;
  try {
    jpeg = await storage.local.read(ref.path);
  } catch (error) {
    const reason = unreadable(error);
    if (reason === null) throw error;
    await storage.localCopyUnusable(ref, reason);
    return true;
  }
  return (await storage.copyToCdn(ref, jpeg)).kind !== 'circuit-open';
}

/** Why a photo can never be read as things are; null if the next attempt may do better. */
function unreadable(error: unknown): string | null {
  if (error instanceof LocalFileMissing) return 'The local file is missing';
  const sealed = error instanceof EnvelopeBroken || error instanceof UnknownKey || error instanceof NoKey;
  return sealed ? `Could not decrypt the local file: ${error.message}` : null;
}
