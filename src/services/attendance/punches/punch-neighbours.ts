import type { Statements } from '../../../database/statements';
import type { AttendanceType } from '../../../entities/attendance.entity';
import { notVoidedSql } from '../../voids/not-voided';
import { lastOfInstant } from './punch-order';
import type { RecentPunch } from './punch-rules';

/** Between which punches of the employee one belongs that was made at an earlier moment. */
export interface PunchNeighbours {
  /** The three before it or at the same moment, newest first. */
  readonly before: readonly RecentPunch[];
  /** The two after it, oldest first: they were recorded while it waited for the network. */
  readonly after: readonly RecentPunch[];
}

interface NeighbourRow {
  readonly late: boolean;
  readonly id: string;
  readonly type: AttendanceType;
  readonly recorded_at: Date;
}

const SELECT = `
  (SELECT false AS late, id, type, recorded_at, sequence FROM attendances a
    WHERE employee_id = $1 AND recorded_at <= $2 AND ${notVoidedSql('a')}
    ORDER BY recorded_at DESC, sequence DESC LIMIT 3)
  UNION ALL
  (SELECT true, id, type, recorded_at, sequence FROM attendances a
    WHERE employee_id = $1 AND recorded_at > $2 AND ${notVoidedSql('a')}
    ORDER BY recorded_at, sequence LIMIT 2)
  ORDER BY recorded_at, sequence`;

/** @param employee row id */
export async function readNeighbours(
  statements: Statements,
  employee: string,
  moment: Date,
): Promise<PunchNeighbours> {
  const rows = await statements.run<NeighbourRow>('punch-neighbours', SELECT, [employee, moment]);
  const punches = (late: boolean): RecentPunch[] =>
    rows
      .filter((row) => row.late === late)
      .map(({ id, type, recorded_at: recordedAt }) => ({ id, type, recordedAt }));
  return { before: lastOfInstant(punches(false).reverse()), after: punches(true) };
}
