import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey } from 'jose';

/** An identity provider on loopback: one key for signatures, and the address where it is to be had. */
export class IdentityProvider {
  /** How it answers when it is asked for its keys. */
  mode: 'ok' | 'down' | 'html' | 'error' | 'hang' = 'ok';

  private constructor(
    private readonly server: Server,
    readonly privateKey: CryptoKey,
    /** In PEM, as everybody can have it. */
    readonly publicPem: string,
    readonly issuer: string,
  ) {}

  static async start(): Promise<IdentityProvider> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }] });
    const server = createServer((_request, response) => {
      switch (provider.mode) {
        case 'ok':
          return void response.setHeader('content-type', 'application/json').end(keys);
        case 'html':
          return void response.end('<html>Sign in to the network</html>');
        case 'error':
          return void response.writeHead(500).end();
        case 'down':
          return void response.destroy();
        case 'hang':
          return;
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
    const provider = new IdentityProvider(server, privateKey, await exportSPKI(publicKey), issuer);
    return provider;
  }

  get env(): Record<string, string> {
    return {
      AUTH_JWKS_URL: `${this.issuer}/jwks`,
      AUTH_ISSUER: this.issuer,
      AUTH_AUDIENCE: 'rollcall',
    };
  }

  /** A valid token of somebody, but for what is said otherwise. @param at seconds since 1970 */
  token(claims: Readonly<Record<string, unknown>>, at: number): Promise<string> {
    const standard = { iss: this.issuer, aud: 'rollcall', sub: 'grace', iat: at, exp: at + 300 };
    return new SignJWT({ ...standard, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(this.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
