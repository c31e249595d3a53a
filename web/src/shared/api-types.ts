/** What the pages ask for of src/schema.graphql. Enums are the server's own, so that a new value does not compile. */
import type { FaceFault } from '../../../src/services/face/face-fault';
import type { LivenessAction } from '../../../src/services/face/liveness-action';

export type { FaceFault, LivenessAction };
type PunchType = 'LOGIN' | 'LOGOUT';

export interface Office {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}

export interface KioskSettings {
  /** null: the key is for all offices. */
  readonly office:
    | (Office & {
        readonly latitude: number | null;
        readonly longitude: number | null;
        readonly radiusMeters: number | null;
      })
    | null;
  readonly requireChallenge: boolean;
  readonly requireLiveness: boolean;
}

export interface KioskCredentials {
  readonly apiKey: string;
  readonly office: Office;
}

export interface Punch {
  readonly id: string;
  readonly type: PunchType;
  readonly recordedAt: string;
  /** Made without network, and sent later. */
  readonly offline: boolean;
  readonly employee: { readonly employeeId: string; readonly name: string };
  readonly office: Office | null;
}

type ChallengeRefusal = 'MISSING' | 'UNKNOWN' | 'EXPIRED' | 'USED' | 'FOREIGN' | 'WITHOUT_LIVENESS';
type LivenessFault = 'ACTION_NOT_SHOWN' | 'FACE_NOT_USABLE' | 'ANOTHER_PERSON' | 'SAME_PICTURE';

export type CheckResult =
  | { readonly status: 'RECORDED' | 'ALREADY_RECORDED'; readonly attendance: Punch }
  | { readonly status: 'FACE_MISMATCH' | 'FACE_NOT_RECOGNIZED' | 'EMPLOYEE_NOT_FOUND' }
  | { readonly status: 'DESCRIPTOR_MISMATCH' | 'REPLAY_DETECTED' | 'OTHER_OFFICE' }
  | { readonly status: 'OUTSIDE_OFFICE'; readonly distanceFromOffice: number | null; readonly office: Office }
  | { readonly status: 'FACE_NOT_USABLE'; readonly reason: FaceFault }
  | { readonly status: 'CHALLENGE_REFUSED'; readonly reason: ChallengeRefusal }
  | {
      readonly status: 'LIVENESS_FAILED';
      readonly reason: LivenessFault;
      readonly action: LivenessAction | null;
      readonly faceReason: FaceFault | null;
    };

export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** A check as the kiosk sends it. */
export interface Check {
  readonly requestId: string;
  readonly employeeId: string | null;
  readonly officeId: string | null;
  readonly position: Position | null;
  readonly challenge: string | null;
  readonly faceDescriptor: string | null;
  /** Set for a punch that waited for the network. */
  readonly capturedAt: string | null;
}

export interface Challenge {
  readonly token: string;
  readonly actions: readonly LivenessAction[];
  readonly expiresAt: string;
}

export interface Employee {
  readonly employeeId: string;
  readonly name: string;
  /** Whether their face is recognised; no: they were deactivated. */
  readonly active: boolean;
  readonly office: { readonly id: string; readonly name: string } | null;
  readonly faceImageUrl: string | null;
  readonly faceTemplates: readonly { readonly id: string; readonly createdAt: string }[];
}

export interface Page<T> {
  readonly totalCount: number;
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface Registration {
  readonly name: string;
  readonly employeeId: string;
  readonly officeId: string | null;
  readonly allowDuplicateFace: boolean;
  /** The text that the person agreed to. */
  readonly consent: string;
}
