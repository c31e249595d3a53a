import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerId, type Caller } from '../../context';
import { RollcallError } from '../../errors';
import type { Authenticator } from './authenticator';
import type { RateLimits } from './rate-limits';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; set before anything of the body is read. */
    caller: Caller;
  }
}

interface AdmissionParts {
  readonly authenticator: Authenticator;
  readonly rateLimits: RateLimits;
  readonly publicUrl: string | null;
}

/** What somebody without a key may send: enough to introspect, too little to keep us busy. */
const ANONYMOUS_BODY_BYTES = 65_536;
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
/** What a platform asks every few seconds has to be answered whatever else is going on. */
const PROBES = new Set(['/healthz', '/readyz']);

/** Whether the request is a platform's, about the process and not about anybody in it. */
export const isProbe = ({ routeOptions }: FastifyRequest): boolean => PROBES.has(routeOptions.url ?? '');

/** Tells who is calling before anything of the body is read, and turns away who may not. */
export function admitCallers(app: FastifyInstance, parts: AdmissionParts): void {
  const { authenticator, rateLimits, publicUrl } = parts;
  // Fastify's types would have a function here; the hook below sets it for every request.
  app.decorateRequest('caller', undefined as never);
  const names = new Set(LOOPBACK_NAMES);
  if (publicUrl !== null) names.add(new URL(publicUrl).hostname);
  app.addHook('onRequest', async (request, reply) => {
    if (!URL.canParse(`http://${request.host}`)) {
      throw new RollcallError('BAD_USER_INPUT', 'Host header missing or malformed');
    }
    // Open on loopback is open to this machine, not to a page whose host name was pointed at it (DNS rebinding).
    if (authenticator.open && !names.has(request.host.replace(/:\d+$/, '').toLowerCase())) {
      throw new RollcallError(
        'FORBIDDEN',
        'Only requests to localhost are accepted, because ADMIN_API_KEY is not set',
      );
    }
    request.caller = await admit(request, reply);
  });

  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const limited = !authenticator.open && !isProbe(request);
    // Before the credentials are looked at: guessing at keys is bounded too.
    if (limited) await rateLimits.takeFromAddress(request.ip);
    const caller = await authenticator.authenticate(request.headers.authorization);
    if (caller === null) throw new RollcallError('UNAUTHENTICATED', 'API key not valid');
    if (caller.kind === 'anonymous') refuseLargeBody(request, reply);
    else if (limited) await rateLimits.takeFromKey(callerId(caller));
    return caller;
  }
}

function refuseLargeBody({ method, headers }: FastifyRequest, reply: FastifyReply): void {
  if (method !== 'POST' || Number(headers['content-length']) <= ANONYMOUS_BODY_BYTES) return;
  void reply.header('connection', 'close');
  throw new RollcallError('UNAUTHENTICATED', 'API key required; send it as Authorization: Bearer <key>');
}
