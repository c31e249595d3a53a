import type { Readable } from 'node:stream';
import send from '@fastify/send';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RollcallError } from '../../errors';
import { maySeePhotos } from '../../resolvers/access-policy/permissions';
import type { Actor } from '../../services/audit/actor';
import { LocalFileMissing, type LocalStore } from '../../services/photos/local/local-store';
import type { MediaAddresses } from '../../services/photos/media-addresses';
import { isMediaPath, resolveMedia } from '../../services/photos/local/media-paths';
import { isEnvelope } from '../../services/encryption/envelope';

/**
 * Takes note that somebody was given a photo, or learned that theirs is still current; an address that was signed says
 * nothing of who uses it.
 */
export type NotePhotoRead = (path: string, by: Actor, outcome: 'OK' | 'NOT_MODIFIED') => void;

/** 206 is a part of the photo. Other answers contain nothing of it. */
const OUTCOMES: Readonly<Record<number, 'OK' | 'NOT_MODIFIED'>> = {
  200: 'OK',
  206: 'OK',
  304: 'NOT_MODIFIED',
};

const YEAR_SECONDS = 31_536_000;

const missing = () => new RollcallError('NOT_FOUND', 'Photo not found');
const forbidden = (message: string) => new RollcallError('FORBIDDEN', message);

/**
 * Serves local copies below /media for signed addresses that have not expired. Only paths of the form that the service
 * writes are looked up, and the file must be below the media folder after every link is followed.
 */
export function serveMedia(
  app: FastifyInstance,
  {
    local,
    addresses,
    notePhotoRead,
  }: {
    readonly local: LocalStore;
    readonly addresses: MediaAddresses;
    readonly notePhotoRead: NotePhotoRead;
  },
): void {
  app.get<{ Params: { '*': string } }>('/media/*', async (request, reply) => {
    const { role } = request.requester;
    // Even with a valid address: a kiosk is where everybody can touch it.
    if (role !== null && !maySeePhotos(role)) throw forbidden(`Role ${role} may not view photos`);
    const path = request.params['*'];
    const [address, query = ''] = splitOnce(request.url, '?');
    // Before anything is looked up: without access to a photo, nobody learns whether it exists.
    const secondsLeft = addresses.signed ? await admit(addresses, request, path, query) : YEAR_SECONDS;
    // One photo has one address: none of the characters of such a path needs to be written in another way.
    if (!isMediaPath(path) || address !== `/media/${path}`) throw missing();
    if ((await resolveMedia(local.mediaDir, path)) === null) throw missing();

    const kept = caching(path, secondsLeft);
    const body = (await isEncrypted(local, path))
      ? await openedPhoto(local, path, request, reply, kept)
      : await photoFile(local.mediaDir, path, request, reply, kept);
    // By the status of the answer: a failed condition gets the photo.
    const outcome = OUTCOMES[reply.statusCode];
    if (outcome !== undefined) notePhotoRead(path, request.requester, outcome);
    return reply.send(body);
  });
}

/** Only with a photo: nobody is to keep an error for a year. */
const withPhotoHeaders = (reply: FastifyReply, cacheControl: string): FastifyReply =>
  reply
    .header('cache-control', cacheControl)
    .header('x-content-type-options', 'nosniff')
    .header('cross-origin-resource-policy', 'cross-origin');

/** @returns for how many seconds the client may cache the photo */
async function admit(
  addresses: MediaAddresses,
  request: FastifyRequest,
  path: string,
  query: string,
): Promise<number> {
  const admission = await addresses.admit(path, query);
  switch (admission.kind) {
    case 'signed':
      return admission.secondsLeft;
    case 'unsigned':
      // An administrator can have every address signed, so a script with the key need not ask for each one first.
      if (request.requester.kind === 'admin') return 0;
      throw forbidden('This photo requires a signed URL; query the API for one');
    case 'expired':
      throw forbidden('This URL has expired; query the API for a new one');
    case 'invalid':
      throw forbidden('This URL has no valid signature; query the API for a new one');
  }
}

/** Never for longer than the address is good. A face photo keeps its path when it is replaced; a punch's never does. */
function caching(path: string, secondsLeft: number): string {
  if (path.startsWith('face_images/') || secondsLeft === 0) return 'private, no-cache';
  return `private, max-age=${Math.min(secondsLeft, YEAR_SECONDS)}, immutable`;
}

async function isEncrypted(local: LocalStore, path: string): Promise<boolean> {
  try {
    return isEnvelope(await local.readStart(path));
  } catch (error) {
    if (error instanceof LocalFileMissing) throw missing();
    // A folder is no photo. `send` finds every other error.
    return false;
  }
}

/** As it lies on the disk, in parts too. @returns the body of the answer, whose status and headers are set */
async function photoFile(
  root: string,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
  cacheControl: string,
): Promise<Readable> {
  const { type, statusCode, headers, stream } = await send(request.raw, path, {
    root,
    // employeeIds may begin with a dot; the shape was checked above.
    dotfiles: 'allow',
    cacheControl: false,
  });
  // To the library a folder is a redirection.
  if (statusCode === 404 || type === 'directory') throw missing();
  void withPhotoHeaders(reply.code(statusCode).headers(headers), cacheControl);
  return stream;
}

/** Decrypted, and as a whole: nothing is given away before its tag has been compared. */
async function openedPhoto(
  local: LocalStore,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
  cacheControl: string,
): Promise<Buffer | undefined> {
  const { jpeg, tag } = await local.readOpened(path);
  const etag = `"${tag}"`;
  void withPhotoHeaders(reply, cacheControl).header('etag', etag).header('accept-ranges', 'none');
  if (isAmong(etag, request.headers['if-none-match'])) {
    void reply.code(304);
    return undefined;
  }
  // A request with HEAD gets the length and no body.
  void reply.type('image/jpeg').header('content-length', jpeg.length);
  return jpeg;
}

/** Whether a list of entity tags has this one, compared weakly (RFC 9110, 13.1.2). */
const isAmong = (etag: string, list: string | undefined): boolean =>
  (list ?? '').split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')));

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
