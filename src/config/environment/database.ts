import { z } from 'zod';
import { integer, text, unsetWhenEmpty } from '../kinds';

/** The database. */
export const DATABASE_VARIABLES = {
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
};
