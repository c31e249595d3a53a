import type { Actor } from './actor';
import type { AuditDetails } from './audit-hash';
import type { AuditAction } from './audit-log';

/** An event outside of a transaction that an administrator must be able to look up. */
export interface AuditNote {
  readonly action: Extract<
    AuditAction,
    'check.refused' | 'photo.read' | 'access.refused' | 'lockout.begin' | 'encryption.rotate'
  >;
  readonly outcome: string;
  /** The company's id of the claimed employee. Null: none. */
  readonly claimed: string | null;
  /** Row id of the employee, where that is known. */
  readonly employeeId?: string;
  readonly by: Actor;
  readonly at: Date;
  /** Path of the photo that was read, whose person is looked up; it names an employee, so it is not kept. */
  readonly photo?: string;
  /** More about it, e.g. why a challenge was refused. */
  readonly details?: AuditDetails;
}
