import type { UploadTiming } from '../../src/services/photos/cdn/upload-timing';
import type { CloudinaryStandIn } from './cloudinary-stand-in';
import type { Asker } from './operations';
import { until } from './until';

/** Settings that make the service use the stand-in for Cloudinary. The time limit is short only where that is the test. */
export const cloudinaryEnv = (
  standIn: Pick<CloudinaryStandIn, 'url' | 'cloudName' | 'apiKey' | 'apiSecret'>,
  timeoutMs = 30_000,
): Record<string, string> => ({
  CLOUDINARY_CLOUD_NAME: standIn.cloudName,
  CLOUDINARY_API_KEY: standIn.apiKey,
  CLOUDINARY_API_SECRET: standIn.apiSecret,
  CLOUDINARY_UPLOAD_PREFIX: standIn.url,
  CLOUDINARY_TIMEOUT_MS: String(timeoutMs),
});

/** The product's paces, about twenty times faster. */
export const FAST_UPLOADS: UploadTiming = {
  pollMs: 100,
  breakerPauseMs: 600,
  firstRetryMs: 100,
  maxRetryMs: 800,
};

export interface StorageStatus {
  readonly cloudinaryConfigured: boolean;
  readonly cloudinaryReady: boolean;
  readonly pendingUploads: number;
  readonly failedUploads: number;
}

export async function storageStatus(service: Asker): Promise<StorageStatus> {
  const { storageStatus: status } = await service.ask<{ storageStatus: StorageStatus }>(
    '{ storageStatus { cloudinaryConfigured cloudinaryReady pendingUploads failedUploads } }',
  );
  return status;
}

/** Resolves once nothing is left to upload. */
export const uploaded = (service: Asker): Promise<StorageStatus> =>
  until(
    () => storageStatus(service),
    ({ pendingUploads }) => pendingUploads === 0,
  );

export interface UploadState {
  readonly id: string;
  readonly imageUrl: string;
  readonly localImageUrl: string;
  readonly cloudinaryImageUrl: string | null;
  readonly imageUpload: {
    readonly status: 'LOCAL_ONLY' | 'PENDING' | 'UPLOADED' | 'FAILED';
    readonly attempts: number;
    readonly error: string | null;
    readonly givenUpAt: string | null;
  };
}

/** How the photos of all punches stand, newest first. */
export async function punchUploads(service: Asker): Promise<readonly UploadState[]> {
  const { attendances } = await service.ask<{ attendances: { nodes: UploadState[] } }>(
    `{ attendances(first: 200) { nodes {
      id imageUrl localImageUrl cloudinaryImageUrl imageUpload { status attempts error givenUpAt }
    } } }`,
  );
  return attendances.nodes;
}

/** The public id of a punch's photo under the default CLOUDINARY_FOLDER. */
export const assetOf = (punchId: string): string => `rollcall/attendance_images/${punchId}`;
