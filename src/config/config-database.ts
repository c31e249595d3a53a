import type { Environment } from './environment';

/**
 * The database and how it is reached.
 * @param faults gets what is wrong
 */
export function databaseFrom(env: Environment, faults: string[]) {
  return {
    url: databaseUrlFrom(env, faults),
    /** For work that needs its own session; null: `url`. */
    directUrl: otherUrlFrom('DATABASE_DIRECT_URL', env, faults),
    /** Of the owner of the tables; null: the role of `url` is. */
    migrationUrl: otherUrlFrom('DATABASE_MIGRATION_URL', env, faults),
    poolSize: env.DATABASE_POOL_SIZE,
    queryTimeoutMs: env.DATABASE_QUERY_TIMEOUT_MS,
  } as const;
}

/** @returns null: the embedded database */
function databaseUrlFrom({ DATABASE_URL: url, PGSSLMODE: sslMode }: Environment, faults: string[]) {
  if (url === undefined) return null;
  if (!/^postgres(ql)?:\/\//.test(url)) {
    faults.push('DATABASE_URL: must be a postgres:// URL. Omit it for the embedded database in DATA_DIR');
  }
  return withSslMode(url, sslMode);
}

/** @returns null: the same way as everything else */
function otherUrlFrom(
  name: 'DATABASE_DIRECT_URL' | 'DATABASE_MIGRATION_URL',
  env: Environment,
  faults: string[],
) {
  const { [name]: url, PGSSLMODE: sslMode } = env;
  if (url === undefined) return null;
  if (!/^postgres(ql)?:\/\//.test(url)) faults.push(`${name}: must be a postgres:// URL`);
  if (env.DATABASE_URL === undefined) faults.push(`${name}: requires DATABASE_URL`);
  return withSslMode(url, sslMode);
}

/** The URL with the sslmode of PGSSLMODE if it has none itself, as libpq does: some platforms hand out such URLs. */
function withSslMode(url: string, sslMode: string | undefined): string {
  if (sslMode === undefined || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.searchParams.has('sslmode')) return url;
  parsed.searchParams.set('sslmode', sslMode);
  return parsed.href;
}
