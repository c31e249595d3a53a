import type { AttendanceType } from '../../../entities/attendance.entity';
import { RollcallError } from '../../../errors';
import type { PhotoInput } from '../../photos/input/photo-input';
import type { UploadSource } from '../../photos/input/upload-reader';

/** A person in front of the camera, as a client describes them. */
export interface Check extends PhotoInput {
  /** The company's id of the person who is claimed; none: the face alone decides. */
  readonly employeeId?: string | null | undefined;
  /** As it was sent. */
  readonly faceDescriptor?: unknown;
  /** Limits an identification to the employees of one office. */
  readonly officeId?: string | null | undefined;
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
  /** Radius around the position in which the device probably is. */
  readonly positionAccuracyMeters?: number | null | undefined;
  /** When the device determined the position, by its clock. */
  readonly positionTakenAt?: Date | null | undefined;
  readonly type?: AttendanceType | null | undefined;
  readonly requestId?: string | null | undefined;
  /** When the photo was taken, for a punch that was made offline. */
  readonly capturedAt?: Date | null | undefined;
  /** What the device's clock said when the check was sent. */
  readonly deviceTime?: Date | null | undefined;
  /** The correction to that clock when the photo was taken, in milliseconds; null: unknown. */
  readonly clockOffsetMs?: number | null | undefined;
  /** The latest time beacon that the device had when the photo was taken. */
  readonly timeBeacon?: string | null | undefined;
  /** The token of a challenge. */
  readonly challenge?: string | null | undefined;
  /** One photo for each action of the challenge, in its order; one of the two forms. */
  readonly livenessImagesBase64?: readonly string[] | null | undefined;
  readonly livenessImages?: readonly UploadSource[] | null | undefined;
}

/** @throws RollcallError FORBIDDEN if a kiosk names an office other than its own */
export function refuseForeignOffice(kioskOffice: string | null, officeId: string | null | undefined): void {
  if (kioskOffice === null || officeId == null || officeId.toLowerCase() === kioskOffice) return;
  throw new RollcallError('FORBIDDEN', 'A kiosk can only check for its own office', { field: 'officeId' });
}
