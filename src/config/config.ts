import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { httpFrom, identityProviderFrom } from './config-access';
import { cloudinaryFrom, formerCloudsFrom } from './config-cloudinary';
import { databaseFrom } from './config-database';
import { facesFrom } from './config-faces';
import { encryptionFrom } from './config-keys';
import { environmentSchema, SECRET_VARIABLES, type Environment } from './environment';

export { PAGES_LIST } from './config-access';
export type { CloudinaryConfig } from './config-cloudinary';

/** Hosts that only this machine reaches. */
export const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** The configuration cannot be used; `message` lists every fault, one a line, and never a secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(`Invalid configuration:\n${faults.map((f) => `  - ${f}`).join('\n')}`);
  }
}

/** Reads each variable by itself, so that a fault in one does not hide those between others. */
function readVariables(environment: Readonly<Record<string, string | undefined>>) {
  const faults: string[] = [];
  const values = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const parsed = schema.safeParse(environment[name]);
    if (!parsed.success) faults.push(`${name}: ${parsed.error.issues[0]?.message ?? 'is not valid'}`);
    return [name, parsed.data];
  });
  // Incomplete if there are faults; those are thrown before anything is made of it.
  return { env: Object.fromEntries(values) as Environment, faults };
}

/** @returns the host */
function hostFrom(env: Environment, faults: string[]): string {
  const host = env.HOST ?? '127.0.0.1';
  const production = env.NODE_ENV === 'production';
  if (env.ADMIN_API_KEY === undefined && (production || !LOOPBACK.has(host))) {
    faults.push(
      `ADMIN_API_KEY: required ${production ? 'with NODE_ENV=production' : `with HOST=${host}`}; without it, everybody who reaches the port can read and enrol faces. Make one with: openssl rand -hex 32`,
    );
  }
  return host;
}

/** What the service's own addresses begin with: behind such a path one of them could be taken for another. */
const OWN_PATHS =
  /^\/(assets|board|enrol|exports|graphql|graphiql|healthz|kiosk|media|metrics|readyz|reference)(\/|$)/;

/** @returns without a slash at the end */
function publicUrlFrom({ PUBLIC_URL: url }: Environment, faults: string[]): string | null {
  if (url === undefined) return null;
  const { pathname, search, hash } = new URL(url);
  if (OWN_PATHS.test(pathname) || search !== '' || hash !== '') {
    faults.push('PUBLIC_URL: must be the URL of the start page, for example https://example.com/rollcall');
  }
  return url.replace(/\/+$/, '');
}

/** The key is next to the log, so the log can be read wherever it survives. */
function erasureLogFrom({ ERASURE_LOG: given, DATA_DIR: dataDir }: Environment) {
  const path = resolve(given ?? join(dataDir, 'erasures.log'));
  return { path, keyFile: `${path}.key` };
}

/**
 * Groups the variables, and checks those that depend on each other. null means off.
 * @param faults gets what is wrong
 */
function groupsFrom(env: Environment, faults: string[]) {
  const cloudinary = cloudinaryFrom(env, faults);
  return {
    production: env.NODE_ENV === 'production',
    logLevel: env.LOG_LEVEL,
    dataDir: resolve(env.DATA_DIR),
    http: {
      host: hostFrom(env, faults),
      port: env.PORT,
      /** Base of the addresses of local photos, without a slash at the end; null: http://localhost:<port>. */
      publicUrl: publicUrlFrom(env, faults),
      ...httpFrom(env, faults),
    },
    /** null: not served that way. */
    metrics: { port: env.METRICS_PORT ?? null, token: env.METRICS_TOKEN ?? null },
    database: databaseFrom(env, faults),
    photos: {
      maxBytes: env.MAX_IMAGE_BYTES,
      maxPixels: env.MAX_IMAGE_PIXELS,
      uploaderConcurrency: env.UPLOADER_CONCURRENCY,
      cloudinary,
      /** Where photos were copied to before. */
      formerClouds: formerCloudsFrom(env, cloudinary, faults),
      media: {
        /** Addresses of photos are signed wherever the service is not open anyway. */
        access: env.MEDIA_ACCESS ?? (env.ADMIN_API_KEY === undefined ? 'public' : 'signed'),
        /** null: a secret of the installation, made by the service. */
        signingKey: env.MEDIA_SIGNING_KEY ?? null,
        urlTtlSeconds: env.MEDIA_URL_TTL_SECONDS,
      },
    },
    encryption: encryptionFrom(env, faults),
    /** Whether local photos are encrypted in addition to templates. */
    encryptMedia: env.ENCRYPT_MEDIA,
    faces: facesFrom(env, faults),
    checks: {
      minIntervalSeconds: env.PUNCH_MIN_INTERVAL_SECONDS,
      openLoginMaxHours: env.OPEN_LOGIN_MAX_HOURS,
      positions: {
        maxAccuracyMeters: env.POSITION_MAX_ACCURACY_METERS,
        maxAgeSeconds: env.POSITION_MAX_AGE_SECONDS,
      },
      required: { challenge: env.REQUIRE_CHALLENGE, liveness: env.REQUIRE_LIVENESS },
      replayWindowDays: env.REPLAY_WINDOW_DAYS,
      /** A key means that others than the operator send checks: to them a score is a compass. */
      exposeSimilarity: env.EXPOSE_SIMILARITY ?? (env.ADMIN_API_KEY === undefined ? 'always' : 'match'),
      lockout: {
        employeeFailures: env.LOCKOUT_EMPLOYEE_FAILURES,
        keyFailures: env.LOCKOUT_WINDOW_SECONDS === 0 ? 0 : env.LOCKOUT_KEY_FAILURES,
        windowSeconds: env.LOCKOUT_WINDOW_SECONDS,
        employeeFailuresPerDay: env.LOCKOUT_EMPLOYEE_FAILURES_PER_DAY,
        keyFailuresPerDay: env.LOCKOUT_KEY_FAILURES_PER_DAY,
      },
    },
    workingDays: {
      correctionFourEyes: env.CORRECTION_FOUR_EYES,
      reportUrlTtlSeconds: env.REPORT_URL_TTL_SECONDS,
    },
    privacy: {
      requireConsent: env.REQUIRE_CONSENT,
      erasureLog: erasureLogFrom(env),
      /** Retention times in days. 0: keep without a limit. */
      retention: {
        attendancePhotosDays: env.RETAIN_ATTENDANCE_PHOTOS_DAYS,
        inactiveEmployeesDays: env.RETAIN_INACTIVE_EMPLOYEES_DAYS,
        reviewItemsDays: env.RETAIN_REVIEW_ITEMS_DAYS,
        absencesDays: env.RETAIN_ABSENCES_DAYS,
        auditDays: env.RETAIN_AUDIT_DAYS,
      },
    },
    access: {
      /** null: open, and on loopback only. */
      adminApiKey: env.ADMIN_API_KEY ?? null,
      identityProvider: identityProviderFrom(env, faults),
      kioskMuster: env.KIOSK_MUSTER,
    },
  } as const;
}

/** The whole configuration, read once and passed as values. Descriptions are in environment/. */
export type Config = Readonly<ReturnType<typeof groupsFrom>>;

/**
 * Reads the configuration from environment variables.
 * @throws ConfigError that lists every fault at once
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const { env, faults } = readVariables(environment);
  const config = groupsFrom(env, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
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
