/** Real: StorageService with its circuit breaker. Fakes: time, the CDN that is down, and rows that are gone or unreachable. */
import { pino } from 'pino';
import { CdnError, type Cdn } from '../../src/services/photos/cdn/cdn';
import type { ImageRef } from '../../src/services/photos/local/image-owner';
import { StorageService, type StorageOptions } from '../../src/services/photos/storage-service';
import type { UploadLedger } from '../../src/services/photos/cdn/upload-ledger';

const ref: ImageRef = { owner: 'employees', id: 'x', path: 'face_images/x.jpg' };
const JPEG = Buffer.alloc(1);

function storageWith(begins: () => Promise<boolean>): { storage: StorageService; noted: string[] } {
  const noted: string[] = [];
  const done = (): Promise<void> => Promise.resolve();
  const ledger = {
    begins,
    pending: {
      employees: {
        failed: (_ref: ImageRef, reason: string) => Promise.resolve(void noted.push(reason)),
        wait: done,
      },
    },
    gaveUp: done,
  } as unknown as UploadLedger;
  const cdn = {
    cloudName: 'c',
    target: (publicId: string) => ({ cloudName: 'c', publicId }),
    upload: () => Promise.reject(new CdnError('down')),
  } as unknown as Cdn;
  const parts: Partial<StorageOptions> = {
    cdn,
    ledger,
    cdnPlace: { cloudName: 'c', folder: 'f', leaseSeconds: 3 },
    log: pino({ level: 'silent' }),
    timing: { pollMs: 1, breakerPauseMs: 50, firstRetryMs: 1, maxRetryMs: 1 },
  };
  return { storage: new StorageService(parts as StorageOptions), noted };
}

afterEach(() => void jest.useRealTimers());

it('a row that is gone says nothing about the CDN, which stays known to be down', async () => {
  jest.useFakeTimers();
  let begins = true;
  const { storage } = storageWith(() => Promise.resolve(begins));
  for (let n = 0; n < 5; n++) await storage.copyToCdn(ref, JPEG);
  expect(storage.cdnReady).toBe(false);
  jest.advanceTimersByTime(50);
  begins = false;
  expect(await storage.copyToCdn(ref, JPEG)).toEqual({ kind: 'superseded' });
  expect(storage.cdnReady).toBe(false);
});

it('what a database says of itself is not noted as the reason of a failed upload', async () => {
  const { storage, noted } = storageWith(() =>
    Promise.reject(new Error('ECONNREFUSED 10.1.2.3 user "rollcall"')),
  );
  expect(await storage.copyToCdn(ref, JPEG)).toEqual({
    kind: 'failed',
    reason: 'Database unavailable',
  });
  expect(noted).toEqual([]);
});
