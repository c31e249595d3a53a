import { isIP } from 'node:net';
import { resolve } from 'node:path';

/** Whose tokens are taken besides API keys. */
export interface IdentityProviderConfig {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Claims that say the role and, for kiosks, the office; a path with dots into objects works too. */
  readonly roleClaim: string;
  readonly officeClaim: string;
}

/** After how many refused faces checks are not taken for a while; 0: that lockout is off. */
export interface LockoutConfig {
  readonly employeeFailures: number;
  readonly keyFailures: number;
  /** Within which those of a key are counted. */
  readonly windowSeconds: number;
}

/** When a check's answer says how alike two faces are: always, where they match, or never. */
export type ExposeSimilarity = 'always' | 'match' | 'never';

/** Who gets in, and how much of the service they may see and use. */
export interface AccessConfig {
  /** null: API keys only. */
  readonly identityProvider: IdentityProviderConfig | null;
  readonly lockout: LockoutConfig;
  /** Requests a minute, on each node; 0: unlimited. */
  readonly rateLimits: { readonly perKey: number; readonly perAddress: number };
  /** Subscriptions that are open at once, on each node. */
  readonly streams: { readonly perKey: number; readonly total: number };
  readonly exposeSimilarity: ExposeSimilarity;
  readonly introspection: boolean;
  /** 0: none. */
  readonly operationTimeoutMs: number;
  /** Lists of the operations that are accepted: `pages`, or files. null: every operation is accepted. */
  readonly persistedOperations: readonly string[] | null;
  /** Besides PUBLIC_URL; null: Apollo Studio. */
  readonly corsOrigins: readonly string[] | null;
  /** Proxies whose X-Forwarded headers are trusted: their number, or their addresses. Null: none. */
  readonly trustProxy: number | readonly string[] | null;
}

/** The variables of access as config.ts reads them. */
interface AccessEnvironment {
  readonly ADMIN_API_KEY?: string | undefined;
  readonly AUTH_JWKS_URL?: string | undefined;
  readonly AUTH_ISSUER?: string | undefined;
  readonly AUTH_AUDIENCE?: string | undefined;
  readonly AUTH_ROLE_CLAIM: string;
  readonly AUTH_OFFICE_CLAIM: string;
  readonly LOCKOUT_EMPLOYEE_FAILURES: number;
  readonly LOCKOUT_KEY_FAILURES: number;
  readonly LOCKOUT_WINDOW_SECONDS: number;
  readonly RATE_LIMIT_PER_KEY: number;
  readonly RATE_LIMIT_PER_ADDRESS: number;
  readonly STREAM_LIMIT_PER_KEY: number;
  readonly STREAM_LIMIT: number;
  readonly EXPOSE_SIMILARITY: ExposeSimilarity;
  readonly GRAPHQL_INTROSPECTION?: boolean | undefined;
  readonly OPERATION_TIMEOUT_MS: number;
  readonly PERSISTED_OPERATIONS?: string | undefined;
  readonly CORS_ORIGINS?: string | undefined;
  readonly TRUST_PROXY?: string | undefined;
}

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

/** @param faults receives the errors */
export function accessFrom(env: AccessEnvironment, production: boolean, faults: string[]): AccessConfig {
  return Object.freeze({
    identityProvider: identityProviderFrom(env, production, faults),
    lockout: Object.freeze({
      employeeFailures: env.LOCKOUT_EMPLOYEE_FAILURES,
      keyFailures: env.LOCKOUT_WINDOW_SECONDS === 0 ? 0 : env.LOCKOUT_KEY_FAILURES,
      windowSeconds: env.LOCKOUT_WINDOW_SECONDS,
    }),
    rateLimits: Object.freeze({ perKey: env.RATE_LIMIT_PER_KEY, perAddress: env.RATE_LIMIT_PER_ADDRESS }),
    streams: Object.freeze({ perKey: env.STREAM_LIMIT_PER_KEY, total: env.STREAM_LIMIT }),
    exposeSimilarity: env.EXPOSE_SIMILARITY,
    introspection: env.GRAPHQL_INTROSPECTION ?? !production,
    operationTimeoutMs: env.OPERATION_TIMEOUT_MS,
    persistedOperations:
      env.PERSISTED_OPERATIONS === undefined ? null : listsFrom(env.PERSISTED_OPERATIONS, faults),
    corsOrigins: env.CORS_ORIGINS === undefined ? null : originsFrom(env.CORS_ORIGINS, faults),
    trustProxy: env.TRUST_PROXY === undefined ? null : proxiesFrom(env.TRUST_PROXY, faults),
  });
}

/** Without issuer and audience, any token that the provider ever signed for anybody would do. */
function identityProviderFrom(
  env: AccessEnvironment,
  production: boolean,
  faults: string[],
): IdentityProviderConfig | null {
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
  if (production && !jwksUrl.startsWith('https:')) {
    faults.push('AUTH_JWKS_URL: must be https in production, so that nobody can replace the keys');
  }
  return Object.freeze({
    jwksUrl,
    issuer,
    audience,
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
