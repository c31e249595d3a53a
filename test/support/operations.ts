import type { ApiClient } from './api-client';
import { base64Photo, descriptor } from './photos';

/** Operations as a client would write them. */

export const CREATE_OFFICE = `mutation ($input: CreateOfficeInput!) {
  createOffice(input: $input) { id name latitude longitude radiusMeters timeZone }
}`;

export const REGISTER = `mutation ($input: RegisterEmployeeInput!) {
  registerEmployee(input: $input) {
    message cloudinaryUrl faceDetectionStatus
    employee { id name employeeId faceImageUrl cloudinaryFaceImageUrl imageUrl thumbnailUrl officeName office { id } createdAt }
  }
}`;

export const CHECK = `mutation ($input: CheckAttendanceInput!) {
  checkAttendance(input: $input) {
    __typename status message similarity distanceFromOffice cloudinaryUrl
    ... on AttendanceRecorded { attendance { ...punch } }
    ... on AttendanceAlreadyRecorded { attendance { ...punch } }
    ... on FaceMismatch { threshold }
    ... on FaceNotRecognized { threshold }
    ... on OutsideOffice { office { id name } }
  }
}
fragment punch on Attendance {
  id type recordedAt similarity distanceFromOffice latitude longitude
  imageUrl localImageUrl cloudinaryImageUrl employee { id employeeId name } office { id }
}`;

export const PUNCHES = `query ($filter: AttendanceFilter, $first: Int! = 50, $after: String) {
  attendances(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes { id type recordedAt similarity employee { employeeId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Punch {
  readonly id: string;
  readonly type: 'LOGIN' | 'LOGOUT';
  readonly recordedAt: string;
  readonly similarity: number;
  readonly distanceFromOffice: number | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly imageUrl: string;
  readonly localImageUrl: string;
  readonly cloudinaryImageUrl: string | null;
  readonly employee: { readonly id: string; readonly employeeId: string; readonly name: string };
  readonly office: { readonly id: string } | null;
}

export interface CheckAnswer {
  readonly __typename: string;
  readonly status: string;
  readonly message: string;
  readonly similarity: number | null;
  readonly distanceFromOffice: number | null;
  readonly cloudinaryUrl: string | null;
  readonly attendance?: Punch;
  readonly threshold?: number;
  readonly office?: { readonly id: string; readonly name: string };
}

interface RegisteredEmployee {
  readonly id: string;
  readonly name: string;
  readonly employeeId: string;
  readonly faceImageUrl: string;
  readonly cloudinaryFaceImageUrl: string | null;
  readonly imageUrl: string;
  readonly thumbnailUrl: string;
  readonly officeName: string | null;
  readonly office: { readonly id: string } | null;
  readonly createdAt: string;
}

export interface RegisterAnswer {
  readonly message: string;
  readonly cloudinaryUrl: string | null;
  readonly faceDetectionStatus: string;
  readonly employee: RegisteredEmployee;
}

export const hopper = {
  imageBase64: base64Photo('grace-hopper.jpg'),
  faceDescriptor: descriptor('grace-hopper'),
};
export const hopperAgain = {
  imageBase64: base64Photo('grace-hopper-2.jpg'),
  faceDescriptor: descriptor('grace-hopper-2'),
};
export const collins = {
  imageBase64: base64Photo('eileen-collins.jpg'),
  faceDescriptor: descriptor('eileen-collins'),
};

/** A service, in this process or in one of its own. */
export type Asker = Pick<ApiClient, 'ask'>;

/** Registers somebody; Grace Hopper as EMP-1 unless said otherwise. */
export async function register(
  service: Asker,
  input: Readonly<Record<string, unknown>> = {},
): Promise<RegisterAnswer> {
  const { registerEmployee } = await service.ask<{ registerEmployee: RegisterAnswer }>(REGISTER, {
    input: { name: 'Grace Hopper', employeeId: 'EMP-1', ...hopper, ...input },
  });
  return registerEmployee;
}

/** Checks somebody who has to be answered; Grace Hopper's second photo unless said otherwise. */
export async function check(
  service: Asker,
  input: Readonly<Record<string, unknown>> = {},
): Promise<CheckAnswer> {
  const { checkAttendance } = await service.ask<{ checkAttendance: CheckAnswer }>(CHECK, {
    input: { ...hopperAgain, ...input },
  });
  return checkAttendance;
}

/** How many punches there are. */
export async function punchCount(service: Asker): Promise<number> {
  const { attendances } = await service.ask<{ attendances: { totalCount: number } }>(
    '{ attendances { totalCount } }',
  );
  return attendances.totalCount;
}
