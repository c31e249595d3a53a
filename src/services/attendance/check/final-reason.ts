import { RollcallError } from '../../../errors';
import { Locked } from '../../access/locked';
import { systemCode } from '../../disk/storage-fault';
import { Untimely } from './capture-time';
import { NoTemplate } from './match-person';
import type { CheckOutcome } from './outcomes';

/** Faults that the same check ends in again, however often it is sent. */
const FINAL = new Set(['BAD_USER_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT']);

/** Outcomes after which nothing is lost. */
export const KEPT = new Set<CheckOutcome['status']>(['RECORDED', 'ALREADY_RECORDED', 'REVIEW']);

/** Why a fault is final; null: it may pass. */
export function finalReason(error: unknown): string | null {
  if (error instanceof Untimely || error instanceof NoTemplate) return error.reason;
  // A short lock passes while the client waits; this one needs a person.
  if (error instanceof Locked) return error.daily ? 'LOCKED_OUT' : null;
  return error instanceof RollcallError && FINAL.has(error.code) ? error.code : null;
}

/** Whether the disk or the database failed, or something unforeseen: what no client can bring about. */
export const isServicesFault = (error: unknown): boolean =>
  !(error instanceof RollcallError) ||
  (error.code === 'UNAVAILABLE' && systemCode(error.cause) !== undefined);
