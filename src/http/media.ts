import send from '@fastify/send';
import type { FastifyInstance } from 'fastify';
import { roleOf } from '../context';
import { RollcallError } from '../errors';
import { maySeePhotos } from '../resolvers/permissions';
import { isMediaPath, resolveMedia } from '../services/storage/media-paths';

/**
 * Serves local copies below /media. Only the two shapes of path that the service itself writes are looked up at all,
 * and what they name must lie below the media folder when every link is followed.
 */
export function serveMedia(app: FastifyInstance, mediaRoot: string): void {
  app.get<{ Params: { '*': string } }>('/media/*', async (request, reply) => {
    const role = roleOf(request.caller);
    if (role === null) {
      throw new RollcallError('UNAUTHENTICATED', 'Send the API key: Authorization: Bearer <key>');
    }
    if (!maySeePhotos(role)) {
      throw new RollcallError('FORBIDDEN', `The role ${role} may not see photos`);
    }
    const path = request.params['*'];
    const missing = new RollcallError('NOT_FOUND', 'There is no such photo');
    if (!isMediaPath(path) || (await resolveMedia(mediaRoot, path)) === null) throw missing;

    const { type, statusCode, headers, stream } = await send(request.raw, path, {
      root: mediaRoot,
      // employeeIds may begin with a dot; the shape was checked above.
      dotfiles: 'allow',
      cacheControl: false,
    });
    // To the library a folder is a redirection.
    if (statusCode === 404 || type === 'directory') throw missing;
    // A face photo keeps its address when it is replaced; a punch's never changes.
    const caching = path.startsWith('face_images/') ? 'no-cache' : 'max-age=31536000, immutable';
    return reply
      .code(statusCode)
      .headers(headers)
      .header('cache-control', `private, ${caching}`)
      .header('x-content-type-options', 'nosniff')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(stream);
  });
}
