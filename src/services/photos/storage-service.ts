import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import type { Logger } from 'pino';
import type { StoredImage } from '../../entities/stored-image';
import { CdnError, type Cdn, type CdnCopy } from './cdn/cdn';
import { deliveryTypeOf } from './cdn/cloudinary-addresses';
import { formatTarget } from './cdn/cdn-target';
import type { CopyOutcome, ImageChange } from './cdn/copy-outcome';
import { discardOf, type CdnPlace, type Discard } from './cdn/discard';
import { publicIdOf, tagOf, type ImageRef } from './local/image-owner';
import type { LocalStore } from './local/local-store';
import type { MediaAddresses, PhotoRow } from './media-addresses';
import { readSentPhotos, type PhotoFields } from './input/photo-input';
import type { Photo, PhotoReader } from './input/photo-reader';
import type { UploadLedger } from './cdn/upload-ledger';
import type { Metrics } from '../../metrics';
import { asRequestOf, forgetPhoto, rememberPhoto } from '../../request-scope';
import { UPLOAD_TIMING, type UploadTiming } from './cdn/upload-timing';

/** Failures in a row after which the CDN is left alone. */
const BREAKER_FAILURES = 5;

/** A row with all that is known of its photo. */
interface RowWithImage {
  readonly id: string;
  readonly image: StoredImage;
}

export interface StorageOptions {
  readonly photos: PhotoReader;
  readonly maxImageBytes: number;
  readonly local: LocalStore;
  /** null: no Cloudinary credentials. */
  readonly cdn: Cdn | null;
  /** Where copies of photos go; null: nowhere. */
  readonly cdnPlace: CdnPlace | null;
  readonly ledger: UploadLedger;
  /** Of the local copies. */
  readonly addresses: MediaAddresses;
  readonly log: Logger;
  readonly timing?: UploadTiming;
  readonly metrics?: Metrics;
}

/**
 * Photos: what a client sends becomes a proven, metadata-free JPEG; the local copy is the durable one; the CDN's
 * copy comes after the row, within a deadline, and behind a circuit breaker so that a dead CDN costs a check nothing.
 */
export class StorageService {
  readonly local: LocalStore;
  private readonly breaker: CircuitBreakerPolicy;
  private readonly timing: UploadTiming;

  constructor(private readonly options: StorageOptions) {
    this.local = options.local;
    this.timing = options.timing ?? UPLOAD_TIMING;
    // A photo that the CDN calls invalid says nothing about the CDN's health, nor does a row that cannot be written.
    const isOutage = (error: Error): boolean => error instanceof CdnError && !error.permanent;
    this.breaker = circuitBreaker(handleWhen(isOutage), {
      breaker: new ConsecutiveBreaker(BREAKER_FAILURES),
      halfOpenAfter: this.timing.breakerPauseMs,
    });
    this.breaker.onBreak(() => options.log.warn('Cloudinary fails repeatedly; the uploader retries later'));
    this.breaker.onReset(() => options.log.info('Cloudinary works again'));
  }

  get cdnConfigured(): boolean {
    return this.options.cdn !== null;
  }

  /** Whether uploads are tried at once: there is a CDN and it is not known to be down. */
  get cdnReady(): boolean {
    return this.cdnConfigured && this.breaker.state === CircuitState.Closed;
  }

  /**
   * For a row about to be written: how long the uploader leaves its photo alone, because the request that writes
   * the row tries the upload itself. 0 if it will not.
   */
  get inlineLeaseSeconds(): number {
    return this.cdnReady ? this.leaseSeconds : 0;
  }

  /** What the column of the upload's target says from its begin on; null: there is no CDN. */
  uploadTarget(ref: ImageRef): string | null {
    const { cdn } = this.options;
    return cdn === null ? null : formatTarget(cdn.target(publicIdOf(ref)));
  }

  get leaseSeconds(): number {
    return this.options.cdnPlace?.leaseSeconds ?? 0;
  }

  /**
   * Reads and validates the photos of the field that is set.
   * @param prove false: the face engine decodes the photos, and `proved` mends what it cannot
   * @returns at least one, each with the field it came in
   * @throws RollcallError BAD_USER_INPUT naming the field and the bound
   */
  async readPhotos(fields: PhotoFields, prove = true): Promise<Photo[]> {
    const { photos, maxImageBytes } = this.options;
    const sent = await readSentPhotos(fields, maxImageBytes);
    const read: Photo[] = [];
    for (const { bytes, field } of sent) read.push(await photos.read(bytes, field, prove));
    return read;
  }

  /** A photo that was not proven when it was read. @throws RollcallError BAD_USER_INPUT */
  proved(photo: Photo): Promise<Photo> {
    return this.options.photos.proved(photo);
  }

  /**
   * Tries the upload for the request that just wrote the row.
   * @param leaseSeconds what the row was written with; 0: the upload is the uploader's, which may be at it already
   * @param begun whether the row was written with `uploadTarget`
   * @returns what is different in the row now, for the answer to the request
   */
  async copyNow(ref: ImageRef, jpeg: Buffer, leaseSeconds: number, begun = false): Promise<ImageChange> {
    rememberPhoto(ref.path);
    if (leaseSeconds === 0) return {};
    const outcome = await this.copyToCdn(ref, jpeg, begun);
    switch (outcome.kind) {
      case 'uploaded':
        return { cloudinaryUrl: outcome.url, cloudinaryId: outcome.publicId };
      case 'failed':
        return { uploadAttempts: 1, uploadError: outcome.reason };
      case 'given-up':
        return { uploadAttempts: 1, uploadError: outcome.reason, uploadGivenUpAt: new Date() };
      case 'superseded':
      case 'circuit-open':
        return {};
    }
  }

  /**
   * One attempt to copy a photo to the CDN, and the note of what came of it. Never throws: the local copy is safe
   * and the row says that the upload is pending.
   * @param begun whether the row already has `uploadTarget`
   */
  copyToCdn(ref: ImageRef, jpeg: Buffer, begun = false): Promise<CopyOutcome> {
    const { metrics = null } = this.options;
    return asRequestOf(ref.path, () => {
      const copied = this.copy(ref, jpeg, begun);
      return metrics === null ? copied : metrics.step('upload', copied);
    });
  }

  private async copy(ref: ImageRef, jpeg: Buffer, begun: boolean): Promise<CopyOutcome> {
    const { cdn, ledger, log } = this.options;
    if (cdn === null) return { kind: 'circuit-open' };
    const target = cdn.target(publicIdOf(ref));
    try {
      // Written first: a copy whose answer is lost can then be found and removed, wherever later uploads go.
      if (!begun && !(await ledger.begins(ref, target))) return { kind: 'superseded' };
    } catch (err) {
      log.warn({ ...ref, err }, 'Could not start an upload; it stays pending');
      return { kind: 'failed', reason: 'Database unavailable' };
    }
    try {
      const { url, publicId } = await this.breaker.execute(() =>
        cdn.upload(jpeg, publicIdOf(ref), tagOf(ref)),
      );
      await this.note(ref, async () => {
        // Replaced or removed while it was on its way: its removal waits until now at least, and need not wait longer.
        if (!(await ledger.succeeded(ref, url, target, publicId))) await cdn.destroy(publicId);
      });
      log.info({ owner: ref.owner, id: ref.id }, 'Photo uploaded');
      forgetPhoto(ref.path);
      return { kind: 'uploaded', url, publicId };
    } catch (error) {
      if (error instanceof BrokenCircuitError) {
        await this.note(ref, () => ledger.pending[ref.owner].wait(ref, this.timing.breakerPauseMs / 2));
        return { kind: 'circuit-open' };
      }
      const reason = error instanceof Error ? error.message : 'unknown';
      if (error instanceof CdnError && error.permanent) {
        log.error({ ...ref, reason }, 'Cloudinary refuses the photo permanently; it stays local');
        await this.note(ref, () => ledger.gaveUp(ref, reason));
        return { kind: 'given-up', reason };
      }
      log.warn({ ...ref, reason }, 'Upload failed; it stays pending');
      await this.note(ref, () => ledger.pending[ref.owner].failed(ref, reason));
      return { kind: 'failed', reason };
    }
  }

  /** The local copy of this photo cannot be read: nothing can be uploaded. */
  async localCopyUnusable(ref: ImageRef, reason: string): Promise<void> {
    this.options.log.error({ ...ref, reason }, 'Could not use the local copy; the upload is not retried');
    await this.note(ref, () => this.options.ledger.gaveUp(ref, reason));
  }

  /** How to remove a discarded photo. */
  discardOf(ref: ImageRef, image: StoredImage): Discard {
    return discardOf(ref, image, this.options.cdnPlace);
  }

  /** The address of the local copy, as this service serves it, good for a while only; null: there is no photo. */
  localUrl(row: PhotoRow): string | null {
    return this.options.addresses.address(row);
  }

  /** The address of the CDN's copy; null if there is none, or none that can be seen without its credentials. */
  cloudinaryUrl(image: StoredImage): string | null {
    const { cdn } = this.options;
    const copy = cdnCopyOf(image);
    if (copy === null) return null;
    if (cdn !== null) return cdn.address(copy);
    return deliveryTypeOf(copy.url) === 'upload' ? copy.url : null;
  }

  /** The CDN's copy, else the local one. */
  imageUrl(row: RowWithImage): string | null {
    return this.cloudinaryUrl(row.image) ?? this.localUrl(row);
  }

  /** A square crop of the face in the best format for the browser that asks; else the local photo. */
  thumbnailUrl(row: RowWithImage, size: number): string | null {
    const copy = cdnCopyOf(row.image);
    return copy === null
      ? this.localUrl(row)
      : (this.options.cdn?.thumbnailUrl(copy, size) ?? this.localUrl(row));
  }

  /** A note that cannot be written leaves the upload pending, and repeating an upload does no harm. */
  private async note(ref: ImageRef, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.options.log.warn({ ...ref, err: error }, 'Could not record the result of an upload');
    }
  }
}

const cdnCopyOf = ({ cloudinaryUrl: url, cloudinaryId: publicId }: StoredImage): CdnCopy | null =>
  url === null || publicId === null ? null : { url, publicId };
