/** What every TypeScript client of Rollcall needs: the operations, the outcomes of a check, and when to retry. */

export const REGISTER = `mutation Register($input: RegisterEmployeeInput!) {
  registerEmployee(input: $input) { message employee { employeeId name } }
}`;

export const CHECK = `mutation Check($input: CheckAttendanceInput!) {
  checkAttendance(input: $input) {
    status message
    ... on AttendanceRecorded { attendance { type recordedAt employee { name } } }
    ... on AttendanceAlreadyRecorded { attendance { type recordedAt employee { name } } }
    ... on FaceNotUsable { hint }
    ... on LivenessFailed { livenessHint: hint }
    ... on OutsideOffice { office { name } }
  }
}`;

export const PUNCHES = `query Punches($first: Int!) {
  attendances(first: $first) { nodes { type recordedAt employee { name employeeId } } }
}`;

/** What the person does next, by CheckAttendanceStatus of the schema. A newer service may have more outcomes. */
const NEXT_STEP: Readonly<Record<string, string>> = {
  RECORDED: 'Nothing to do.',
  ALREADY_RECORDED: 'Nothing to do: this punch was recorded before.',
  FACE_MISMATCH: 'Check the employee number, or take another photo.',
  FACE_NOT_RECOGNIZED: 'Take another photo, or enter the employee number.',
  FACE_NOT_USABLE: 'Take another photo.',
  EMPLOYEE_NOT_FOUND: 'Check the employee number, or ask HR.',
  OUTSIDE_OFFICE: 'Go to the office and punch there.',
  POSITION_UNCERTAIN: 'Wait for a better position, near a window or outside.',
  REVIEW: 'Nothing: HR decides about it.',
  OTHER_OFFICE: 'Use a kiosk of your own office.',
  CHALLENGE_REFUSED: 'Get a new challenge (createChallenge), and check again.',
  LIVENESS_FAILED: 'Get a new challenge, and follow its actions.',
  DESCRIPTOR_MISMATCH: 'Compute the descriptor from the photo that is sent, or send none.',
  REPLAY_DETECTED: 'Take a new photo: each photo is accepted once.',
};

export interface Punch {
  readonly type: 'LOGIN' | 'LOGOUT';
  readonly recordedAt: string;
  readonly employee: { readonly name: string; readonly employeeId?: string };
}

export interface CheckResult {
  readonly status: string;
  readonly message: string;
  readonly attendance?: Punch;
  /** What is wrong with the photo, in words for the person. */
  readonly hint?: string;
  readonly livenessHint?: string | null;
  readonly office?: { readonly name: string };
}

/** Whether there is a punch now. All other outcomes are refusals: nothing was recorded. */
export const isPunch = ({ status }: CheckResult): boolean =>
  status === 'RECORDED' || status === 'ALREADY_RECORDED';

/** The outcome in words for the person. */
export const advice = ({ status, hint, livenessHint }: CheckResult): string =>
  [hint, livenessHint, NEXT_STEP[status] ?? 'This outcome is newer than the script.']
    .filter((text) => text != null)
    .join(' ');

/** An error of the API (`extensions.code`), or NETWORK: no answer arrived. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** The first of the `errors` in an answer. */
export function faultOf(
  errors: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[],
): Fault {
  const [error] = errors;
  const { code, retryAfterSeconds } = error?.extensions ?? {};
  return {
    code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
    message: error?.message ?? 'The service sent no message',
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
  };
}

/** Faults that go away. Every other one is answered the same way again. */
export const isTemporary = ({ code }: Fault): boolean =>
  code === 'TOO_MANY_REQUESTS' || code === 'UNAVAILABLE' || code === 'NETWORK';

const ATTEMPTS = 5;
const LONGEST_WAIT_SECONDS = 10;

/**
 * Sends a request again while its fault is temporary. The request must carry the same `requestId` each time: if only
 * the answer was lost, the service returns the punch that it has recorded and does not record a second one.
 */
export async function withRetry<T>(send: () => Promise<T>, toFault: (error: unknown) => Fault): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const fault = toFault(error);
      const seconds = fault.retryAfterSeconds ?? 2 ** (attempt - 1);
      if (!isTemporary(fault) || attempt === ATTEMPTS || seconds > LONGEST_WAIT_SECONDS) throw error;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }
}
