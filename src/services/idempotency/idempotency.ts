import type { Attendance } from '../../entities/attendance.entity';
import { conflict } from '../../errors';
import { notVoidedSql } from '../voids/not-voided';

/** Whether a request is the retry of one that recorded a punch is decided here, and nowhere else. */

/** The punch with the requestId of a check. It may belong to another employee. */
export interface EarlierPunch {
  readonly punchId: string;
  /** Whether it is the same employee's: the check is sent again, and is to have its first answer. */
  readonly retry: boolean;
}

/** Columns for an EarlierPunch: `r` the attendance with the requestId, which nobody voided, `e` the employee. */
export const EARLIER_COLUMNS = 'r.id AS request_punch_id, r.employee_id = e.id AS request_retry';

/** In SQL: whether there is a punch with this requestId. Never true for null. @param requestId a parameter, e.g. $5 */
export const recordedSql = (requestId: string): string =>
  `EXISTS (SELECT FROM attendances a WHERE a.request_id = ${requestId}::text AND ${notVoidedSql('a')})`;

/**
 * In SQL: the round of a requestId for a punch that is about to be written. A punch that counts has it already where it
 * is taken, which the unique constraint then says. @param requestId a parameter, e.g. $5
 */
export const nextRoundSql = (requestId: string): string =>
  `(SELECT coalesce(max(a.request_round) + 1, 0) FROM attendances a
    WHERE a.request_id = ${requestId}::varchar AND NOT (${notVoidedSql('a')}))`;

/**
 * The first answer of a request that is sent again.
 * @param employee row id of the employee of the repeated request
 * @param asked whether the punch is of the kind that is asked for: a requestId names one punch, however it was made
 * @throws RollcallError CONFLICT
 */
export function firstAnswer(earlier: Attendance, employee: string, asked: boolean): Attendance {
  if (earlier.employeeId !== employee) throw foreignRequestId();
  if (!asked) {
    throw conflict('requestId', 'This requestId belongs to another punch of the employee; use a new one');
  }
  return earlier;
}

export const foreignRequestId = () =>
  conflict('requestId', "This requestId belongs to another employee's punch; use a new one");
