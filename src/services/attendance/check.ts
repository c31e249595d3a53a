import type { AttendanceType } from '../../entities/attendance.entity';
import type { PhotoInput } from '../storage/storage-service';

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
  readonly type?: AttendanceType | null | undefined;
  readonly requestId?: string | null | undefined;
}
