import type { Base } from '../../base';
import type { EmployeeService } from '../employees/employee-service';
import { loadSecret } from '../encryption/secrets';
import type { OfficeService } from '../offices/office-service';
import type { Purge } from '../photos/local/housekeeping';
import { ApiKeyService } from './api-key-service';
import { KeyLookup } from './key-lookup';
import { KioskPairingService } from './kiosk-pairing-service';
import { LockoutService } from './lockout-service';
import { TokenVerifier } from './token-verifier';

export interface Access {
  readonly apiKeys: ApiKeyService;
  readonly keyLookup: KeyLookup;
  readonly pairings: KioskPairingService;
  readonly lockouts: LockoutService;
  /** null: there is no identity provider. */
  readonly tokens: TokenVerifier | null;
}

/** Who may ask: keys, kiosks, tokens of an identity provider, and lockouts. */
export async function createAccess(
  { config, dataSource, statements, now, log }: Base,
  employees: EmployeeService,
  offices: OfficeService,
  purges: Purge[],
): Promise<Access> {
  const apiKeys = new ApiKeyService(dataSource, offices, now);
  const key = await loadSecret(config.dataDir, 'pairing');
  const pairings = new KioskPairingService({ dataSource, statements, offices, apiKeys, key, now });
  const lockouts = new LockoutService(dataSource, statements, employees, config.checks.lockout, now);
  purges.push(
    () => lockouts.purge(),
    () => pairings.purge(),
  );
  const { identityProvider } = config.access;
  return {
    apiKeys,
    keyLookup: new KeyLookup(statements, log, now),
    pairings,
    lockouts,
    tokens: identityProvider && new TokenVerifier(identityProvider, now),
  };
}
