import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Environment } from './environment';

/** Among PERSISTED_OPERATIONS: the list that the build made of the web pages' operations. A file: ./pages. */
export const PAGES_LIST = 'pages';

const MAX_HOPS = 10;
/** What proxy-addr, which Fastify asks, knows by name. */
const NAMED_NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

const listOf = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/**
 * How much of the API the outside may see and use.
 * @param faults gets what is wrong
 */
export const httpFrom = (env: Environment, faults: string[]) => ({
  /** Besides PUBLIC_URL; null: Apollo Studio. */
  corsOrigins: env.CORS_ORIGINS === undefined ? null : originsFrom(env.CORS_ORIGINS, faults),
  /** Whose X-Forwarded headers are believed: so many proxies, or those at these addresses; null: nobody's. */
  trustProxy: env.TRUST_PROXY === undefined ? null : proxiesFrom(env.TRUST_PROXY, faults),
  /** Requests a minute, on each node; 0: unlimited. */
  rateLimits: { perKey: env.RATE_LIMIT_PER_KEY, perAddress: env.RATE_LIMIT_PER_ADDRESS },
  /** Subscriptions that are open at once, on each node. */
  streams: { perKey: env.STREAM_LIMIT_PER_KEY, total: env.STREAM_LIMIT },
  introspection: env.GRAPHQL_INTROSPECTION ?? env.NODE_ENV !== 'production',
  explorer: explorerFrom(env),
  /** 0: none. */
  operationTimeoutMs: env.OPERATION_TIMEOUT_MS,
  /** Lists of the operations that are accepted: `pages`, or files. null: every operation is accepted. */
  persistedOperations:
    env.PERSISTED_OPERATIONS === undefined ? null : listsFrom(env.PERSISTED_OPERATIONS, faults),
});

/**
 * The pages to try the API with. sandbox: GraphiQL, and Apollo Sandbox, whose script comes from another origin. local:
 * GraphiQL alone, since the kiosks' origin runs no script of others in production. null: none.
 */
function explorerFrom({ API_EXPLORER: wanted, NODE_ENV: mode }: Environment): 'sandbox' | 'local' | null {
  const production = mode === 'production';
  if (!(wanted ?? !production)) return null;
  return production ? 'local' : 'sandbox';
}

/** Without issuer and audience, any token that the provider ever signed for anybody would do. */
export function identityProviderFrom(env: Environment, faults: string[]) {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = env;
  const parts = { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience };
  const missing = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length === 3) return null;
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) {
    faults.push(
      `${missing.join(', ')}: missing; set all of AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE, or none`,
    );
    return null;
  }
  if (env.ADMIN_API_KEY === undefined) {
    faults.push('ADMIN_API_KEY: required with AUTH_JWKS_URL; otherwise everybody has access without a token');
  }
  if (env.NODE_ENV === 'production' && !jwksUrl.startsWith('https:')) {
    faults.push('AUTH_JWKS_URL: must be https in production, so that nobody can replace the keys');
  }
  return Object.freeze({
    jwksUrl,
    issuer,
    audience,
    maxTokenAgeSeconds: env.AUTH_MAX_TOKEN_AGE_SECONDS,
    roleClaim: env.AUTH_ROLE_CLAIM,
    officeClaim: env.AUTH_OFFICE_CLAIM,
  });
}

function listsFrom(value: string, faults: string[]): readonly string[] {
  const lists = listOf(value);
  if (lists.length === 0) {
    faults.push('PERSISTED_OPERATIONS: must be pages, the path of a manifest, or both, separated by commas');
  }
  return Object.freeze(lists.map((list) => (list === PAGES_LIST ? list : resolve(list))));
}

function originsFrom(value: string, faults: string[]): readonly string[] {
  const origins = listOf(value);
  const isOrigin = (text: string): boolean =>
    URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
  if (!origins.every(isOrigin)) {
    faults.push('CORS_ORIGINS: must be origins separated by commas, for example https://people.example.com');
  }
  return Object.freeze(origins);
}

function proxiesFrom(value: string, faults: string[]): number | readonly string[] {
  const hops = Number(value);
  if (Number.isInteger(hops) && hops >= 1 && hops <= MAX_HOPS) return hops;
  const proxies = listOf(value);
  const isProxy = (text: string): boolean => {
    const [address = '', prefix, ...rest] = text.split('/');
    const bits = isIP(address) === 4 ? 32 : 128;
    const prefixFits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    return NAMED_NETWORKS.has(text) || (isIP(address) !== 0 && prefixFits && rest.length === 0);
  };
  if (proxies.length === 0 || !proxies.every(isProxy)) {
    faults.push(
      `TRUST_PROXY: must be the number of proxies (1 to ${MAX_HOPS}), or their addresses separated by commas, for example 10.0.0.0/8`,
    );
  }
  return Object.freeze(proxies);
}
