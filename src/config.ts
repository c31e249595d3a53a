import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { accessFrom, type AccessConfig } from './config-access';

export type { AccessConfig, ExposeSimilarity, IdentityProviderConfig, LockoutConfig } from './config-access';
import { encryptionFrom, type EncryptionConfig } from './config-keys';

/** Where Cloudinary is; `uploadPrefix` names another API host (a proxy, a region, a stand-in). */
export interface CloudinaryConfig {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly uploadPrefix?: string;
  readonly timeoutMs: number;
  readonly folder: string;
  /** Whether the address of a photo is enough to see it, or has to be signed. */
  readonly delivery: 'upload' | 'authenticated';
}

/** How the addresses of local photos are guarded. */
export interface MediaConfig {
  readonly access: 'signed' | 'public';
  /** null: a secret of the installation, made by the service. */
  readonly signingKey: string | null;
  /** How long an address is good at most. */
  readonly urlTtlSeconds: number;
}

/** For how long what is kept, in days; 0: for good. */
export interface RetentionConfig {
  /** From the punch on. */
  readonly attendancePhotosDays: number;
  /** From the deactivation on; then they are erased, and their punches kept without what is biometric. */
  readonly inactiveEmployeesDays: number;
  readonly auditDays: number;
}

/** What the face engine computes; services/face/face-model-ids.ts says the same. */
const SERVER_MODEL = 'dlib-resnet-128';
const SERVER_DIMENSION = 128;
const RESERVED_MODEL = 'dlib-resnet-128-aligned';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** An empty variable is what hosting dashboards and `KEY=` in a .env file mean by "not set". */
const unsetWhenEmpty = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;

const text = () => z.preprocess(unsetWhenEmpty, z.string().trim().optional());
const httpUrl = () =>
  z.preprocess(unsetWhenEmpty, z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional());
const number = (min: number, max: number, fallback: number) =>
  z.preprocess(
    unsetWhenEmpty,
    z.coerce
      .number({ error: 'must be a number' })
      .min(min, `must be ${min} to ${max}`)
      .max(max, `must be ${min} to ${max}`)
      .default(fallback),
  );
const integer = (min: number, max: number, fallback: number) =>
  z.preprocess(
    unsetWhenEmpty,
    z.coerce
      .number({ error: 'must be a whole number' })
      .int('must be a whole number')
      .min(min, `must be ${min} to ${max}`)
      .max(max, `must be ${min} to ${max}`)
      .default(fallback),
  );
/** Yes or no, in the spellings that people try. */
const yesOrNo = z.stringbool({
  truthy: ['true', '1', 'yes'],
  falsy: ['false', '0', 'no'],
  error: 'must be true or false',
});
const flag = (fallback: boolean) => z.preprocess(unsetWhenEmpty, yesOrNo.default(fallback));
/** The path of a claim in a token. */
const claim = (fallback: string) =>
  z.preprocess(
    unsetWhenEmpty,
    z.string().trim().max(200, 'must have 200 characters or less').default(fallback),
  );

/** Every variable that the service reads, with its bounds and default; README's table is tested against it. */
export const environmentSchema = z.object({
  NODE_ENV: text(),
  PORT: integer(0, 65_535, 4000),
  HOST: text(),
  PUBLIC_URL: httpUrl(),
  DATA_DIR: z.preprocess(unsetWhenEmpty, z.string().default('./data')),
  DATABASE_URL: text(),
  PGSSLMODE: z.preprocess(
    unsetWhenEmpty,
    z
      .enum(['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'], {
        error: 'must be disable, allow, prefer, require, no-verify, verify-ca or verify-full',
      })
      .optional(),
  ),
  DATABASE_POOL_SIZE: integer(1, 200, 10),
  DATABASE_QUERY_TIMEOUT_MS: integer(100, 600_000, 15_000),
  CLOUDINARY_CLOUD_NAME: text(),
  CLOUDINARY_API_KEY: text(),
  CLOUDINARY_API_SECRET: text(),
  CLOUDINARY_URL: text(),
  CLOUDINARY_UPLOAD_PREFIX: httpUrl(),
  CLOUDINARY_TIMEOUT_MS: integer(100, 120_000, 3000),
  CLOUDINARY_FOLDER: z.preprocess(
    unsetWhenEmpty,
    z
      .string()
      .regex(/^[\w-]+(\/[\w-]+)*$/, 'must be letters, digits, _ and -, with / between folders')
      .default('rollcall'),
  ),
  CLOUDINARY_DELIVERY: z.preprocess(
    unsetWhenEmpty,
    z.enum(['upload', 'authenticated'], { error: 'must be upload or authenticated' }).default('upload'),
  ),
  MEDIA_ACCESS: z.preprocess(
    unsetWhenEmpty,
    z.enum(['signed', 'public'], { error: 'must be signed or public' }).optional(),
  ),
  MEDIA_SIGNING_KEY: z.preprocess(
    unsetWhenEmpty,
    z.string().min(32, 'must have 32 characters or more').optional(),
  ),
  // A week at most: what never expires is no guard.
  MEDIA_URL_TTL_SECONDS: integer(60, 604_800, 3600),
  ENCRYPTION_KEY: text(),
  ENCRYPTION_KEY_FILE: text(),
  ENCRYPTION_KEY_PREVIOUS: text(),
  ENCRYPT_MEDIA: flag(false),
  FACE_MATCH_THRESHOLD: number(0, 1, 0.95),
  FACE_IDENTIFY_MARGIN: number(0, 1, 0.02),
  FACE_SAME_PERSON_MIN: number(0, 1, 0.9),
  FACE_MODEL_ID: z.preprocess(
    unsetWhenEmpty,
    z
      .string()
      .regex(/^[\w.-]{1,64}$/, "must be 1 to 64 of letters, digits, '.', '_' and '-'")
      .default('dlib-resnet-128'),
  ),
  FACE_DESCRIPTOR_DIMENSION: z.preprocess(
    unsetWhenEmpty,
    z.coerce
      .number({ error: 'must be a whole number' })
      .multipleOf(8, 'must be a multiple of 8')
      .min(8, 'must be 8 to 1024')
      .max(1024, 'must be 8 to 1024')
      .default(128),
  ),
  FACE_DESCRIPTOR_TRUST: z.preprocess(
    unsetWhenEmpty,
    z.enum(['client', 'verify', 'server'], { error: 'must be client, verify or server' }).default('client'),
  ),
  FACE_SERVER_MATCH_THRESHOLD: number(0, 1, 0.95),
  FACE_WORKERS: integer(0, 32, 1),
  FACE_QUEUE_LIMIT: integer(1, 1000, 32),
  FACE_TIMEOUT_MS: integer(500, 120_000, 10_000),
  FACE_WARM_START: flag(false),
  PUNCH_MIN_INTERVAL_SECONDS: integer(0, 86_400, 60),
  REQUIRE_CHALLENGE: flag(false),
  REQUIRE_LIVENESS: flag(false),
  REPLAY_WINDOW_DAYS: integer(0, 3650, 0),
  REQUIRE_CONSENT: flag(false),
  RETAIN_ATTENDANCE_PHOTOS_DAYS: integer(0, 36_500, 0),
  RETAIN_INACTIVE_EMPLOYEES_DAYS: integer(0, 36_500, 0),
  RETAIN_AUDIT_DAYS: integer(0, 36_500, 0),
  ADMIN_API_KEY: z.preprocess(
    unsetWhenEmpty,
    z.string().min(16, 'must have 16 characters or more').optional(),
  ),
  AUTH_JWKS_URL: httpUrl(),
  AUTH_ISSUER: text(),
  AUTH_AUDIENCE: text(),
  AUTH_ROLE_CLAIM: claim('role'),
  AUTH_OFFICE_CLAIM: claim('office'),
  LOCKOUT_EMPLOYEE_FAILURES: integer(0, 1000, 5),
  LOCKOUT_KEY_FAILURES: integer(0, 100_000, 20),
  LOCKOUT_WINDOW_SECONDS: integer(0, 86_400, 300),
  RATE_LIMIT_PER_KEY: integer(0, 10_000_000, 6000),
  RATE_LIMIT_PER_ADDRESS: integer(0, 10_000_000, 12_000),
  STREAM_LIMIT_PER_KEY: integer(1, 100_000, 20),
  STREAM_LIMIT: integer(1, 100_000, 500),
  EXPOSE_SIMILARITY: z.preprocess(
    unsetWhenEmpty,
    z.enum(['always', 'match', 'never'], { error: 'must be always, match or never' }).default('always'),
  ),
  GRAPHQL_INTROSPECTION: z.preprocess(unsetWhenEmpty, yesOrNo.optional()),
  OPERATION_TIMEOUT_MS: integer(0, 600_000, 30_000),
  PERSISTED_OPERATIONS: text(),
  CORS_ORIGINS: text(),
  TRUST_PROXY: text(),
  MAX_IMAGE_BYTES: integer(1024, 104_857_600, 8_388_608),
  MAX_IMAGE_PIXELS: integer(1, 268_402_689, 50_000_000),
  UPLOADER_CONCURRENCY: integer(1, 32, 4),
  LOG_LEVEL: z.preprocess(
    unsetWhenEmpty,
    z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'must be trace, debug, info, warn, error, fatal or silent',
      })
      .default('info'),
  ),
});

type Environment = z.infer<typeof environmentSchema>;

/** Everything the service can be told; made once, frozen, and passed in as values from the composition root. */
export interface Config {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  /** Base of the addresses of local images, without a slash at the end; null: http://localhost:<port>. */
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  readonly databaseQueryTimeoutMs: number;
  /** null: photos are kept locally only. */
  readonly cloudinary: CloudinaryConfig | null;
  readonly media: MediaConfig;
  /** null: templates and photos are stored as they are. */
  readonly encryption: EncryptionConfig | null;
  /** Whether local photos are encrypted besides templates. */
  readonly encryptMedia: boolean;
  readonly faceMatchThreshold: number;
  /** Of descriptors that the server computes. */
  readonly faceServerMatchThreshold: number;
  readonly faceIdentifyMargin: number;
  readonly faceSamePersonMin: number;
  readonly faceModelId: string;
  readonly faceDescriptorDimension: number;
  /** Whose descriptor decides. */
  readonly faceDescriptorTrust: 'client' | 'verify' | 'server';
  /** Threads that compute descriptors; 0: the server computes none. */
  readonly faceWorkers: number;
  /** Photos that may wait for one of them. */
  readonly faceQueueLimit: number;
  /** Of one photo, waiting included. */
  readonly faceTimeoutMs: number;
  /** Whether they start with the service, in place of with the first photo. */
  readonly faceWarmStart: boolean;
  readonly punchMinIntervalSeconds: number;
  /** Whether a check without a challenge is refused. */
  readonly requireChallenge: boolean;
  /** Whether a check whose challenge asks for no actions is refused. */
  readonly requireLiveness: boolean;
  /** For how long a photo or a descriptor is not taken a second time, in days; 0: it is. */
  readonly replayWindowDays: number;
  /** Whether no face is enrolled without the person's consent. */
  readonly requireConsent: boolean;
  /** For how long what is kept, in days; 0: for good. */
  readonly retention: RetentionConfig;
  /** null: open, and on loopback only. */
  readonly adminApiKey: string | null;
  readonly access: AccessConfig;
  readonly maxImageBytes: number;
  readonly maxImagePixels: number;
  readonly uploaderConcurrency: number;
  readonly logLevel: string;
}

/** The configuration cannot be used; `message` lists every fault, one a line, and never a secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(`The configuration has ${faults.length} fault(s):\n${faults.map((f) => `  - ${f}`).join('\n')}`);
  }
}

/** A percent-encoded part of a URL, or nothing where it is malformed. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** `cloudinary://<key>:<secret>@<cloud>[?upload_prefix=…]`, as Cloudinary's console and add-ons give it. */
function parseCloudinaryUrl(value: string, faults: string[]) {
  const fault = 'CLOUDINARY_URL: must be cloudinary://<api key>:<api secret>@<cloud name>';
  if (!URL.canParse(value)) {
    faults.push(fault);
    return null;
  }
  const { protocol, username, password, hostname, searchParams } = new URL(value);
  const [apiKey, apiSecret] = [username, password].map(decoded);
  if (protocol !== 'cloudinary:' || !apiKey || !apiSecret || !hostname) {
    faults.push(fault);
    return null;
  }
  return {
    cloudName: hostname,
    apiKey,
    apiSecret,
    uploadPrefix: searchParams.get('upload_prefix') ?? undefined,
  };
}

/** The URL with the sslmode of PGSSLMODE where it has none itself, as libpq does: some platforms hand out such URLs. */
function withSslMode(url: string, sslMode: string | undefined): string {
  if (sslMode === undefined || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.searchParams.has('sslmode')) return url;
  parsed.searchParams.set('sslmode', sslMode);
  return parsed.href;
}

function cloudinaryFrom(env: Environment, faults: string[]): CloudinaryConfig | null {
  const parts = {
    CLOUDINARY_CLOUD_NAME: env.CLOUDINARY_CLOUD_NAME,
    CLOUDINARY_API_KEY: env.CLOUDINARY_API_KEY,
    CLOUDINARY_API_SECRET: env.CLOUDINARY_API_SECRET,
  };
  const missing = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [name] : []));
  const fromUrl = env.CLOUDINARY_URL === undefined ? null : parseCloudinaryUrl(env.CLOUDINARY_URL, faults);
  if (missing.length > 0 && missing.length < 3) {
    faults.push(
      `${missing.join(', ')}: missing; CLOUDINARY_CLOUD_NAME, _API_KEY and _API_SECRET come together or not at all`,
    );
  }
  const credentials =
    missing.length === 0
      ? {
          cloudName: env.CLOUDINARY_CLOUD_NAME as string,
          apiKey: env.CLOUDINARY_API_KEY as string,
          apiSecret: env.CLOUDINARY_API_SECRET as string,
        }
      : fromUrl;
  if (credentials === null) return null;
  const uploadPrefix = env.CLOUDINARY_UPLOAD_PREFIX ?? fromUrl?.uploadPrefix;
  return {
    cloudName: credentials.cloudName,
    apiKey: credentials.apiKey,
    apiSecret: credentials.apiSecret,
    ...(uploadPrefix === undefined ? {} : { uploadPrefix: uploadPrefix.replace(/\/+$/, '') }),
    timeoutMs: env.CLOUDINARY_TIMEOUT_MS,
    folder: env.CLOUDINARY_FOLDER,
    delivery: env.CLOUDINARY_DELIVERY,
  };
}

/** Addresses of photos are signed wherever the service is not open anyway. */
function mediaFrom(env: Environment): MediaConfig {
  return Object.freeze({
    access: env.MEDIA_ACCESS ?? (env.ADMIN_API_KEY === undefined ? 'public' : 'signed'),
    signingKey: env.MEDIA_SIGNING_KEY ?? null,
    urlTtlSeconds: env.MEDIA_URL_TTL_SECONDS,
  });
}

/** Reads each variable by itself, so that a fault in one does not hide those between others. */
function readVariables(environment: Readonly<Record<string, string | undefined>>) {
  const faults: string[] = [];
  const values = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const parsed = schema.safeParse(environment[name]);
    if (!parsed.success) faults.push(`${name}: ${parsed.error.issues[0]?.message ?? 'is not valid'}`);
    return [name, parsed.data];
  });
  // Incomplete where there are faults; those are thrown before anything is made of it.
  return { env: Object.fromEntries(values) as Environment, faults };
}

/** What of the face engine's variables does not go together. */
function faceFaults(env: Environment): string[] {
  const { FACE_DESCRIPTOR_TRUST: trust, FACE_MODEL_ID: model, FACE_DESCRIPTOR_DIMENSION: dimension } = env;
  const faults: string[] = [];
  const needsEngine = (what: string) =>
    `FACE_WORKERS: must be 1 or more for ${what}, since the server has to look at the photos itself`;
  if (env.FACE_WORKERS === 0 && trust !== 'client')
    faults.push(needsEngine(`FACE_DESCRIPTOR_TRUST=${trust}`));
  if (env.FACE_WORKERS === 0 && env.REQUIRE_LIVENESS) faults.push(needsEngine('REQUIRE_LIVENESS'));
  if (trust === 'verify' && (model !== SERVER_MODEL || dimension !== SERVER_DIMENSION)) {
    faults.push(
      `FACE_DESCRIPTOR_TRUST: verify compares with what the server computes, of FACE_MODEL_ID=${SERVER_MODEL} and ` +
        `FACE_DESCRIPTOR_DIMENSION=${SERVER_DIMENSION}`,
    );
  }
  if (
    env.REQUIRE_LIVENESS &&
    trust === 'client' &&
    (model !== SERVER_MODEL || dimension !== SERVER_DIMENSION)
  ) {
    faults.push(
      `REQUIRE_LIVENESS: photos of the actions cannot be compared with templates of FACE_MODEL_ID=${model}; set ` +
        'FACE_DESCRIPTOR_TRUST=server',
    );
  }
  if (model === RESERVED_MODEL) faults.push('FACE_MODEL_ID: this one is what only the server computes');
  return faults;
}

/**
 * Reads the configuration from environment variables.
 * @throws ConfigError that lists every fault at once
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const { env, faults } = readVariables(environment);
  const production = env.NODE_ENV === 'production';
  const host = env.HOST ?? '127.0.0.1';
  const cloudinary = cloudinaryFrom(env, faults);
  if (env.DATABASE_URL !== undefined && !/^postgres(ql)?:\/\//.test(env.DATABASE_URL)) {
    faults.push('DATABASE_URL: must be a postgres:// URL (left out: the embedded database under DATA_DIR)');
  }
  if (env.ADMIN_API_KEY === undefined && (production || !LOOPBACK.has(host))) {
    faults.push(
      `ADMIN_API_KEY: needed ${production ? 'with NODE_ENV=production' : `to listen on HOST=${host}`}, ` +
        'since without it everybody who reaches the port may read and enrol faces. ' +
        'Make one with: openssl rand -hex 32',
    );
  }
  faults.push(...faceFaults(env));
  const access = accessFrom(env, production, faults);
  const encryption = encryptionFrom(env, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({
    production,
    port: env.PORT,
    host,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL === undefined ? null : withSslMode(env.DATABASE_URL, env.PGSSLMODE),
    databasePoolSize: env.DATABASE_POOL_SIZE,
    databaseQueryTimeoutMs: env.DATABASE_QUERY_TIMEOUT_MS,
    cloudinary: cloudinary && Object.freeze(cloudinary),
    media: mediaFrom(env),
    encryption,
    encryptMedia: env.ENCRYPT_MEDIA,
    faceMatchThreshold: env.FACE_MATCH_THRESHOLD,
    faceServerMatchThreshold: env.FACE_SERVER_MATCH_THRESHOLD,
    faceIdentifyMargin: env.FACE_IDENTIFY_MARGIN,
    faceSamePersonMin: env.FACE_SAME_PERSON_MIN,
    faceModelId: env.FACE_MODEL_ID,
    faceDescriptorDimension: env.FACE_DESCRIPTOR_DIMENSION,
    faceDescriptorTrust: env.FACE_DESCRIPTOR_TRUST,
    faceWorkers: env.FACE_WORKERS,
    faceQueueLimit: env.FACE_QUEUE_LIMIT,
    faceTimeoutMs: env.FACE_TIMEOUT_MS,
    faceWarmStart: env.FACE_WARM_START,
    punchMinIntervalSeconds: env.PUNCH_MIN_INTERVAL_SECONDS,
    requireChallenge: env.REQUIRE_CHALLENGE,
    requireLiveness: env.REQUIRE_LIVENESS,
    replayWindowDays: env.REPLAY_WINDOW_DAYS,
    requireConsent: env.REQUIRE_CONSENT,
    retention: Object.freeze({
      attendancePhotosDays: env.RETAIN_ATTENDANCE_PHOTOS_DAYS,
      inactiveEmployeesDays: env.RETAIN_INACTIVE_EMPLOYEES_DAYS,
      auditDays: env.RETAIN_AUDIT_DAYS,
    }),
    adminApiKey: env.ADMIN_API_KEY ?? null,
    access,
    maxImageBytes: env.MAX_IMAGE_BYTES,
    maxImagePixels: env.MAX_IMAGE_PIXELS,
    uploaderConcurrency: env.UPLOADER_CONCURRENCY,
    logLevel: env.LOG_LEVEL,
  });
}

/** The configuration of this process; outside production a `.env` file in the working directory is read first. */
export function configFromProcess(): Config {
  if (process.env['NODE_ENV'] !== 'production' && existsSync('.env')) process.loadEnvFile('.env');
  return loadConfig(process.env);
}
