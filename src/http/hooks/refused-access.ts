import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requesterOf, type Requester } from '../../services/access/requester';
import type { Actor } from '../../services/audit/actor';

/** Notes that a requester was refused: where, and who if known. */
export type NoteRefusedAccess = (place: RefusedPlace, by: Actor) => void;

/** Where access was refused. */
type RefusedPlace = 'graphql' | 'stream' | 'media' | 'exports' | 'reports' | 'other';

const PLACES: Readonly<Record<string, RefusedPlace>> = {
  '/graphql': 'graphql',
  '/graphql/stream': 'stream',
  '/media/*': 'media',
  '/exports/:token': 'exports',
  '/reports/:file': 'reports',
};

/**
 * Notes every answer that refuses access: wrong credentials, or none if some are needed, and what a role may not do.
 * What was presented is not kept: a mistyped key is nearly a key.
 */
export function noteRefusedAccess(app: FastifyInstance, note: NoteRefusedAccess): void {
  app.addHook('onResponse', (request, { statusCode }, done) => {
    const place = PLACES[request.routeOptions.url ?? ''] ?? 'other';
    // Of a download's token there is only whether it is good.
    const refused = statusCode === 401 || statusCode === 403 || (place === 'exports' && statusCode === 404);
    if (refused) note(place, whoIs(request));
    done();
  });
}

/** Whose credentials were wrong is nobody, and has no caller. */
function whoIs(request: FastifyRequest): Actor {
  const { requester }: { readonly requester?: Requester } = request;
  return requester ?? requesterOf('anonymous', request.ip);
}
