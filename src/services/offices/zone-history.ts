import { MoreThanOrEqual, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { LocalDate } from '../../entities/local-scalars';
import { OfficeZone } from '../../entities/office-zone.entity';
import type { Office } from '../../entities/office.entity';
import { badInput } from '../../errors';
import type { Actor } from '../audit/actor';
import { dateIn, SINCE_EVER } from '../dates/dates';

interface Made {
  readonly by: Actor;
  readonly at: Date;
}

/** A new office has had its time zone since ever. */
export async function beginZones(
  manager: EntityManager,
  { id: officeId, timeZone }: Pick<Office, 'id' | 'timeZone'>,
  { by, at }: Made,
): Promise<void> {
  const made = { createdBy: by.caller, createdAt: at };
  await manager.insert(OfficeZone, { id: uuidv7(), officeId, timeZone, validFrom: SINCE_EVER, ...made });
}

/**
 * The office has its time zone from a day on: today, or an earlier one. What the history said of later days goes.
 * @param earlier the time zone until now
 * @throws RollcallError BAD_USER_INPUT (timeZoneFrom)
 */
export async function changeZone(
  manager: EntityManager,
  { id: officeId, timeZone }: Office,
  earlier: string,
  { from, by, at }: Made & { readonly from: LocalDate | null },
): Promise<void> {
  const today = dateIn(earlier, at);
  if (from !== null && from > today) throw badInput('timeZoneFrom', `must not be after today, ${today}`);
  const validFrom = from ?? today;
  if (!(await manager.existsBy(OfficeZone, { officeId }))) {
    await beginZones(manager, { id: officeId, timeZone: earlier }, { by, at });
  }
  await manager.delete(OfficeZone, { officeId, validFrom: MoreThanOrEqual(validFrom) });
  const made = { createdBy: by.caller, createdAt: at };
  await manager.insert(OfficeZone, { id: uuidv7(), officeId, timeZone, validFrom, ...made });
}
