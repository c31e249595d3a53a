import { NAME_ORDER } from '../../database/name-order';
import type { DataSource, Repository } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { foreignKeyViolation } from '../../database/errors';
import { ApiKey, Device } from '../../entities/api-key.entity';
import { Role } from '../../entities/role';
import { badInput, conflict, notFound, type RollcallError } from '../../errors';
import type { Actor } from '../audit/actor';
import { recordAudit, type AuditAction, type AuditEntry } from '../audit/audit-log';
import { hashOf, newToken } from '../encryption/tokens';
import { noSuchOffice, type OfficeService } from '../offices/office-service';

/** What a secret begins with, so that scanners for leaked secrets and people know one when they see it. */
export const SECRET_PREFIX = 'rck_';
/** A week: long enough to reach every kiosk, too short to forget that the old secret still works. */
export const MAX_GRACE_SECONDS = 604_800;

interface NewApiKey {
  readonly name: string;
  readonly role: Role;
  readonly officeId: string | null;
  /** null: it does not expire. */
  readonly expiresAt: Date | null;
  /** Whether it may send punches that were made offline. */
  readonly allowOffline: boolean;
  readonly device: Device;
}

/** A key with its secret, which is here and nowhere else. */
interface IssuedApiKey {
  readonly apiKey: ApiKey;
  readonly secret: string;
}

const auditOf = (
  action: AuditAction,
  { id, role, officeId, device }: ApiKey,
  by: Actor,
  at: Date,
): AuditEntry => ({
  ...by,
  action,
  details: { keyId: id, role, officeId, device },
  at,
});

const noSuchKey = (): RollcallError => notFound('id', 'API key not found');

/**
 * Creates, changes and lists API keys. Every request looks its key up, so changes take effect at once on every node.
 */
export class ApiKeyService {
  private readonly keys: Repository<ApiKey>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly offices: OfficeService,
    private readonly now: () => Date,
  ) {
    this.keys = dataSource.getRepository(ApiKey);
  }

  /** All keys, by name; revoked and expired ones too. */
  list(): Promise<ApiKey[]> {
    return this.keys.createQueryBuilder('k').orderBy(`k.name ${NAME_ORDER}`).addOrderBy('k.id').getMany();
  }

  /**
   * @throws RollcallError BAD_USER_INPUT (a kiosk without an office, a fixed device that is no kiosk, an end in the
   *   past); NOT_FOUND (office)
   */
  async create(
    { name, role, officeId, expiresAt, allowOffline, device }: NewApiKey,
    by: Actor,
  ): Promise<IssuedApiKey> {
    if (role === Role.KIOSK && officeId === null) {
      throw badInput('officeId', 'required for a key with the role KIOSK');
    }
    if (device === Device.FIXED && role !== Role.KIOSK) {
      throw badInput('device', 'FIXED requires the role KIOSK');
    }
    const createdAt = this.now();
    if (expiresAt !== null && expiresAt <= createdAt) throw badInput('expiresAt', 'must be in the future');
    const office = officeId === null ? null : await this.offices.get(officeId, 'officeId');
    const secret = newToken(SECRET_PREFIX);
    const apiKey = this.keys.create({
      id: uuidv7(),
      name,
      role,
      officeId: office?.id ?? null,
      allowOffline,
      device,
      secretHash: hashOf(secret),
      previousHash: null,
      previousValidUntil: null,
      createdAt,
      expiresAt,
      revokedAt: null,
      lastUsedAt: null,
      lastFaultAt: null,
    });
    try {
      await this.dataSource.transaction(async (manager) => {
        await manager.insert(ApiKey, apiKey);
        await recordAudit(manager, auditOf('api-key.create', apiKey, by, createdAt));
      });
    } catch (error) {
      // Removed in this very moment.
      if (foreignKeyViolation(error) === 'api_keys_office_id_fkey') throw noSuchOffice('officeId');
      throw error;
    }
    return { apiKey, secret };
  }

  /** Refused from the next request on, on every node. A key that was revoked before stays as it was. */
  revoke(id: string, by: Actor): Promise<ApiKey> {
    return this.change(id, 'api-key.revoke', by, (key) => {
      key.revokedAt ??= this.now();
    });
  }

  /**
   * Gives a key another secret; the one before works on for a while, one from before that no more.
   * @param graceSeconds 0 to MAX_GRACE_SECONDS
   * @throws RollcallError BAD_USER_INPUT; NOT_FOUND; CONFLICT for a key that was revoked or has expired
   */
  async rotate(id: string, graceSeconds: number, by: Actor): Promise<IssuedApiKey> {
    if (graceSeconds < 0 || graceSeconds > MAX_GRACE_SECONDS) {
      throw badInput('graceSeconds', `must be 0 to ${MAX_GRACE_SECONDS}`);
    }
    const secret = newToken(SECRET_PREFIX);
    const apiKey = await this.change(id, 'api-key.rotate', by, (key) => {
      const at = this.now();
      if (key.revokedAt !== null) throw conflict('id', 'API key revoked; create another one');
      if (key.expiresAt !== null && key.expiresAt <= at) {
        throw conflict('id', 'API key expired; create another one');
      }
      // Without grace it is gone: no other node's clock has a say in it.
      const graced = graceSeconds > 0;
      key.previousHash = graced ? key.secretHash : null;
      key.previousValidUntil = graced ? new Date(at.getTime() + graceSeconds * 1000) : null;
      key.secretHash = hashOf(secret);
    });
    return { apiKey, secret };
  }

  private async change(
    id: string,
    action: AuditAction,
    by: Actor,
    change: (key: ApiKey) => void,
  ): Promise<ApiKey> {
    if (!isUuid(id)) throw noSuchKey();
    return this.keys.manager.transaction(async (manager) => {
      const keys = manager.getRepository(ApiKey);
      // Locked: of two rotations at once each must see what the other did, or a secret that was shown is lost.
      const key = await keys.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (key === null) throw noSuchKey();
      change(key);
      await keys.save(key);
      await recordAudit(manager, auditOf(action, key, by, this.now()));
      return key;
    });
  }
}
