import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { accessFrom, type AccessConfig } from './config-access';
import {
  cloudinaryFrom,
  formerCloudsFrom,
  type CloudinaryConfig,
  type FormerClouds,
} from './config-cloudinary';
import { encryptionFrom, type EncryptionConfig } from './config-keys';
import { environmentSchema, SECRET_VARIABLES, type Environment } from './environment';

export { PAGES_LIST } from './config-access';
export type { ExposeSimilarity, IdentityProviderConfig, LockoutConfig } from './config-access';
export type { CloudinaryConfig } from './config-cloudinary';

/** How the addresses of local photos are guarded. */
interface MediaConfig {
  readonly access: 'signed' | 'public';
  /** null: a secret of the installation, made by the service. */
  readonly signingKey: string | null;
  /** How long an address is good at most. */
  readonly urlTtlSeconds: number;
}

/** Retention periods in days. 0: forever. */
export interface RetentionConfig {
  /** From the punch on. */
  readonly attendancePhotosDays: number;
  /** Counted from the deactivation. The employee is then erased; punches are kept without biometric data. */
  readonly inactiveEmployeesDays: number;
  readonly auditDays: number;
}

/** What the face engine computes; services/faces/engine/face-model-ids.ts says the same. */
const SERVER_MODEL = 'dlib-resnet-128';
const SERVER_DIMENSION = 128;
const RESERVED_MODEL = 'dlib-resnet-128-aligned';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

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
  /** Where photos were copied to before. */
  readonly formerClouds: FormerClouds;
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
  /** Whether the workers start with the service instead of with the first photo. */
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
  /** Retention periods in days. 0: forever. */
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
    super(`Invalid configuration:\n${faults.map((f) => `  - ${f}`).join('\n')}`);
  }
}

/** The URL with the sslmode of PGSSLMODE where it has none itself, as libpq does: some platforms hand out such URLs. */
function withSslMode(url: string, sslMode: string | undefined): string {
  if (sslMode === undefined || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.searchParams.has('sslmode')) return url;
  parsed.searchParams.set('sslmode', sslMode);
  return parsed.href;
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

/** Combinations of the face variables that do not work. */
function faceFaults(env: Environment): string[] {
  const { FACE_DESCRIPTOR_TRUST: trust, FACE_MODEL_ID: model, FACE_DESCRIPTOR_DIMENSION: dimension } = env;
  const faults: string[] = [];
  const needsEngine = (what: string) =>
    `FACE_WORKERS: must be 1 or more for ${what}, because the server has to analyse the photos`;
  if (env.FACE_WORKERS === 0 && trust !== 'client')
    faults.push(needsEngine(`FACE_DESCRIPTOR_TRUST=${trust}`));
  if (env.FACE_WORKERS === 0 && env.REQUIRE_LIVENESS) faults.push(needsEngine('REQUIRE_LIVENESS'));
  if (trust === 'verify' && (model !== SERVER_MODEL || dimension !== SERVER_DIMENSION)) {
    faults.push(
      `FACE_DESCRIPTOR_TRUST: verify requires FACE_MODEL_ID=${SERVER_MODEL} and FACE_DESCRIPTOR_DIMENSION=${SERVER_DIMENSION}, which the server computes`,
    );
  }
  if (
    env.REQUIRE_LIVENESS &&
    trust === 'client' &&
    (model !== SERVER_MODEL || dimension !== SERVER_DIMENSION)
  ) {
    faults.push(
      `REQUIRE_LIVENESS: photos cannot be compared with templates of FACE_MODEL_ID=${model}; set FACE_DESCRIPTOR_TRUST=server`,
    );
  }
  if (model === RESERVED_MODEL)
    faults.push('FACE_MODEL_ID: must be a model of clients; only the server uses this one');
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
  const formerClouds = formerCloudsFrom(env, cloudinary, faults);
  if (env.DATABASE_URL !== undefined && !/^postgres(ql)?:\/\//.test(env.DATABASE_URL)) {
    faults.push('DATABASE_URL: must be a postgres:// URL. Omit it for the embedded database in DATA_DIR');
  }
  if (env.ADMIN_API_KEY === undefined && (production || !LOOPBACK.has(host))) {
    faults.push(
      `ADMIN_API_KEY: required ${production ? 'with NODE_ENV=production' : `with HOST=${host}`}; without it, everybody who reaches the port can read and enrol faces. Make one with: openssl rand -hex 32`,
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
    formerClouds,
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

/** Whether this process runs in production; to be asked before there is a configuration. */
export const inProduction = (): boolean => process.env['NODE_ENV']?.trim() === 'production';

/**
 * The configuration of this process; outside production a `.env` file in the working directory is read first. Takes the
 * secrets out of the environment, which diagnostic reports, workers and child processes get a copy of.
 */
export function configFromProcess(): Config {
  if (!inProduction() && existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env);
  for (const name of SECRET_VARIABLES) delete process.env[name];
  return config;
}
