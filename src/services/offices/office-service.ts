import type { DataSource, Repository } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { foreignKeyViolation } from '../../database/errors';
import { Office } from '../../entities/office.entity';
import { requirePlainName } from '../names/plain-name';
import { badInput, conflict, notFound, type RollcallError } from '../../errors';

/** What an office is made of; the three of the geofence are null together or not at all. */
interface OfficeValues {
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly radiusMeters: number | null;
  readonly timeZone: string;
  /** Whether people of other offices may punch at its kiosks. */
  readonly allowVisitors: boolean;
}

/** Changes to an office. Undefined leaves a value unchanged; null clears it. */
type OfficeChanges = { readonly [K in keyof OfficeValues]?: OfficeValues[K] | undefined };

export const noSuchOffice = (field: string): RollcallError => notFound(field, 'office not found');

/** Offices and their geofences. */
export class OfficeService {
  private readonly offices: Repository<Office>;

  constructor(dataSource: DataSource) {
    this.offices = dataSource.getRepository(Office);
  }

  /** All offices, by name. @param only the one with this id; null: all */
  list(only: string | null = null): Promise<Office[]> {
    return this.offices.find({ where: only === null ? {} : { id: only }, order: { name: 'ASC', id: 'ASC' } });
  }

  /** @throws RollcallError NOT_FOUND naming `field` */
  async get(id: string, field: string): Promise<Office> {
    const office = isUuid(id) ? await this.offices.findOneBy({ id }) : null;
    if (office === null) throw noSuchOffice(field);
    return office;
  }

  /** @param id of the row; no client can choose it */
  async create(values: OfficeValues, id = uuidv7()): Promise<Office> {
    requireWholeGeofence(values);
    const office = this.offices.create({ id, ...values });
    await this.offices.insert(office);
    return office;
  }

  /**
   * @throws RollcallError NOT_FOUND; BAD_USER_INPUT where the change would leave half a geofence, or the
   *   name has invisible characters
   */
  async update(id: string, changes: OfficeChanges): Promise<Office> {
    if (!isUuid(id)) throw noSuchOffice('id');
    return this.offices.manager.transaction(async (manager) => {
      const offices = manager.getRepository(Office);
      // Locked, so that two changes of half a geofence each cannot make a whole that nobody meant.
      const office = await offices.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (office === null) throw noSuchOffice('id');
      requirePlainName(changes.name, office.name);
      for (const [key, value] of Object.entries(changes)) {
        if (value !== undefined) Object.assign(office, { [key]: value });
      }
      requireWholeGeofence(office);
      await offices.save(office);
      return office;
    });
  }

  /** @throws RollcallError NOT_FOUND; CONFLICT while employees, or API keys that work, belong to the office */
  async delete(id: string): Promise<void> {
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
        const { affected } = await manager.delete(Office, { id });
        if (affected !== 1) throw noSuchOffice('id');
      });
    } catch (error) {
      if (foreignKeyViolation(error) === null) throw error;
      throw conflict('id', 'The office has employees; move them to another office first');
    }
  }
}

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
