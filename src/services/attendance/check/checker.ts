import { RollcallError } from '../../../errors';

/** Who sends a check. */
export interface Checker {
  /** Names them, the same every time. */
  readonly id: string;
  /**
   * Under which their refused faces are counted; null: they are not. Those of ADMIN_API_KEY and of an open service are
   * not: who holds it can do anything anyway, and locking it would lock the operator out.
   */
  readonly lockable: string | null;
  /** Whether their checks may say when they were captured. */
  readonly mayPunchOffline: boolean;
  /** The office that a kiosk stands in, whose people alone may punch there; null: no kiosk. */
  readonly kioskOffice: string | null;
}

/** @throws RollcallError FORBIDDEN where a kiosk names an office other than its own */
export function refuseForeignOffice(kioskOffice: string | null, officeId: string | null | undefined): void {
  if (kioskOffice === null || officeId == null || officeId.toLowerCase() === kioskOffice) return;
  throw new RollcallError('FORBIDDEN', 'A kiosk can only check for its own office', { field: 'officeId' });
}
