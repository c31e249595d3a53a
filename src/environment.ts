import { z } from 'zod';

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
  CLOUDINARY_FORMER_URLS: text(),
  CLOUDINARY_CLOSED_CLOUDS: text(),
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

/** The variables, each with its own type and default. */
export type Environment = z.infer<typeof environmentSchema>;

/** Those that are secrets, or have one in them. Once they are read they are nobody's business any more. */
export const SECRET_VARIABLES = [
  'ADMIN_API_KEY',
  'CLOUDINARY_API_KEY',
  'CLOUDINARY_API_SECRET',
  'CLOUDINARY_FORMER_URLS',
  'CLOUDINARY_URL',
  'DATABASE_URL',
  'ENCRYPTION_KEY',
  'ENCRYPTION_KEY_PREVIOUS',
  'MEDIA_SIGNING_KEY',
] as const satisfies readonly (keyof Environment)[];
