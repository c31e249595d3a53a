import {
  AcceptReviewItemDocument,
  AddFaceTemplateDocument,
  AttendanceRecordedDocument,
  AttendancesDocument,
  type AttendancesQuery,
  type ChallengeFragment,
  CheckAttendanceDocument,
  type CheckAttendanceMutation,
  CreateChallengeDocument,
  DeactivateEmployeeDocument,
  DismissReviewItemDocument,
  EmployeeDocument,
  type EmployeeFragment,
  EmployeesDocument,
  type EmployeesQuery,
  EnrolledCountDocument,
  KioskSettingsDocument,
  type KioskSettingsFragment,
  type OfficeFragment,
  OfficesDocument,
  type PunchFragment,
  ReactivateEmployeeDocument,
  RedeemKioskPairingDocument,
  type RedeemKioskPairingMutation,
  RegisterEmployeeDocument,
  RequireStaffDocument,
  ReplaceFaceDocument,
  type ReviewItemFragment,
  ReviewItemsDocument,
  type ReviewItemsQuery,
} from './generated/graphql';
import { HoursApi } from './hours/hours-api';
import type { Position } from './shared/position';
import { subscribe, type Subscription } from './shared/subscription';
import type { Reach } from './shared/reach';
import { Transport } from './shared/transport';

export type { FaceFault, LivenessAction } from './generated/graphql';
export type Challenge = ChallengeFragment;
export type CheckResult = CheckAttendanceMutation['checkAttendance'];
export type Employee = EmployeeFragment;
export type EmployeePage = EmployeesQuery['employees'];
/** `office` is null if the key is for all offices. */
export type KioskSettings = KioskSettingsFragment;
export type Office = OfficeFragment;
export type Punch = PunchFragment;
export type ReviewItem = ReviewItemFragment;
export type ReviewPage = ReviewItemsQuery['reviewItems'];

/** A check as the kiosk sends it. */
export interface Check {
  readonly requestId: string;
  readonly employeeId: string | null;
  readonly officeId: string | null;
  readonly position: Position | null;
  readonly challenge: string | null;
  /** Of a punch that an earlier version of the page saved; this one computes none. */
  readonly faceDescriptor: string | null;
  /** Set for a punch that waited for the network. */
  readonly capturedAt: string | null;
  /** Correction of this device's time of the check to the service's time, in milliseconds. Null: unknown. */
  readonly clockOffsetMs: number | null;
  /** The last time beacon of the service when the photo was taken. Null: none yet. */
  readonly timeBeacon: string | null;
}

export interface Registration {
  readonly name: string;
  readonly employeeId: string;
  readonly officeId: string | null;
  readonly allowDuplicateFace: boolean;
  /** The text that the person agreed to. */
  readonly consent: string;
}

/** The service distinguishes null from an omitted field. */
const withoutNulls = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as {
    readonly [K in keyof T]?: NonNullable<T[K]>;
  };

/** Everything the pages ask of the service. Faults are ApiFaults; outcomes of a check are data. */
export class Api {
  private readonly transport: Transport;
  readonly hours: HoursApi;

  constructor(key: () => string | null, reach?: Reach) {
    this.transport = new Transport(key, reach);
    this.hours = new HoursApi(this.transport);
  }

  /** Whether the service can be reached, and how its clock differs from this device's. */
  get reach(): Reach {
    return this.transport.reach;
  }

  async redeemPairing(code: string): Promise<RedeemKioskPairingMutation['redeemKioskPairing']> {
    return (await this.transport.send(RedeemKioskPairingDocument, { code })).redeemKioskPairing;
  }

  async kioskSettings(): Promise<KioskSettings> {
    return (await this.transport.send(KioskSettingsDocument, {})).kioskSettings;
  }

  /** @throws ApiFault UNAUTHENTICATED, FORBIDDEN: the key is not one of HR or an administrator */
  async requireStaff(): Promise<void> {
    await this.transport.send(RequireStaffDocument, {});
  }

  async offices(): Promise<readonly Office[]> {
    return (await this.transport.send(OfficesDocument, {})).offices;
  }

  async check(check: Check, photo: Blob, actions: readonly Blob[] = []): Promise<CheckResult> {
    const { position, ...rest } = check;
    // With each try: the server compares it with the offset, and so learns of a clock that was set meanwhile.
    const deviceTime = new Date(this.reach.clock.device.wall()).toISOString();
    const files = new Map([['input.image', photo]]);
    actions.forEach((action, i) => files.set(`input.livenessImages.${i}`, action));
    const input = {
      ...withoutNulls({ ...rest, ...position, deviceTime }),
      image: null,
      ...(actions.length > 0 ? { livenessImages: actions.map(() => null) } : {}),
    };
    return (await this.transport.send(CheckAttendanceDocument, { input }, files)).checkAttendance;
  }

  async createChallenge(
    employeeId: string | null,
    officeId: string | null,
    liveness: boolean,
  ): Promise<Challenge> {
    const input = withoutNulls({ employeeId, officeId, liveness });
    return (await this.transport.send(CreateChallengeDocument, { input })).createChallenge;
  }

  async employees(search: string, after: string | null, first = 50): Promise<EmployeePage> {
    const filter = search === '' ? {} : { search };
    return (await this.transport.send(EmployeesDocument, { filter, first, after })).employees;
  }

  /** How many people can be recognised. */
  async enrolledCount(): Promise<number> {
    return (await this.transport.send(EnrolledCountDocument, {})).employees.totalCount;
  }

  async employee(employeeId: string): Promise<Employee | null> {
    return (await this.transport.send(EmployeeDocument, { employeeId })).employee;
  }

  async register({ consent, officeId, ...rest }: Registration, photos: readonly Blob[]): Promise<Employee> {
    const person = { ...rest, ...withoutNulls({ officeId }), consent: await consentTo(consent) };
    const { faces, files } = sent(photos);
    const input = { ...person, ...faces };
    return (await this.transport.send(RegisterEmployeeDocument, { input }, files)).registerEmployee.employee;
  }

  async addFaces(
    person: { readonly employeeId: string; readonly allowDuplicateFace: boolean },
    photos: readonly Blob[],
  ): Promise<Employee> {
    const { faces, files } = sent(photos);
    const input = { ...person, ...faces };
    return (await this.transport.send(AddFaceTemplateDocument, { input }, files)).addFaceTemplate.employee;
  }

  async replaceFaces(
    person: { readonly employeeId: string; readonly allowDuplicateFace: boolean },
    photos: readonly Blob[],
  ): Promise<Employee> {
    const { faces, files } = sent(photos);
    const input = { ...person, ...faces };
    return (await this.transport.send(ReplaceFaceDocument, { input }, files)).replaceFace.employee;
  }

  async deactivate(employeeId: string): Promise<Employee> {
    return (await this.transport.send(DeactivateEmployeeDocument, { employeeId })).deactivateEmployee;
  }

  async reactivate(employeeId: string): Promise<Employee> {
    return (await this.transport.send(ReactivateEmployeeDocument, { employeeId })).reactivateEmployee;
  }

  /** What waits for a decision. */
  async reviewItems(after: string | null, first = 20): Promise<ReviewPage> {
    const filter = { status: 'PENDING' } as const;
    return (await this.transport.send(ReviewItemsDocument, { filter, first, after })).reviewItems;
  }

  async acceptReviewItem(input: {
    readonly id: string;
    readonly employeeId: string;
    readonly type: 'LOGIN' | 'LOGOUT';
    readonly recordedAt: string;
    readonly reason: string;
  }): Promise<void> {
    await this.transport.send(AcceptReviewItemDocument, { input });
  }

  async dismissReviewItem(id: string, reason: string): Promise<void> {
    await this.transport.send(DismissReviewItemDocument, { input: { id, reason } });
  }

  async punches(
    filter: { readonly officeId?: string; readonly from?: string },
    after: string | null,
    first = 200,
  ): Promise<AttendancesQuery['attendances']> {
    return (await this.transport.send(AttendancesDocument, { filter, first, after })).attendances;
  }

  /** Punches as they are recorded, until the signal; the promise ends when the stream does. */
  recorded(officeId: string | null, signal: AbortSignal, on: Subscription<Punch>): Promise<void> {
    const variables = withoutNulls({ officeId });
    return subscribe(AttendanceRecordedDocument, variables, this.transport.authorization(), signal, {
      open: on.open,
      next: ({ attendanceRecorded }) => on.next(attendanceRecorded),
    });
  }

  /** A photo of this service, which wants the key: an <img> could not send it. */
  async photo(address: string): Promise<Blob> {
    const { pathname, search } = new URL(address, location.origin);
    const response = await fetch(pathname + search, {
      headers: this.transport.authorization(),
      credentials: 'omit',
    });
    if (!response.ok) throw new Error(`The photo was answered with ${response.status}`);
    return await response.blob();
  }
}

/** Photos as variables, and as the files of the request. */
function sent(photos: readonly Blob[]) {
  return {
    faces: { images: photos.map(() => null) },
    files: new Map(photos.map((photo, i) => [`input.images.${i}`, photo])),
  };
}

/** Identifies the accepted text by its digest. */
async function consentTo(text: string) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const version = Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { version: `desk ${version}`, givenAt: new Date().toISOString(), recordedBy: 'Enrolment desk' };
}
