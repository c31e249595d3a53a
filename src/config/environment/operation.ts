import { z } from 'zod';
import { integer, text, unsetWhenEmpty, yesOrNo } from '../kinds';

/** The API, limits, metrics and the log. */
export const OPERATION_VARIABLES = {
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
};
