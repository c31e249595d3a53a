import { RollcallError } from '../../../errors';
import { Locked } from '../../access/locked';
import { systemCode } from '../../disk/storage-fault';
import { Untimely } from './capture-time';
import { NoTemplate } from './match-person';
import type { CheckOutcome } from './outcomes';

/** Errors that the same check would get again at each retry. */
const FINAL = new Set(['BAD_USER_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT']);

/** Outcomes that keep the check. */
export const KEPT = new Set<CheckOutcome['status']>(['RECORDED', 'ALREADY_RECORDED', 'REVIEW']);

/** The reason of a final error; null: a retry may succeed. */
export function finalReason(error: unknown): string | null {
  if (error instanceof Untimely || error instanceof NoTemplate) return error.reason;
  // A short lock passes while the client waits; this one needs a person.
  if (error instanceof Locked) return error.daily ? 'LOCKED_OUT' : null;
  return error instanceof RollcallError && FINAL.has(error.code) ? error.code : null;
}

/** Whether the service is at fault: the disk, the database, or an unexpected error. No client can cause these. */
export const isServicesFault = (error: unknown): boolean =>
  !(error instanceof RollcallError) ||
  (error.code === 'UNAVAILABLE' && systemCode(error.cause) !== undefined);
