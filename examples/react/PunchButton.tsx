/** A button that punches by face: takes a photo, asks for the position, and shows what came of the check. */
import { type ChangeEvent, type ReactElement, useState } from 'react';
import {
  advice,
  CHECK,
  type CheckResult,
  type Fault,
  faultOf,
  isPunch,
  isTemporary,
  withRetry,
} from '../typescript/rollcall.ts';

export interface PunchButtonProps {
  /** e.g. https://rollcall.example.com/graphql. The page's origin must be among the service's CORS_ORIGINS. */
  readonly url: string;
  /**
   * The key; left out: the service is open. Everybody who can open the page can read it: use a KIOSK key of one office
   * on a guarded tablet, or a token of your identity provider. Never ship an ADMIN key.
   */
  readonly credential?: string | undefined;
  /** Left out: the face alone decides who it is. */
  readonly employeeId?: string | undefined;
  readonly onPunch?: (result: CheckResult) => void;
}

/** One photo. Its requestId stays the same for every retry, so that a lost answer never becomes a second punch. */
interface Attempt {
  readonly requestId: string;
  readonly photo: Blob;
  readonly position: Position;
}
type Position = { readonly latitude: number; readonly longitude: number } | Record<string, never>;

type State =
  | { readonly step: 'ready' }
  | { readonly step: 'sending' }
  | { readonly step: 'answered'; readonly result: CheckResult }
  | { readonly step: 'failed'; readonly fault: Fault; readonly attempt: Attempt };

export function PunchButton({ url, credential, employeeId, onPunch }: PunchButtonProps): ReactElement {
  const [state, setState] = useState<State>({ step: 'ready' });

  const send = async (attempt: Attempt): Promise<void> => {
    setState({ step: 'sending' });
    try {
      const result = await withRetry(() => check(url, credential, employeeId, attempt), toFault);
      setState({ step: 'answered', result });
      if (isPunch(result)) onPunch?.(result);
    } catch (error) {
      setState({ step: 'failed', fault: toFault(error), attempt });
    }
  };

  const take = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [file] = target.files ?? [];
    if (file === undefined) return;
    setState({ step: 'sending' });
    const [photo, position] = await Promise.all([shrunk(file), ask()]);
    // The same file can be chosen again.
    target.value = '';
    await send({ requestId: crypto.randomUUID(), photo, position });
  };

  return (
    <section>
      <label>
        {/* A phone opens its front camera; a computer asks for a file. */}
        Take a photo{' '}
        <input
          type="file"
          accept="image/jpeg,image/png,image/webp"
          capture="user"
          disabled={state.step === 'sending'}
          onChange={(event) => void take(event)}
        />
      </label>
      <div role="status">
        {state.step === 'sending' && <p>Checking…</p>}
        {state.step === 'answered' && <Outcome result={state.result} />}
        {state.step === 'failed' && <p>{problem(state.fault)}</p>}
      </div>
      {state.step === 'failed' && isTemporary(state.fault) && (
        <button type="button" onClick={() => void send(state.attempt)}>
          Try again
        </button>
      )}
    </section>
  );
}

function Outcome({ result }: { readonly result: CheckResult }): ReactElement {
  const { status, message, attendance, office } = result;
  return (
    <>
      <p data-status={status}>
        <strong>{message}</strong>
      </p>
      {attendance !== undefined && (
        <p>
          {attendance.employee.name}, {new Date(attendance.recordedAt).toLocaleTimeString()}
        </p>
      )}
      {office !== undefined && <p>Office: {office.name}</p>}
      <p>{advice(result)}</p>
    </>
  );
}

/** One request: a multipart form (graphql-multipart-request-spec). */
async function check(
  url: string,
  credential: string | undefined,
  employeeId: string | undefined,
  { requestId, photo, position }: Attempt,
): Promise<CheckResult> {
  const input = { requestId, employeeId, ...position, image: null };
  const form = new FormData();
  form.append('operations', JSON.stringify({ query: CHECK, variables: { input } }));
  form.append('map', JSON.stringify({ photo: ['variables.input.image'] }));
  form.append('photo', photo, 'photo');
  const response = await fetch(url, {
    method: 'POST',
    body: form,
    headers: {
      // Without it the service refuses multipart requests (protection against CSRF).
      'apollo-require-preflight': 'true',
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
    },
  });
  const { data, errors } = (await response.json()) as {
    data?: { checkAttendance: CheckResult } | null;
    errors?: Parameters<typeof faultOf>[0];
  };
  if (data == null) throw new ApiError(faultOf(errors ?? []));
  return data.checkAttendance;
}

class ApiError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** fetch rejects without an answer; response.json() rejects for an answer that is not the service's. */
const toFault = (error: unknown): Fault =>
  error instanceof ApiError ? error.fault : { code: 'NETWORK', message: 'The service does not answer.' };

const problem = ({ code, message }: Fault): string =>
  code === 'UNAUTHENTICATED' ? 'This key is not valid. Ask the administrator.' : message;

/** The position, if the person allows it. The service says so if the office has a geofence and needs one. */
const ask = (): Promise<Position> =>
  new Promise((resolve) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
      () => resolve({}),
      { enableHighAccuracy: true, timeout: 10_000 },
    ),
  );

const LONGEST_SIDE = 1600;

/** A photo of a phone can be larger than the service accepts (MAX_IMAGE_BYTES). A face needs fewer pixels. */
async function shrunk(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => null);
  // The service says what is wrong with a file that is no picture.
  if (picture === null) return file;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), 'image/jpeg', 0.92));
}
