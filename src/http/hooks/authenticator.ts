import { SECRET_PREFIX } from '../../services/access/api-key-service';
import type { KeyLookup } from '../../services/access/key-lookup';
import { requesterOf, type Requester } from '../../services/access/requester';
import type { TokenVerifier } from '../../services/access/token-verifier';
import { hashOf, isSame } from '../../services/encryption/tokens';

/** Three parts in base64url: header, payload, signature. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Tells who sends a request, from its Authorization header. */
export class Authenticator {
  constructor(
    private readonly parts: {
      /** null: the service runs open (on loopback only), and everybody is its administrator. */
      readonly adminApiKey: string | null;
      readonly keys: Pick<KeyLookup, 'find'>;
      /** null: there is no identity provider. */
      readonly tokens: Pick<TokenVerifier, 'verify'> | null;
    },
  ) {}

  get open(): boolean {
    return this.parts.adminApiKey === null;
  }

  /**
   * @returns null for credentials that are wrong; a request without any is anonymous
   * @throws RollcallError FORBIDDEN for a token without a role; UNAVAILABLE if a token cannot be checked
   */
  async authenticate(authorization: string | undefined, address: string): Promise<Requester | null> {
    const { adminApiKey, keys, tokens } = this.parts;
    const credential = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    // An open service treats every requester as its administrator. Only API keys are looked up, so they can be tried out.
    if (adminApiKey === null && credential?.startsWith(SECRET_PREFIX) !== true)
      return requesterOf('open', address);
    if (authorization === undefined) return requesterOf('anonymous', address);
    if (credential === undefined) return null;
    // By their digests, in constant time: an answer's delay says nothing about how much of a guess was right.
    if (adminApiKey !== null && isSame(hashOf(credential), hashOf(adminApiKey))) {
      return requesterOf('admin', address);
    }
    if (credential.startsWith(SECRET_PREFIX)) {
      const holder = await keys.find(credential);
      return holder && requesterOf('key', address, holder);
    }
    const holder = tokens !== null && JWT.test(credential) ? await tokens.verify(credential) : null;
    return holder && requesterOf('jwt', address, holder);
  }
}
