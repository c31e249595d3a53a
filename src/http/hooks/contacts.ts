import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { KeyContacts } from '../../services/access/key-contacts';
import type { Requester } from '../../services/access/requester';
import type { TimeBeacons } from '../../services/access/time-beacon';

/** The header of an answer that has the time beacon. */
export const BEACON_HEADER = 'x-time-beacon';

/** How faults of the service look in an answer, which may have the status 200. */
const FAULTS = ['"code":"UNAVAILABLE"', '"code":"INTERNAL_SERVER_ERROR"'];

export interface ContactServices {
  readonly beacons: Pick<TimeBeacons, 'issue'>;
  readonly contacts: Pick<KeyContacts, 'note'>;
}

/**
 * Gives each GraphQL answer a time beacon, and notes which keys got one. An answer that was not sent to its end, or that
 * says that the service cannot work, is no contact: the device behind it was offline as far as it could see.
 */
export function keepContact(app: FastifyInstance, { beacons, contacts }: ContactServices): void {
  const failed = new WeakSet<FastifyRequest>();
  app.addHook('onSend', async (request, reply, payload) => {
    const requester = requesterIn(request);
    if (requester === null) return payload;
    void reply.header(BEACON_HEADER, beacons.issue(requester.caller));
    if (typeof payload === 'string' && FAULTS.some((fault) => payload.includes(fault))) failed.add(request);
    return payload;
  });
  app.addHook('onResponse', (request, reply, done) => {
    const requester = requesterIn(request);
    const answered = reply.statusCode < 500 && !failed.has(request) && reply.raw.writableFinished;
    if (answered && requester?.keyId != null) contacts.note(requester.keyId);
    done();
  });
}

/** Who sent a GraphQL request; null: nobody who is known, or another request. */
function requesterIn(request: FastifyRequest): Requester | null {
  if (request.routeOptions.url !== '/graphql') return null;
  const { requester }: { readonly requester?: Requester } = request;
  return requester === undefined || requester.kind === 'anonymous' ? null : requester;
}
