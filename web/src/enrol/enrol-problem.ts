import type { FaceFault } from '../api';
import { ApiFault } from '../shared/faults';

/** Why the service did not take the photos, in the terms of the form. */
export type EnrolProblem =
  /** @param photo number of the photo from 0; null: it is not said which */
  | { readonly kind: 'photo'; readonly photo: number | null; readonly fault: FaceFault }
  | { readonly kind: 'duplicate'; readonly employeeId: string }
  | { readonly kind: 'taken' }
  /** The server does not look at photos (FACE_WORKERS=0). */
  | { readonly kind: 'blind' }
  | { readonly kind: 'other'; readonly message: string };

/** What a fault means for the form. */
export function problemOf(error: unknown): EnrolProblem {
  if (!(error instanceof ApiFault)) return { kind: 'other', message: String(error) };
  const { reason, photo, employeeId, field } = error.details;
  if (typeof reason === 'string') {
    return { kind: 'photo', photo: typeof photo === 'number' ? photo - 1 : null, fault: reason as FaceFault };
  }
  if (error.code === 'FACE_ALREADY_ENROLLED') {
    return { kind: 'duplicate', employeeId: typeof employeeId === 'string' ? employeeId : '' };
  }
  if (error.code === 'BAD_USER_INPUT' && field === 'faceDescriptor') return { kind: 'blind' };
  if (error.code === 'CONFLICT' && field === 'employeeId') return { kind: 'taken' };
  return { kind: 'other', message: error.message };
}
