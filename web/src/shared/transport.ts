import { addressOf } from './address';
import type { TypedDocumentString } from '../generated/graphql';
import { ApiFault, type FaultCode } from './faults';
import { Reach } from './reach';

/** A request without an answer after this time counts as offline: the person at the kiosk does not wait longer. */
const DEADLINE_MS = 20_000;

/** Which page and build sends a punch; the service keeps it with the punch. */
const CLIENT_NAME = 'rollcall-pages';
const CLIENT_VERSION = typeof __ROLLCALL_VERSION__ === 'undefined' ? 'dev' : __ROLLCALL_VERSION__;

interface Envelope {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** Sends operations to /graphql of the server that the page came from. */
export class Transport {
  /** @param key asked before each request; null: the service runs open, or the operation is public */
  constructor(
    private readonly key: () => string | null,
    readonly reach = new Reach(),
  ) {}

  /**
   * @param files what becomes a file of the request, by the path of its variable: `input.image`, `input.images.0`
   * @throws ApiFault
   */
  async send<Answer, Variables>(
    document: TypedDocumentString<Answer, Variables>,
    variables: Variables,
    files: ReadonlyMap<string, Blob> = new Map(),
  ): Promise<Answer> {
    const body = JSON.stringify({ query: document.toString(), variables });
    return files.size === 0
      ? await this.post<Answer>(body, { 'content-type': 'application/json' })
      : await this.post<Answer>(multipart(body, files), {});
  }

  authorization(): Record<string, string> {
    const key = this.key();
    return key === null ? {} : { authorization: `Bearer ${key}` };
  }

  private async post<T>(body: BodyInit, headers: Readonly<Record<string, string>>): Promise<T> {
    let response: Response;
    let answer: Envelope;
    const { clock, beacon } = this.reach;
    const sentAt = clock.device.monotonic();
    try {
      response = await fetch(addressOf('/graphql'), {
        method: 'POST',
        headers: {
          ...headers,
          ...this.authorization(),
          accept: 'application/json',
          // Tells the service that a page of another site did not send this.
          'apollo-require-preflight': 'true',
          'apollographql-client-name': CLIENT_NAME,
          'apollographql-client-version': CLIENT_VERSION,
        },
        body,
        signal: AbortSignal.timeout(DEADLINE_MS),
        credentials: 'omit',
      });
      clock.measure(response.headers.get('date'), sentAt);
      beacon.note(response.headers.get('x-time-beacon'));
      answer = (await response.json()) as Envelope;
    } catch (error) {
      // No connection, a time limit, or an error page of a proxy: the person at the kiosk sees the same.
      this.reach.note(false);
      throw new ApiFault('OFFLINE', error instanceof Error ? error.message : String(error));
    }
    const [first] = answer.errors ?? [];
    const answered = first !== undefined || (answer.data ?? null) !== null || response.status === 401;
    this.reach.note(answered);
    if (first !== undefined) throw faultOf(first.message, first.extensions ?? {}, response);
    if (answer.data === undefined || answer.data === null) {
      throw response.status === 401
        ? new ApiFault('UNAUTHENTICATED', 'The key is not valid')
        : new ApiFault('OFFLINE', `The server answered ${response.status}`);
    }
    return answer.data as T;
  }
}

function faultOf(
  message: string,
  { code, ...details }: Readonly<Record<string, unknown>>,
  response: Response,
) {
  const after = Number(response.headers.get('retry-after'));
  const waits = after > 0 && !('retryAfterSeconds' in details) ? { retryAfterSeconds: after } : {};
  const known = typeof code === 'string' ? (code as FaultCode) : 'INTERNAL_SERVER_ERROR';
  return new ApiFault(known, message, { ...details, ...waits });
}

/** As graphql-multipart-request-spec has it: a file is null in the variables, and the map says where it belongs. */
function multipart(operations: string, files: ReadonlyMap<string, Blob>): FormData {
  const form = new FormData();
  form.append('operations', operations);
  const entries = [...files].map(([path, file], index) => ({ name: String(index), path, file }));
  form.append(
    'map',
    JSON.stringify(Object.fromEntries(entries.map(({ name, path }) => [name, [`variables.${path}`]]))),
  );
  for (const { name, file } of entries) form.append(name, file, `${name}.jpg`);
  return form;
}
