import { z } from 'zod';
import { claim, httpUrl, integer, text, unsetWhenEmpty } from '../kinds';

/** Keys, tokens, lockouts and rate limits. */
export const ACCESS_VARIABLES = {
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
};
