import type { PeerCertificate } from 'node:tls';
import { type ClientConfig } from 'pg';
import { type ConnectionOptions as ParsedUrl, parse, toClientConfig } from 'pg-connection-string';

/**
 * Address of a PostgreSQL server and the settings to reach it, for `pg` and for TypeORM. `pg` reads `user` and the settings
 * beside it; TypeORM reads `username` and the same settings in `extra`.
 */
interface PostgresOptions extends Settings {
  host?: string;
  port?: number;
  user?: string;
  username?: string;
  password?: string;
  database?: string;
  ssl: boolean | TlsSettings;
  extra: Settings;
}

/** Node's TLS options that a URL can set. */
interface TlsSettings {
  ca?: string;
  cert?: string;
  key?: string;
  rejectUnauthorized?: boolean;
  checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
}

interface Settings {
  application_name?: string;
  options?: string;
  sslnegotiation?: 'direct';
  enableChannelBinding?: boolean;
}

const MODES = ['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'];
const SHAPE = 'postgres://user:password@host:5432/database';

/**
 * Reads a connection URL of a hosting platform. `sslmode` means what libpq's manual says ("SSL Mode
 * Descriptions"): `require` encrypts but takes any certificate (their own are self-signed) unless `sslrootcert` names
 * a CA; `verify-ca` and `verify-full` check. `no-verify` is pg's own. `pg` cannot try a second way after the first,
 * so `allow` stays with its first choice, no encryption, and `prefer` with its own, encryption.
 * @throws Error that says what is wrong, without quoting the URL: it contains the password
 */
export function postgresOptions(url: string): PostgresOptions {
  if (!/^postgres(ql)?:\/\//i.test(url)) throw new Error(`database URL must look like ${SHAPE}`);
  const { parsed, config } = read(url);
  const settings: Settings = {
    ...text('application_name', parsed['application_name']),
    ...text('options', parsed.options),
    ...(parsed.sslnegotiation === 'direct' ? { sslnegotiation: 'direct' as const } : {}),
    ...(['require', 'prefer'].includes(String(parsed['channel_binding']))
      ? { enableChannelBinding: true }
      : {}),
  };
  const overUnixSocket = config.host?.startsWith('/') === true;
  return {
    ...text('host', config.host),
    ...(config.port === undefined ? {} : { port: config.port }),
    ...text('user', config.user),
    ...text('username', config.user),
    ...text('password', parsed.password),
    ...text('database', config.database),
    // Like libpq: a socket file is not encrypted in any mode.
    ssl: overUnixSocket ? false : ((config.ssl as boolean | TlsSettings | undefined) ?? false),
    ...settings,
    extra: settings,
  };
}

function read(url: string): { parsed: ParsedUrl; config: ClientConfig } {
  const mode = sslMode(url);
  try {
    const parsed = parse(withLibraryMode(url, mode), { useLibpqCompat: true });
    if (mode === 'allow') parsed.ssl = false;
    return { parsed, config: toClientConfig(parsed) };
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (path !== undefined) throw new Error(`could not read ${path} (${code}), which the database URL names`);
    if (/sslmode=verify-ca/.test(message)) {
      throw new Error('sslmode=verify-ca in the database URL also requires sslrootcert=<CA file>');
    }
    // Not passed on as the cause, because it quotes the URL.
    throw new Error(
      `database URL must look like ${SHAPE}. Percent-encode characters such as @ : / ? # % in the password`,
    );
  }
}

/** The library silently verifies fully for a mode that it does not know. */
function sslMode(url: string): string | undefined {
  const mode = /[?&]sslmode=([^&#]*)/i.exec(url)?.[1];
  if (mode === undefined || MODES.includes(mode)) return mode;
  throw new Error(`unknown sslmode in the database URL; must be one of ${MODES.join(', ')}`);
}

function withLibraryMode(url: string, mode: string | undefined): string {
  // libpq's name for "the CAs the system trusts"; Node has its list built in, and verifies fully by default.
  const system = /([?&])sslrootcert=system(?=&|$)/;
  if (system.test(url)) return withMode(url.replace(system, '$1'), 'verify-full');
  return mode === 'no-verify' ? withMode(url, 'prefer') : url;
}

function withMode(url: string, mode: string): string {
  const bare = url.replace(/([?&])sslmode=[^&#]*/i, '$1');
  return `${bare}${bare.includes('?') ? '&' : '?'}sslmode=${mode}`;
}

function text<K extends string>(key: K, value: unknown): Partial<Record<K, string>> {
  return typeof value === 'string' && value !== '' ? ({ [key]: value } as Record<K, string>) : {};
}
