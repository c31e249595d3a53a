import { DEFAULT_RULES, missingLogoutBefore } from '@rollcall/working-days';
import type { Logger } from 'pino';
import type { Statements } from '../../../database/statements';
import { AttendanceType } from '../../../entities/attendance.entity';
import type { LocalDate } from '../../../entities/local-scalars';
import { notVoidedSql } from '../../voids/not-voided';
import { addDays } from '../../dates/dates';
import { readPerson } from '../days/read-person';
import type { DatedPunch } from './stretches';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Longer before a punch its own working day does not begin. */
const OWN_DAYS = 5;
/** Longer does no working day reach back from its last punch. */
const FORMER_DAYS = 3;
const LATEST = 50;

interface EarlierPunch {
  readonly type: AttendanceType;
  readonly at: Date;
  /** The shortest `maxSpanMinutes` of all work rules; null: there are none. */
  readonly least: number | null;
}

/** Finds the logout that somebody forgot on their former working day. */
export class MissingLogouts {
  constructor(
    private readonly statements: Statements,
    private readonly log: Logger,
  ) {}

  /**
   * The former working day of somebody who logs in, if its LOGOUT is missing. It costs a statement, and three where a
   * LOGIN of the last days has no LOGOUT. Never throws: the punch is recorded, and the answer must say so.
   * @param punch a LOGOUT has none before it
   */
  async before(punch: DatedPunch & { readonly type: AttendanceType }): Promise<LocalDate | null> {
    try {
      return await this.find(punch);
    } catch (err) {
      this.log.warn({ err }, 'Could not look for a missing logout');
      return null;
    }
  }

  private async find(punch: DatedPunch & { readonly type: AttendanceType }): Promise<LocalDate | null> {
    const { id, employeeId, recordedAt, type } = punch;
    if (type !== AttendanceType.LOGIN) return null;
    const values = [employeeId, recordedAt, id, LATEST];
    const earlier = await this.statements.run<EarlierPunch>('earlier-punches', EARLIER, values);
    const ownFrom = recordedAt.getTime() - OWN_DAYS * DAY_MS;
    const former = earlier.find(({ at }) => at.getTime() < ownFrom) ?? earlier.at(-1);
    if (former === undefined) return null;
    const looked = earlier.filter(({ at }) => at.getTime() >= former.at.getTime() - FORMER_DAYS * DAY_MS);
    if (!looked.some((each, i) => isOpen(each, looked[i - 1] ?? { type, at: recordedAt }))) return null;
    const range = { from: addDays(dateOf(former.at), -1), until: dateOf(recordedAt) };
    return missingLogoutBefore(await readPerson(this.statements, employeeId, range), id);
  }
}

const dateOf = (at: Date): LocalDate => at.toISOString().slice(0, 10);
const minuteOf = (at: Date): number => Math.floor(at.getTime() / MINUTE_MS);

/** Whether the next punch does not end a LOGIN, by one of the rules at least. */
function isOpen(
  { type, at, least }: EarlierPunch,
  next: { readonly type: AttendanceType; readonly at: Date },
): boolean {
  if (type !== AttendanceType.LOGIN) return false;
  const longest = Math.min(least ?? Infinity, DEFAULT_RULES.maxSpanMinutes);
  return next.type === AttendanceType.LOGIN || minuteOf(next.at) - minuteOf(at) > longest;
}

const EARLIER = `SELECT a.type, a.recorded_at AS at,
    (SELECT min((fields->>'maxSpanMinutes')::int) FROM work_rules_versions) AS least
  FROM attendances a
  WHERE a.employee_id = $1 AND a.recorded_at <= $2 AND a.id <> $3 AND ${notVoidedSql('a')}
  ORDER BY a.recorded_at DESC, a.id DESC LIMIT $4`;
