import {
  CheckDocument,
  type CheckMutation,
  CreateOfficeDocument,
  PunchCountDocument,
  PunchesDocument,
  RegisterDocument,
  type RegisterMutation,
  type TypedDocumentString,
} from '../generated/graphql';
import type { ApiClient } from './api-client';
import { base64Photo, descriptor } from './photos';

/** The operations of operations.graphql, with the types of their answers and variables. */

/** On one line, as clients write short ones: tests that want more of an answer add it by replacing text. */
export const oneLine = <Answer, Variables>(document: TypedDocumentString<Answer, Variables>) =>
  document.toString().replace(/\s+/g, ' ').trim() as ReturnType<typeof document.toString>;

export const CREATE_OFFICE = oneLine(CreateOfficeDocument);
export const REGISTER = oneLine(RegisterDocument);
export const CHECK = oneLine(CheckDocument);
export const PUNCHES = oneLine(PunchesDocument);
const PUNCH_COUNT = oneLine(PunchCountDocument);

/** With the address of the photo, which everybody but a kiosk sees. */
export type RegisterAnswer = RegisterMutation['registerEmployee'] & {
  readonly employee: { readonly faceImageUrl: string };
};
type Outcome = CheckMutation['checkAttendance'];

type KeyOf<U> = U extends unknown ? keyof U : never;
type ValueOf<U, K extends PropertyKey> = U extends unknown ? (K extends keyof U ? U[K] : never) : never;
/** An answer to a check with the fields of every outcome: a test says by itself which outcome it expects. */
export type CheckAnswer = Pick<Outcome, keyof Outcome> & {
  readonly [K in Exclude<KeyOf<Outcome>, keyof Outcome>]?: ValueOf<Outcome, K>;
};

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
  return (await service.ask(PUNCH_COUNT)).attendances.totalCount;
}
