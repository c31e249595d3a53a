import type { Logger } from 'pino';
import { Poller } from '../../../database/poller';
import { EnvelopeBroken } from '../../encryption/envelope';
import { NoKey, UnknownKey } from '../../encryption/key-ring';
import { IMAGE_FOLDERS, type ImageOwner } from '../local/image-owner';
import { LocalFileMissing, type LocalStore } from '../local/local-store';
import type { StorageService } from '../storage-service';
import type { ClaimedUpload, UploadLedger } from './upload-ledger';
import { UPLOAD_TIMING } from './upload-timing';

const OWNERS = Object.keys(IMAGE_FOLDERS) as ImageOwner[];

/**
 * Uploads pending photos in the background. It keeps nothing in memory: the rows show what is pending. So restarts,
 * further nodes and photos from before Cloudinary was configured need no special code.
 */
export class Uploader {
  private readonly poller: Poller;

  constructor(
    private readonly storage: StorageService,
    private readonly ledger: UploadLedger,
    private readonly local: LocalStore,
    private readonly concurrency: number,
    log: Logger,
    pollMs = UPLOAD_TIMING.pollMs,
  ) {
    this.poller = new Poller(
      (signal) => this.drain(signal),
      (err) => log.warn({ err }, 'The uploader could not reach the database; it is retried'),
      pollMs,
    );
  }

  /** Runs the due work now. */
  run(): Promise<void> {
    return this.poller.run();
  }

  start(): void {
    if (this.storage.cdnConfigured) this.poller.start();
  }

  /** Starts nothing new, and waits for running uploads (each has the CDN's time limit). */
  stop(): Promise<void> {
    return this.poller.stop();
  }

  /** Uploads until nothing is due or the circuit is open. */
  private async drain(signal: AbortSignal): Promise<void> {
    for (const owner of OWNERS) {
      while (!signal.aborted) {
        // Where the CDN is known to be down one photo is enough to ask whether it is back.
        const limit = this.storage.cdnReady ? this.concurrency : 1;
        const claimed = await this.ledger.claim(owner, limit, this.storage.leaseSeconds);
        if (claimed.length === 0) break;
        const proceed = await Promise.all(claimed.map((upload) => this.upload(upload)));
        if (proceed.includes(false)) return;
      }
    }
  }

  /** @returns false where going on makes no sense for now */
  private async upload(claimed: ClaimedUpload): Promise<boolean> {
    const { attempts, ...ref } = claimed;
    try {
      const jpeg = await this.local.read(ref.path);
      const outcome = await this.storage.copyToCdn(ref, jpeg, attempts);
      return outcome.kind !== 'circuit-open';
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === null) throw error;
      await this.storage.localCopyUnusable(ref, reason);
      return true;
    }
  }
}

/** Why a photo can never be read as things are; null where the next attempt may do better. */
function reasonOf(error: unknown): string | null {
  if (error instanceof LocalFileMissing) return 'The local file is missing';
  const sealed = error instanceof EnvelopeBroken || error instanceof UnknownKey || error instanceof NoKey;
  return sealed ? `Could not decrypt the local file: ${error.message}` : null;
}
