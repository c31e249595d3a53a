import type { EntityManager } from 'typeorm';
import { type Employee } from '../../entities/employee.entity';
import { badInput } from '../../errors';
import type { Actor } from '../audit/actor';
import { recordAudit } from '../audit/audit-log';

/** A person's agreement that their face is used, as it was given on paper or screen. */
export interface ConsentGiven {
  /** Which text was agreed to. */
  readonly version: string;
  readonly givenAt: Date;
  /** Who recorded the consent, as entered. */
  readonly recordedBy: string;
}

/** Clocks differ by this much. */
const FUTURE_MS = 300_000;

/** @throws RollcallError BAD_USER_INPUT if it was given in the future */
export function checkConsent(consent: ConsentGiven | null | undefined, now: Date): void {
  if (consent == null) return;
  if (!(consent.givenAt.getTime() <= now.getTime() + FUTURE_MS)) {
    throw badInput('consent.givenAt', 'must not be in the future');
  }
}

/**
 * Whether a face may be enrolled. After a withdrawal, for every configuration, only a new consent allows it.
 * @param employee null: about to be registered
 * @param required REQUIRE_CONSENT
 * @throws RollcallError BAD_USER_INPUT naming `consent`
 */
export function requireConsent(
  employee: Pick<Employee, 'consentVersion' | 'consentWithdrawnAt'> | null,
  given: ConsentGiven | null | undefined,
  required: boolean,
): void {
  if (given != null) return;
  if (employee?.consentWithdrawnAt != null) {
    throw badInput('consent', 'required: the employee has withdrawn consent');
  }
  if (required && employee?.consentVersion == null) {
    throw badInput('consent', 'required (REQUIRE_CONSENT): version of the text, time, and who recorded it');
  }
}

/** The columns of an employee that a consent fills. */
export const consentColumns = ({ version, givenAt, recordedBy }: ConsentGiven) => ({
  consentVersion: version,
  consentGivenAt: givenAt,
  consentRecordedBy: recordedBy,
  consentWithdrawnAt: null,
});

/** Notes in the audit trail that a consent was recorded. */
export const auditConsent = (
  manager: EntityManager,
  employeeId: string,
  { version, givenAt }: ConsentGiven,
  by: Actor,
  at: Date,
): Promise<void> =>
  recordAudit(manager, {
    ...by,
    action: 'consent.record',
    employeeId,
    details: { version, givenAt: givenAt.toISOString() },
    at,
  });
