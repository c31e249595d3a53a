import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RollcallError } from '../../errors';
import { clientVersionOf } from './client-version';
import { requesterOf, type Requester } from '../../services/access/requester';
import type { Authenticator } from './authenticator';
import type { RateLimits } from './rate-limits';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; set before anything of the body is read. */
    requester: Requester;
  }
}

/** What somebody without a key may send: a document of 4096 characters, as JSON writes it, and a code. */
const ANONYMOUS_BODY_BYTES = 16_384;
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Health checks of a platform must always be answered. */
const PROBES = new Set(['/healthz', '/readyz']);

/** Where a refused request without credentials costs more than one. */
const COSTLY_REFUSALS = new Set(['/graphql', '/graphql/stream']);

/** Where no key is looked up. */
const UNAUTHENTICATED = new Set(['/healthz', '/metrics']);

/** Whether the request is a platform's, about the process and not about anybody in it. */
export const isProbe = ({ routeOptions }: FastifyRequest): boolean => PROBES.has(routeOptions.url ?? '');

/** Tells who is calling before anything of the body is read, and turns away who may not. */
export function admitCallers(
  app: FastifyInstance,
  parts: {
    readonly authenticator: Authenticator;
    readonly rateLimits: RateLimits;
    readonly publicUrl: string | null;
  },
): void {
  const { authenticator, rateLimits, publicUrl } = parts;
  // Fastify's types would have a function here; the hook below sets it for every request.
  app.decorateRequest('requester', undefined as never);
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
    const requester = await admit(request, reply);
    request.requester = { ...requester, client: clientVersionOf(request.headers) };
  });
  app.addHook('onResponse', async (request, { statusCode }) => {
    // Of a request whose credentials are wrong nobody is known. It was refused before anything of it was read.
    const { requester }: { readonly requester?: Requester } = request;
    if (statusCode < 400 || authenticator.open || !COSTLY_REFUSALS.has(request.routeOptions.url ?? ''))
      return;
    if (requester?.kind === 'anonymous') await rateLimits.penalise(request.ip);
  });

  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<Requester> {
    const limited = !authenticator.open && !isProbe(request);
    // A liveness check must not wait for the database or an identity provider. /metrics has its own token.
    if (UNAUTHENTICATED.has(request.routeOptions.url ?? '')) {
      if (limited) await rateLimits.takeFromAddress(request.ip);
      return requesterOf('anonymous', request.ip);
    }
    // Before the credentials are looked at: guessing at keys is bounded too.
    if (limited) await rateLimits.takeFromAddress(request.ip);
    const requester = await authenticator.authenticate(request.headers.authorization, request.ip);
    if (requester === null) throw new RollcallError('UNAUTHENTICATED', 'API key not valid');
    if (requester.kind === 'anonymous') refuseLargeBody(request, reply);
    else if (limited) await rateLimits.takeFromKey(requester.caller);
    return requester;
  }
}

function refuseLargeBody({ method, headers }: FastifyRequest, reply: FastifyReply): void {
  if (method !== 'POST' || Number(headers['content-length']) <= ANONYMOUS_BODY_BYTES) return;
  void reply.header('connection', 'close');
  throw new RollcallError('UNAUTHENTICATED', 'API key required; send it as Authorization: Bearer <key>');
}
