import type { FastifyInstance } from 'fastify';

const HEADERS = ['x-forwarded-proto', 'x-forwarded-host'] as const;

/**
 * Each proxy adds its value of X-Forwarded-Proto and X-Forwarded-Host at the end, as it does in X-Forwarded-For.
 * Fastify believes the last value, which is what the proxy next to us saw; between proxies that is often http. This
 * keeps the value of the outermost trusted proxy instead, which saw how the client asked.
 * @param proxies how many are trusted, or their addresses
 */
export function readForwarded(app: FastifyInstance, proxies: number | readonly string[]): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    // The connection's own address first, then the trusted ones, then the first that is not: the client's.
    const trusted = typeof proxies === 'number' ? proxies : Math.max(1, (request.ips?.length ?? 1) - 1);
    for (const name of HEADERS) {
      const values = headers[name];
      if (typeof values !== 'string') continue;
      const value = valueOfOutermost(values, trusted);
      if (value === undefined) delete headers[name];
      else headers[name] = value;
    }
    done();
  });
}

/** The setting for Fastify. Proxies are counted from the nearest one, whose connection this is. */
export function trustOf(
  proxies: number | readonly string[] | null,
): false | string[] | ((address: string, hop: number) => boolean) {
  if (proxies === null) return false;
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : [...proxies];
}

/** The value that the n-th proxy from the right wrote; the first value if fewer proxies wrote one; undefined: none did. */
function valueOfOutermost(header: string, trusted: number): string | undefined {
  const values = header
    .split(',')
    .map((value) => value.trim().toLowerCase())
    .filter((value) => value !== '');
  return values[Math.max(0, values.length - trusted)];
}
