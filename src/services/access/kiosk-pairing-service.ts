import { RateLimiterMemory } from 'rate-limiter-flexible';
import { v7 as uuidv7 } from 'uuid';
import type { DataSource } from 'typeorm';
import { foreignKeyViolation } from '../../database/errors';
import type { Statements } from '../../database/statements';
import { Device } from '../../entities/api-key.entity';
import type { Office } from '../../entities/office.entity';
import { Role } from '../../entities/role';
import { notFound, type RollcallError } from '../../errors';
import type { Actor } from '../audit/actor';
import { recordAudit } from '../audit/audit-log';
import { hashOf, newCode } from '../encryption/tokens';
import { noSuchOffice, type OfficeService } from '../offices/office-service';
import type { ApiKeyService } from './api-key-service';
import { networkOf } from '../audit/network-of';
import { takePoint } from '../turns/take-point';

/** Long enough to walk to the door with the code, too short to leave it lying about. */
const PAIRING_SECONDS = 600;
/**
 * Codes that may be tried in a minute on a node: from one network, and from all. An outsider's guesses so leave others
 * their attempts. With 6 × 10¹¹ codes somebody who guesses all the time finds one of ten that are open once in 100 years
 * from one network, and once in 12 years from however many.
 */
export const ATTEMPTS_PER_MINUTE = 600;
const SITE_ATTEMPTS_PER_MINUTE = 4 * ATTEMPTS_PER_MINUTE;
const ALL_ATTEMPTS_PER_MINUTE = 5000;
/** What a network has left while all together try too many. */
const SPARE_ATTEMPTS_PER_MINUTE = 5;

/** Neither 0 and O nor 1, I and L; no U, so that fewer codes are words. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const CODE = new RegExp(`^[${ALPHABET}]{4}-?[${ALPHABET}]{4}$`, 'i');
const DEFAULT_NAME = 'Kiosk';

const INSERT = `
  INSERT INTO kiosk_pairings (id, code_hash, name, office_id, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6)`;
/** $1 hash, $2 now. One statement: the row's lock lets one of racing tablets through. */
const REDEEM = `
  UPDATE kiosk_pairings SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2
  RETURNING name, office_id`;
/** $1 hash, $2 when it was used: only the request that used the code. */
const GIVE_BACK = 'UPDATE kiosk_pairings SET used_at = NULL WHERE code_hash = $1 AND used_at = $2';
const PURGE = 'DELETE FROM kiosk_pairings WHERE expires_at <= $1';

interface IssuedPairing {
  /** As XXXX-XXXX; here and nowhere else. */
  readonly code: string;
  readonly expiresAt: Date;
}

interface PairedKiosk {
  /** The secret of its key. */
  readonly apiKey: string;
  readonly office: Office;
}

interface KioskPairingOptions {
  readonly dataSource: DataSource;
  readonly statements: Statements;
  readonly offices: OfficeService;
  readonly apiKeys: ApiKeyService;
  /** Under which codes are hashed. */
  readonly key: Buffer;
  readonly now: () => Date;
}

const perMinute = (points: number): RateLimiterMemory => new RateLimiterMemory({ points, duration: 60 });

/** Codes with which a tablet gets its own key, so an administrator's key is never typed into it. */
export class KioskPairingService {
  private readonly networks = perMinute(ATTEMPTS_PER_MINUTE);
  private readonly sites = perMinute(SITE_ATTEMPTS_PER_MINUTE);
  private readonly all = perMinute(ALL_ATTEMPTS_PER_MINUTE);
  private readonly spare = perMinute(SPARE_ATTEMPTS_PER_MINUTE);

  constructor(private readonly options: KioskPairingOptions) {}

  /** @throws RollcallError NOT_FOUND (office) */
  async create(officeId: string, name: string | null, by: Actor): Promise<IssuedPairing> {
    const { dataSource, offices, key, now } = this.options;
    const office = await offices.get(officeId, 'officeId');
    const code = newCode(ALPHABET, LENGTH);
    const at = now();
    const expiresAt = new Date(at.getTime() + PAIRING_SECONDS * 1000);
    const id = uuidv7();
    const row = [id, hashOf(code, key), name ?? DEFAULT_NAME, office.id, at, expiresAt];
    try {
      await dataSource.transaction(async (manager) => {
        await manager.query(INSERT, row);
        // Not its name, which may be a person's.
        const details = { pairingId: id, officeId: office.id, expiresAt: expiresAt.toISOString() };
        await recordAudit(manager, { ...by, action: 'kiosk-pairing.create', details, at });
      });
    } catch (error) {
      // Removed in this very moment.
      if (foreignKeyViolation(error) === 'kiosk_pairings_office_id_fkey') throw noSuchOffice('officeId');
      throw error;
    }
    return { code: `${code.slice(0, 4)}-${code.slice(4)}`, expiresAt };
  }

  /** @throws RollcallError TOO_MANY_REQUESTS */
  private async takeAttempt(address: string): Promise<void> {
    const message = 'Too many wrong pairing codes';
    await takePoint(this.networks, networkOf(address), message);
    await takePoint(this.sites, networkOf(address, 48), message);
    const { consumedPoints } = await this.all.penalty('codes');
    if (consumedPoints > ALL_ATTEMPTS_PER_MINUTE) await takePoint(this.spare, networkOf(address), message);
  }

  private async giveAttemptBack(address: string): Promise<void> {
    await this.networks.reward(networkOf(address));
    await this.sites.reward(networkOf(address, 48));
    await this.all.reward('codes');
  }

  /**
   * Makes a kiosk's key of a code, which is used up by that.
   * @throws RollcallError NOT_FOUND, the same for a code that is wrong, used or expired; TOO_MANY_REQUESTS while many
   *   are tried
   */
  async redeem(code: string, by: Actor): Promise<PairedKiosk> {
    // Before it is known whether the code is right, so that a volley is bounded too; right ones are given back.
    await this.takeAttempt(by.address ?? '');
    // Neither hashed nor looked for: a client may send kilobytes.
    if (!CODE.test(code)) throw noSuchCode();
    const { statements, key, now } = this.options;
    const used = [hashOf(code.replace('-', '').toUpperCase(), key), now()];
    const [pairing] = await statements.run<{ name: string; office_id: string }>(
      'redeem-kiosk-pairing',
      REDEEM,
      used,
    );
    if (pairing === undefined) throw noSuchCode();
    await this.giveAttemptBack(by.address ?? '');
    try {
      return await this.keyFor(pairing.name, pairing.office_id, by);
    } catch (error) {
      // Without a key the tablet is no kiosk yet: the code is to work once more.
      await statements.run('give-back-kiosk-pairing', GIVE_BACK, used).catch(() => undefined);
      throw error;
    }
  }

  /** Deletes codes whose time is over, used or not. */
  async purge(): Promise<void> {
    await this.options.statements.run('purge-kiosk-pairings', PURGE, [this.options.now()]);
  }

  private async keyFor(name: string, officeId: string, by: Actor): Promise<PairedKiosk> {
    const { offices, apiKeys } = this.options;
    const office = await offices.get(officeId, 'code');
    const device = Device.FIXED;
    const issued = { name, role: Role.KIOSK, officeId, expiresAt: null, allowOffline: true, device };
    const { secret } = await apiKeys.create(issued, by);
    return { apiKey: secret, office };
  }
}

const noSuchCode = (): RollcallError =>
  notFound('code', 'pairing code not found, used or expired; create another one');
