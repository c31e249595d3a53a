import { badInput, RollcallError } from '../../../errors';
import type { Check } from './check';
import type { Checker } from './checker';

/** How long a kiosk may have been offline: a working day, and not long enough to make up last week's. */
const MAX_OFFLINE_HOURS = 12;
/** How far a kiosk's clock may be ahead. */
const CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Refuses a check that claims another time than now, where it may not.
 * @throws RollcallError FORBIDDEN for whoever may not punch offline; BAD_USER_INPUT naming field and bound
 */
export function refuseUnfitCapture(
  { capturedAt, requestId }: Check,
  { mayPunchOffline }: Checker,
  now: Date,
): void {
  if (capturedAt == null) return;
  if (!mayPunchOffline) {
    throw new RollcallError('FORBIDDEN', 'capturedAt: only keys with allowOffline can send offline punches', {
      field: 'capturedAt',
    });
  }
  // What waited in a queue is sent again when its answer was lost: without this it would be recorded twice.
  if (requestId == null) throw badInput('requestId', 'required with capturedAt');
  if (capturedAt.getTime() > now.getTime() + CLOCK_TOLERANCE_SECONDS * 1000) {
    throw badInput('capturedAt', `must not be more than ${CLOCK_TOLERANCE_SECONDS} seconds in the future`);
  }
}

/**
 * To be asked once it is known that the check is no retry: one of those gets its first answer, however late.
 * @throws RollcallError BAD_USER_INPUT
 */
export function refuseOldCapture({ capturedAt }: Check, now: Date): void {
  if (capturedAt != null && now.getTime() - capturedAt.getTime() > MAX_OFFLINE_HOURS * 3_600_000) {
    throw badInput('capturedAt', `must not be more than ${MAX_OFFLINE_HOURS} hours ago`);
  }
}

/** When a punch was made: now, or when its photo was taken. A clock that is ahead makes no punch in the future. */
export const punchTime = ({ capturedAt }: Check, now: Date): Date =>
  capturedAt == null || capturedAt > now ? now : capturedAt;
