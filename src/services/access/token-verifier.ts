import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { validate as isUuid } from 'uuid';
import type { Config } from '../../config/config';
import { Role } from '../../entities/role';
import { RollcallError, unavailable } from '../../errors';
import { hashOf } from '../encryption/tokens';

/** Signatures that only the holder of a private key can make; with HS256 the public key would be the secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** How far the clocks of two machines may be apart. */
const CLOCK_TOLERANCE_SECONDS = 5;
const JWKS_TIMEOUT_MS = 3000;
/** Of several roles the first of these counts. */
const ROLES = [Role.ADMIN, Role.HR, Role.VIEWER, Role.KIOSK];
const MAX_TOKEN_LENGTH = 16_384;

interface TokenHolder {
  /** A hash of issuer and subject: names of people are not kept where callers are. */
  readonly id: string;
  readonly role: Role;
  readonly officeId: string | null;
}

const forbidden = (message: string): RollcallError => new RollcallError('FORBIDDEN', message);

/** Verifies JSON Web Tokens of the company's identity provider. Its keys are fetched when needed, and kept. */
export class TokenVerifier {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;

  constructor(
    private readonly provider: NonNullable<Config['access']['identityProvider']>,
    private readonly now: () => Date,
  ) {
    this.keys = createRemoteJWKSet(new URL(provider.jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS });
  }

  /**
   * @returns null for an invalid token
   * @throws RollcallError UNAVAILABLE if the provider's keys cannot be fetched; FORBIDDEN for a valid token without a
   * role of this service
   */
  async verify(token: string): Promise<TokenHolder | null> {
    if (token.length > MAX_TOKEN_LENGTH) return null;
    const { issuer, audience, maxTokenAgeSeconds } = this.provider;
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub', 'iat'],
        // However long it says that it is good for: it cannot be revoked here. One from the future is refused too.
        maxTokenAge: maxTokenAgeSeconds,
        currentDate: this.now(),
      }));
    } catch (error) {
      if (isTokensFault(error)) return null;
      throw unavailable('Could not get the keys of the identity provider; try again shortly', error);
    }
    return this.holderOf(payload);
  }

  private holderOf(payload: JWTPayload): TokenHolder {
    const { issuer, roleClaim, officeClaim } = this.provider;
    const role = roleIn(valueAt(payload, roleClaim));
    if (role === null) throw forbidden(`The token has no valid role (claim ${roleClaim})`);
    const office = valueAt(payload, officeClaim);
    const officeId = typeof office === 'string' && isUuid(office) ? office.toLowerCase() : null;
    if (role === Role.KIOSK && officeId === null) {
      throw forbidden(`A KIOSK token must contain an office id (claim ${officeClaim})`);
    }
    const id = hashOf(`${issuer}\0${payload.sub}`).toString('base64url');
    return { id, role, officeId };
  }
}

/** Whether the token is at fault, rather than the way to the provider's keys. */
function isTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    // What jose says of an answer that is no set of keys.
    error.code !== 'ERR_JOSE_GENERIC'
  );
}

/** A claim by its name, or by a path with dots into objects, as in realm_access.roles. */
function valueAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      payload,
    );
}

function roleIn(value: unknown): Role | null {
  const named: unknown[] = Array.isArray(value) ? value : [value];
  const upper = new Set(named.flatMap((name) => (typeof name === 'string' ? [name.toUpperCase()] : [])));
  return ROLES.find((role) => upper.has(role)) ?? null;
}
