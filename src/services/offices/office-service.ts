import type { DataSource, EntityManager, Repository } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { foreignKeyViolation } from '../../database/errors';
import type { LocalDate } from '../../entities/local-scalars';
import { NAME_ORDER } from '../../database/name-order';
import { Office } from '../../entities/office.entity';
import { requirePlainName } from '../text/plain-name';
import { badInput, conflict, notFound, type RollcallError } from '../../errors';
import type { Actor } from '../audit/actor';
import { auditChange } from '../audit/audit-change';
import { beginZones, changeZone } from './zone-history';

/**
 * What an office is made of; the three of the geofence are null together or not at all. A type, not an interface: its fields
 * are also read by name.
 */
type OfficeValues = {
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly radiusMeters: number | null;
  readonly timeZone: string;
  /** Whether people of other offices may punch at its kiosks. */
  readonly allowVisitors: boolean;
};

/** Changes to an office. Undefined leaves a value unchanged; null clears it. */
type OfficeChanges = { readonly [K in keyof OfficeValues]?: OfficeValues[K] | undefined } & {
  /** The first day of a new time zone; left out: today. */
  readonly timeZoneFrom?: LocalDate | null | undefined;
};

export const noSuchOffice = (field: string): RollcallError => notFound(field, 'office not found');

/** Offices and their geofences. */
export class OfficeService {
  private readonly offices: Repository<Office>;

  constructor(
    dataSource: DataSource,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.offices = dataSource.getRepository(Office);
  }

  /** All offices, by name. @param only the one with this id; null: all */
  list(only: string | null = null): Promise<Office[]> {
    const query = this.offices.createQueryBuilder('o');
    if (only !== null) query.where('o.id = :only', { only });
    return query.orderBy(`o.name ${NAME_ORDER}`).addOrderBy('o.id').getMany();
  }

  /** @throws RollcallError NOT_FOUND naming `field` */
  async get(id: string, field: string): Promise<Office> {
    const office = isUuid(id) ? await this.offices.findOneBy({ id }) : null;
    if (office === null) throw noSuchOffice(field);
    return office;
  }

  /** @param id of the row; no client can choose it */
  async create(values: OfficeValues, by: Actor, id = uuidv7()): Promise<Office> {
    requireWholeGeofence(values);
    const office = this.offices.create({ id, ...values });
    await this.offices.manager.transaction(async (manager) => {
      await manager.insert(Office, office);
      await beginZones(manager, office, { by, at: this.now() });
      await this.audit(manager, 'office.create', id, by, { before: null, after: valuesOf(office) });
    });
    return office;
  }

  /**
   * @throws RollcallError NOT_FOUND; BAD_USER_INPUT if the change would leave half a geofence, the name has invisible
   *   characters, or a zone would begin later than today
   */
  async update(id: string, { timeZoneFrom = null, ...changes }: OfficeChanges, by: Actor): Promise<Office> {
    if (!isUuid(id)) throw noSuchOffice('id');
    return this.offices.manager.transaction(async (manager) => {
      const offices = manager.getRepository(Office);
      // Locked, so that two changes of half a geofence each cannot make a whole that nobody meant.
      const office = await offices.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (office === null) throw noSuchOffice('id');
      const before = valuesOf(office);
      requirePlainName(changes.name, office.name);
      for (const [key, value] of Object.entries(changes)) {
        if (value !== undefined) Object.assign(office, { [key]: value });
      }
      requireWholeGeofence(office);
      await offices.save(office);
      if (timeZoneFrom !== null || before.timeZone !== office.timeZone) {
        await changeZone(manager, office, before.timeZone, { from: timeZoneFrom, by, at: this.now() });
      }
      await this.audit(manager, 'office.update', id, by, { before, after: valuesOf(office) });
      return office;
    });
  }

  /**
   * Past days of employees who worked there keep its time zone, plan and holidays.
   * @throws RollcallError NOT_FOUND; CONFLICT while employees, or API keys that work, belong to the office
   */
  async delete(id: string, by: Actor): Promise<void> {
    if (!isUuid(id)) throw noSuchOffice('id');
    try {
      await this.offices.manager.transaction(async (manager) => {
        // Keys that work are an administrator's to revoke, and leave a trace when they are.
        const keys = await manager.query<unknown[]>(
          `SELECT 1 FROM api_keys WHERE office_id = $1 AND revoked_at IS NULL
             AND (expires_at IS NULL OR expires_at > now()) LIMIT 1`,
          [id],
        );
        if (keys.length > 0) throw conflict('id', 'The office has API keys; revoke them first');
        const office = await manager.findOne(Office, { where: { id }, lock: { mode: 'pessimistic_write' } });
        if (office === null) throw noSuchOffice('id');
        await manager.delete(Office, { id });
        await forgetPlans(manager, id);
        await this.audit(manager, 'office.delete', id, by, { before: valuesOf(office), after: null });
      });
    } catch (error) {
      if (foreignKeyViolation(error) === null) throw error;
      throw conflict('id', 'The office has employees; move them to another office first');
    }
  }

  private audit(
    manager: EntityManager,
    action: 'office.create' | 'office.update' | 'office.delete',
    id: string,
    by: Actor,
    change: Pick<Parameters<typeof auditChange>[1], 'before' | 'after'>,
  ): Promise<void> {
    return auditChange(manager, {
      action,
      by,
      at: this.now(),
      ids: { officeId: id.toLowerCase() },
      ...change,
    });
  }
}

/** Time zone, default plan and holidays of a deleted office go, unless there are past days of somebody who worked there. */
async function forgetPlans(manager: EntityManager, id: string): Promise<void> {
  const past = `SELECT FROM employee_offices h JOIN employees e ON e.id = h.employee_id
    WHERE h.office_id = $1
      AND (e.erased_at IS NULL OR EXISTS (SELECT FROM attendances a WHERE a.employee_id = e.id))`;
  for (const table of ['office_zones', 'holidays', 'schedule_assignments']) {
    await manager.query(`DELETE FROM ${table} WHERE office_id = $1 AND NOT EXISTS (${past})`, [id]);
  }
}

const valuesOf = ({
  name,
  latitude,
  longitude,
  radiusMeters,
  timeZone,
  allowVisitors,
}: Office): OfficeValues => ({
  ...{ name, latitude, longitude, radiusMeters, timeZone, allowVisitors },
});

function requireWholeGeofence({ latitude, longitude, radiusMeters }: OfficeValues): void {
  const missing = Object.entries({ latitude, longitude, radiusMeters }).flatMap(([name, value]) =>
    value === null ? [name] : [],
  );
  if (missing.length === 1 || missing.length === 2) {
    throw badInput(
      missing[0] as string,
      'latitude, longitude and radiusMeters must be given together; missing: ' + missing.join(', '),
    );
  }
}
