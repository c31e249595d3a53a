import { AsyncLocalStorage } from 'node:async_hooks';

/** How many photos are remembered whose upload is pending; beyond it the oldest are forgotten. */
const REMEMBERED = 10_000;

const scope = new AsyncLocalStorage<string>();
const photos = new Map<string, string>();

/** The correlation id of the HTTP request that this work belongs to; undefined: none. */
export const currentCorrelationId = (): string | undefined => scope.getStore();

/** Runs something as part of a request; what it starts belongs to the request too. */
export const withCorrelationId = <T>(id: string, run: () => T): T => scope.run(id, run);

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
  return id === undefined ? run() : withCorrelationId(id, run);
}

export const forgetPhoto = (path: string): void => void photos.delete(path);
