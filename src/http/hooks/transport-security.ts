import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RollcallError } from '../../errors';
import { prefixOf } from '../path-prefix';
import { isProbe } from './admission';

/** A year, as preload lists ask for. */
const HSTS = 'max-age=31536000; includeSubDomains';

/**
 * For a service behind a proxy that ends TLS and names the client's protocol in X-Forwarded-Proto. Plain HTTP is redirected
 * to HTTPS, and browsers are asked to begin with HTTPS. Any method but GET is refused: its body has already crossed the
 * network, and a redirect would hide that. A request without the header did not come through the proxy.
 */
export function requireHttps(app: FastifyInstance, publicUrl: string | null): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.protocol === 'https') void reply.header('strict-transport-security', HSTS);
    if (request.headers['x-forwarded-proto'] === undefined || request.protocol !== 'http') return;
    if (isProbe(request)) return;
    if (request.method === 'GET' || request.method === 'HEAD') {
      return reply.redirect(httpsAddress(request, publicUrl), 308);
    }
    throw new RollcallError('FORBIDDEN', 'Use https: this request was sent unencrypted');
  });
}

/** PUBLIC_URL, if it is set: a Host header is the client's word. */
function httpsAddress({ host, url }: FastifyRequest, publicUrl: string | null): string {
  const base = publicUrl !== null && publicUrl.startsWith('https:') ? new URL(publicUrl).host : host;
  const prefix = prefixOf(publicUrl);
  if (!URL.canParse(`https://${base}`)) {
    throw new RollcallError('BAD_USER_INPUT', 'Host header missing or malformed');
  }
  // A url of //elsewhere stays a path here.
  return `https://${base}${prefix}${url}`;
}
