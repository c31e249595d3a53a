import type { Base } from '../../base';
import type { EmployeeService } from '../employees/employee-service';
import type { Encryption } from '../encryption/create-encryption';
import { loadSecret } from '../encryption/secrets';
import type { OfficeService } from '../offices/office-service';
import type { Purge } from '../photos/local/housekeeping';
import { ApiKeyService } from './api-key-service';
import { KeyContacts } from './key-contacts';
import { KeyLookup } from './key-lookup';
import { KioskPairingService } from './kiosk-pairing-service';
import { LockoutService } from './lockout-service';
import { TimeBeacons } from './time-beacon';
import { TokenVerifier } from './token-verifier';

export interface Access {
  readonly apiKeys: ApiKeyService;
  readonly keyLookup: KeyLookup;
  readonly pairings: KioskPairingService;
  readonly lockouts: LockoutService;
  readonly beacons: TimeBeacons;
  readonly contacts: KeyContacts;
  /** null: there is no identity provider. */
  readonly tokens: TokenVerifier | null;
}

/** Who may ask: keys, kiosks, tokens of an identity provider, and lockouts. */
export async function createAccess(
  { config, dataSource, statements, now, log }: Base,
  { keys }: Encryption,
  employees: EmployeeService,
  offices: OfficeService,
  purges: Purge[],
): Promise<Access> {
  const apiKeys = new ApiKeyService(dataSource, offices, now);
  const key = await loadSecret(config.dataDir, 'pairing', keys);
  const pairings = new KioskPairingService({ dataSource, statements, offices, apiKeys, key, now });
  const lockouts = new LockoutService(dataSource, statements, employees, config.checks.lockout, now);
  const beacons = new TimeBeacons(await loadSecret(config.dataDir, 'beacon', keys), now);
  const contacts = new KeyContacts(statements, log, now);
  purges.push(
    () => lockouts.purge(),
    () => pairings.purge(),
    () => contacts.purge(),
  );
  const { identityProvider } = config.access;
  return {
    apiKeys,
    keyLookup: new KeyLookup(statements, log, now),
    pairings,
    lockouts,
    beacons,
    contacts,
    tokens: identityProvider && new TokenVerifier(identityProvider, now),
  };
}
