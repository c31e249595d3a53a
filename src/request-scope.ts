import { AsyncLocalStorage } from 'node:async_hooks';

/** How many photos are remembered whose upload is pending; beyond it the oldest are forgotten. */
const REMEMBERED = 10_000;

/** What work that belongs to an HTTP request knows about it, wherever it is done. */
interface RequestScope {
  readonly correlationId: string;
  /** Who sent it; left out: not known yet, or nobody did. */
  readonly caller?: string;
  /** Whether an administrator or HR did. */
  readonly staff?: boolean;
  /** What its photos have cost until now, in milliseconds (services/photos/input/photo-cost.ts). */
  photosMs?: number;
}

const scope = new AsyncLocalStorage<RequestScope>();
const photos = new Map<string, string>();

/** The correlation id of the HTTP request that this work belongs to; undefined: none. */
export const currentCorrelationId = (): string | undefined => scope.getStore()?.correlationId;

/** The request that this work belongs to; undefined: none. */
export const currentRequest = (): RequestScope | undefined => scope.getStore();

/** Runs something as part of a request; what it starts belongs to the request too. */
export const withRequest = <T>(request: RequestScope, run: () => T): T => scope.run(request, run);

/**
 * Remembers which request stored a photo, so that an upload in the background is logged with that request's id.
 * In memory: after a restart the upload's line has the id of the row only.
 */
export function rememberPhoto(path: string): void {
  const id = currentCorrelationId();
  if (id === undefined) return;
  photos.set(path, id);
  if (photos.size > REMEMBERED) photos.delete(photos.keys().next().value ?? '');
}

/** Runs an upload as part of the request that stored the photo. */
export function asRequestOf<T>(path: string, run: () => T): T {
  const id = photos.get(path);
  return id === undefined ? run() : withRequest({ correlationId: id }, run);
}

export const forgetPhoto = (path: string): void => void photos.delete(path);
