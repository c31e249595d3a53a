import { z } from 'zod';
import {
  claim,
  flag,
  httpUrl,
  integer,
  number,
  optionalNumber,
  text,
  unsetWhenEmpty,
  yesOrNo,
} from './kinds';

/**
 * Every variable that the service reads, with its meaning, bounds and default. `npm run config:docs`
 * writes .env.example and docs/reference/configuration.md from it.
 */
export const environmentSchema = z.object({
  NODE_ENV: text().describe('production: refuse to start without ADMIN_API_KEY, and ignore the .env file.'),
  PORT: integer(0, 65_535, 4000).describe('TCP port to listen on.'),
  HOST: text().describe(
    'Address to listen on. Any address other than loopback requires ADMIN_API_KEY. Empty: 127.0.0.1.',
  ),
  PUBLIC_URL: httpUrl().describe(
    'URL of the start page, with its path. Links begin with it. Empty: http://localhost:PORT.',
  ),
  DATA_DIR: z
    .preprocess(unsetWhenEmpty, z.string().default('./data'))
    .describe('Folder for photos and the embedded database.'),
  DATABASE_URL: text().describe(
    'PostgreSQL connection URL (postgres://...). Empty: the embedded database in DATA_DIR.',
  ),
  DATABASE_DIRECT_URL: text().describe(
    'PostgreSQL URL that bypasses a pooler, for migrations and notifications. Empty: DATABASE_URL.',
  ),
  DATABASE_MIGRATION_URL: text().describe(
    'URL of the role that owns the tables, for migrations; DATABASE_URL can then have fewer rights.',
  ),
  PGSSLMODE: z
    .preprocess(
      unsetWhenEmpty,
      z
        .enum(['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'], {
          error: 'must be disable, allow, prefer, require, no-verify, verify-ca or verify-full',
        })
        .optional(),
    )
    .describe('sslmode to use if DATABASE_URL has none.'),
  DATABASE_POOL_SIZE: integer(1, 200, 10).describe('Maximum number of PostgreSQL connections.'),
  DATABASE_QUERY_TIMEOUT_MS: integer(100, 600_000, 15_000).describe(
    'Time limit for one query, in milliseconds.',
  ),
  CLOUDINARY_CLOUD_NAME: text().describe(
    'Cloudinary cloud name. Set all three of name, key and secret, or none to keep photos local.',
  ),
  CLOUDINARY_API_KEY: text().describe('Cloudinary API key.'),
  CLOUDINARY_API_SECRET: text().describe('Cloudinary API secret.'),
  CLOUDINARY_URL: text().describe('The three Cloudinary values in one: cloudinary://key:secret@cloud.'),
  CLOUDINARY_UPLOAD_PREFIX: httpUrl().describe('Cloudinary API host, for another region or a proxy.'),
  CLOUDINARY_TIMEOUT_MS: integer(100, 120_000, 3000).describe(
    'Time limit for one upload, in milliseconds. The punch is recorded even if the upload fails.',
  ),
  CLOUDINARY_FOLDER: z
    .preprocess(
      unsetWhenEmpty,
      z
        .string()
        .regex(/^[\w-]+(\/[\w-]+)*$/, 'must be letters, digits, _ and -, with / between folders')
        .default('rollcall'),
    )
    .describe('Cloudinary folder for uploaded photos.'),
  CLOUDINARY_DELIVERY: z
    .preprocess(
      unsetWhenEmpty,
      z.enum(['upload', 'authenticated'], { error: 'must be upload or authenticated' }).default('upload'),
    )
    .describe('authenticated: new photos require signed URLs; existing photos are unchanged.'),
  CLOUDINARY_FORMER_URLS: text().describe(
    'Former Cloudinary accounts as cloudinary:// URLs, separated by commas. Erasures delete photos there too.',
  ),
  CLOUDINARY_CLOSED_CLOUDS: text().describe(
    'Names of closed Cloudinary accounts, separated by commas. Erasures skip them.',
  ),
  MEDIA_ACCESS: z
    .preprocess(
      unsetWhenEmpty,
      z.enum(['signed', 'public'], { error: 'must be signed or public' }).optional(),
    )
    .describe(
      'signed: local photos require signed URLs. Empty: signed if ADMIN_API_KEY is set, otherwise public.',
    ),
  MEDIA_SIGNING_KEY: z
    .preprocess(unsetWhenEmpty, z.string().min(32, 'must have at least 32 characters').optional())
    .describe('Secret for signed photo URLs, at least 32 characters. Empty: generated in DATA_DIR.'),
  // A week at most: what never expires is no guard.
  MEDIA_URL_TTL_SECONDS: integer(60, 604_800, 3600).describe('Lifetime of a signed photo URL, in seconds.'),
  ENCRYPTION_KEY: text().describe(
    'Encrypts face templates at rest: 32 bytes in hex or base64. Keep it apart from data backups.',
  ),
  ENCRYPTION_KEY_FILE: text().describe('File that holds the encryption key, instead of ENCRYPTION_KEY.'),
  ENCRYPTION_KEY_PREVIOUS: text().describe(
    'Earlier encryption keys that can still decrypt, separated by commas.',
  ),
  ENCRYPT_MEDIA: flag(false).describe('Encrypt local photos too.'),
  FACE_MATCH_THRESHOLD: number(0, 1, 0.95).describe(
    'Minimum cosine similarity for a match, for descriptors from clients.',
  ),
  FACE_IDENTIFY_MARGIN: number(0, 1, 0.02).describe(
    'Minimum lead of a client descriptor over the next employee in a one-to-many search.',
  ),
  FACE_SAME_PERSON_MIN: number(0, 1, 0.9).describe(
    'Minimum similarity of client descriptors of one employee. Below it, one contradicts the photo.',
  ),
  FACE_MODEL_ID: z
    .preprocess(
      unsetWhenEmpty,
      z
        .string()
        .regex(/^[\w.-]{1,64}$/, "must be 1 to 64 letters, digits, '.', '_' and '-'")
        .default('dlib-resnet-128'),
    )
    .describe('Model that client descriptors come from. Descriptors of different models are never compared.'),
  FACE_DESCRIPTOR_DIMENSION: z
    .preprocess(
      unsetWhenEmpty,
      z.coerce
        .number({ error: 'must be a whole number' })
        .multipleOf(8, 'must be a multiple of 8')
        .min(8, 'must be 8 to 1024')
        .max(1024, 'must be 8 to 1024')
        .default(128),
    )
    .describe('Length of a client descriptor.'),
  FACE_DESCRIPTOR_TRUST: z
    .preprocess(
      unsetWhenEmpty,
      z.enum(['client', 'verify', 'server'], { error: 'must be client, verify or server' }).optional(),
    )
    .describe(
      'verify: the photo decides. client: a descriptor decides. server: only photos count. Empty: see faces.md.',
    ),
  FACE_SERVER_MATCH_THRESHOLD: optionalNumber(0, 1).describe(
    "Minimum similarity of a photo with the claimed employee. Empty: the model's own (0.43).",
  ),
  FACE_SERVER_IDENTIFY_THRESHOLD: optionalNumber(0, 1).describe(
    "Minimum similarity of a photo in a one-to-many search. Empty: the model's own (0.5).",
  ),
  FACE_SERVER_IDENTIFY_MARGIN: optionalNumber(0, 1).describe(
    "Minimum lead of a photo over the next employee. Empty: the model's own (0.05).",
  ),
  FACE_SERVER_DUPLICATE_THRESHOLD: optionalNumber(0, 1).describe(
    "Similarity from which two employees have one face at enrolment. Empty: the model's own (0.5).",
  ),
  FACE_SERVER_SAME_PERSON_MIN: optionalNumber(0, 1).describe(
    "Minimum similarity of photos of one employee at enrolment. Empty: the model's own (0.35).",
  ),
  FACE_MODEL_DIR: text().describe(
    "Folder with another recognition model and its model.json. Empty: the service's own model.",
  ),
  FACE_WORKERS: integer(0, 32, 1).describe(
    'Threads that look at photos, about 100 MB each. 0: clients must send descriptors.',
  ),
  FACE_QUEUE_LIMIT: integer(1, 1000, 32).describe(
    'Photos that may wait for a face worker. Further photos are refused with a time to retry.',
  ),
  FACE_TIMEOUT_MS: integer(500, 120_000, 10_000).describe(
    'Time limit for one photo, including the wait, in milliseconds.',
  ),
  FACE_WARM_START: z
    .preprocess(unsetWhenEmpty, yesOrNo.optional())
    .describe(
      'Start the face workers with the service, not with the first photo. Empty: only in production.',
    ),
  PUNCH_MIN_INTERVAL_SECONDS: integer(0, 86_400, 60).describe(
    'A repeated punch within this many seconds counts as the same punch. 0: off.',
  ),
  OPEN_LOGIN_MAX_HOURS: integer(1, 48, 16).describe(
    'Hours after which an open LOGIN no longer makes the next punch a LOGOUT. Work rules go first.',
  ),
  CORRECTION_FOUR_EYES: flag(false).describe(
    'Corrections must be approved by another requester than the one who asked for them.',
  ),
  REPORT_URL_TTL_SECONDS: integer(60, 86_400, 900).describe(
    'Lifetime of a download link of a report, in seconds.',
  ),
  POSITION_MAX_ACCURACY_METERS: integer(1, 100_000, 150).describe(
    'Worst accuracy of a position, in metres, that decides at the edge of a geofence.',
  ),
  POSITION_MAX_AGE_SECONDS: integer(1, 86_400, 120).describe(
    'Age in seconds above which a position cannot decide it.',
  ),
  KIOSK_MUSTER: flag(false).describe('Kiosks may show who is in the building of their office.'),
  REQUIRE_CHALLENGE: flag(false).describe('Refuse checks without a challenge.'),
  REQUIRE_LIVENESS: flag(false).describe('Refuse checks without a challenge that asks for actions.'),
  REPLAY_WINDOW_DAYS: integer(0, 3650, 0).describe(
    'Refuse photos and descriptors seen within this many days, and near copies. 0: off. Recommended: 30.',
  ),
  REQUIRE_CONSENT: flag(false).describe('Refuse enrolments without recorded consent.'),
  ERASURE_LOG: text().describe(
    'List of erasures, which a start repeats after a restore. Empty: erasures.log in DATA_DIR.',
  ),
  RETAIN_ATTENDANCE_PHOTOS_DAYS: integer(0, 36_500, 0).describe(
    'Delete photos of punches after this many days. 0: never.',
  ),
  RETAIN_INACTIVE_EMPLOYEES_DAYS: integer(0, 36_500, 0).describe(
    'Erase deactivated employees after this many days. 0: never.',
  ),
  RETAIN_REVIEW_ITEMS_DAYS: integer(0, 36_500, 30).describe(
    'Delete review items and their photos so many days after the decision. 0: never.',
  ),
  RETAIN_ABSENCES_DAYS: integer(0, 36_500, 0).describe(
    'Delete absences so many days after their last day. 0: never.',
  ),
  RETAIN_AUDIT_DAYS: integer(0, 36_500, 0).describe('Delete audit events after this many days. 0: never.'),
  ADMIN_API_KEY: z
    .preprocess(unsetWhenEmpty, z.string().min(16, 'must have at least 16 characters').optional())
    .describe('Administrator key for the API, at least 16 characters. Make one with: openssl rand -hex 32'),
  AUTH_JWKS_URL: httpUrl().describe(
    'JWKS URL of the identity provider. Requires AUTH_ISSUER and AUTH_AUDIENCE.',
  ),
  AUTH_ISSUER: text().describe('Expected iss claim of tokens.'),
  AUTH_AUDIENCE: text().describe('Expected aud claim of tokens.'),
  AUTH_MAX_TOKEN_AGE_SECONDS: integer(60, 2_592_000, 86_400).describe(
    'Oldest token that is accepted, in seconds since its iat claim. Tokens must have one.',
  ),
  AUTH_ROLE_CLAIM: claim('role').describe(
    'Claim that holds the role or a list of roles. Dots lead into objects.',
  ),
  AUTH_OFFICE_CLAIM: claim('office').describe('Claim that holds the office id of a KIOSK.'),
  LOCKOUT_EMPLOYEE_FAILURES: integer(0, 1000, 5).describe(
    'Lock checks of an employee after this many refused faces in a row. 0: off.',
  ),
  LOCKOUT_KEY_FAILURES: integer(0, 100_000, 20).describe(
    'Lock an API key after this many refused faces within the window. 0: off.',
  ),
  LOCKOUT_WINDOW_SECONDS: integer(0, 86_400, 300).describe(
    'Window in which refused faces are counted, in seconds. 0: off.',
  ),
  LOCKOUT_EMPLOYEE_FAILURES_PER_DAY: integer(0, 100_000, 30).describe(
    'Lock checks of an employee for a day after this many refused faces within a day. 0: off.',
  ),
  LOCKOUT_KEY_FAILURES_PER_DAY: integer(0, 1_000_000, 30).describe(
    'Refused faces a day, plus two for each active employee of its office, that lock an API key. 0: off.',
  ),
  RATE_LIMIT_PER_KEY: integer(0, 10_000_000, 6000).describe(
    'Requests per minute for one API key, on each node. 0: unlimited.',
  ),
  RATE_LIMIT_PER_ADDRESS: integer(0, 10_000_000, 12_000).describe(
    'Requests per minute from one address, on each node. 0: unlimited.',
  ),
  STREAM_LIMIT_PER_KEY: integer(1, 100_000, 20).describe('Open subscriptions for one API key, on each node.'),
  STREAM_LIMIT: integer(1, 100_000, 500).describe('Open subscriptions in total, on each node.'),
  EXPOSE_SIMILARITY: z
    .preprocess(
      unsetWhenEmpty,
      z.enum(['always', 'match', 'never'], { error: 'must be always, match or never' }).optional(),
    )
    .describe(
      'When the API tells a similarity. match: of a match only. Empty: match if there is a key, otherwise always.',
    ),
  GRAPHQL_INTROSPECTION: z
    .preprocess(unsetWhenEmpty, yesOrNo.optional())
    .describe('Allow introspection of the schema. Empty: only outside production.'),
  API_EXPLORER: z
    .preprocess(unsetWhenEmpty, yesOrNo.optional())
    .describe('Serve /graphiql, and Apollo Sandbox outside production. Empty: only outside production.'),
  OPERATION_TIMEOUT_MS: integer(0, 600_000, 30_000).describe(
    'Time limit for one operation, in milliseconds. 0: none.',
  ),
  PERSISTED_OPERATIONS: text().describe(
    'Operations to accept: pages, manifest files, or both, separated by commas. Empty: all.',
  ),
  CORS_ORIGINS: text().describe(
    'Origins of web pages that may call the API, separated by commas. Empty: Apollo Studio only.',
  ),
  TRUST_PROXY: text().describe('Number or addresses of the proxies whose X-Forwarded-* headers are trusted.'),
  MAX_IMAGE_BYTES: integer(1024, 104_857_600, 26_214_400).describe('Largest photo, in bytes.'),
  MAX_IMAGE_PIXELS: integer(1, 268_402_689, 67_108_864).describe(
    'Largest photo after decoding, in pixels. A side has at most 16,384 pixels.',
  ),
  METRICS_PORT: z
    .preprocess(
      unsetWhenEmpty,
      z.coerce
        .number({ error: 'must be a whole number' })
        .int('must be a whole number')
        .min(0, 'must be 0 to 65535')
        .max(65_535, 'must be 0 to 65535')
        .optional(),
    )
    .describe('Port for /metrics without a token, on 127.0.0.1 only. Empty: none.'),
  METRICS_TOKEN: z
    .preprocess(unsetWhenEmpty, z.string().min(16, 'must have at least 16 characters').optional())
    .describe('Bearer token for /metrics on PORT, at least 16 characters. Empty: /metrics is not on PORT.'),
  UPLOADER_CONCURRENCY: integer(1, 32, 4).describe('Pending uploads to Cloudinary that run at once.'),
  LOG_LEVEL: z
    .preprocess(
      unsetWhenEmpty,
      z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
          error: 'must be trace, debug, info, warn, error, fatal or silent',
        })
        .default('info'),
    )
    .describe('Least severe messages to log.'),
});

/** The variables, each with its own type and default. */
export type Environment = z.infer<typeof environmentSchema>;

/** Variables that contain secrets. The service removes them from the environment after reading them. */
export const SECRET_VARIABLES = [
  'ADMIN_API_KEY',
  'CLOUDINARY_API_KEY',
  'CLOUDINARY_API_SECRET',
  'CLOUDINARY_FORMER_URLS',
  'CLOUDINARY_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_MIGRATION_URL',
  'DATABASE_URL',
  'ENCRYPTION_KEY',
  'ENCRYPTION_KEY_PREVIOUS',
  'MEDIA_SIGNING_KEY',
  'METRICS_TOKEN',
] as const satisfies readonly (keyof Environment)[];
