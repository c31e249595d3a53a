import { ADMIN_KEY } from './access';
import { until } from './until';

/** A subscription as it comes over the wire. */

export const WATCH = `subscription ($officeId: ID) {
  attendanceRecorded(officeId: $officeId) {
    id type recordedAt offline receivedAt imageUrl employee { employeeId name } office { id }
  }
}`;

export interface WatchedPunch {
  readonly id: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly offline: boolean;
  readonly receivedAt: string;
  readonly imageUrl: string | null;
  readonly employee: { readonly employeeId: string; readonly name: string };
  readonly office: { readonly id: string } | null;
}

interface StreamedResult {
  readonly data?: { readonly attendanceRecorded: WatchedPunch } | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

export interface OpenOptions {
  readonly credential?: string | null;
  readonly query?: string;
  readonly variables?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An open stream, or the answer that there is none. */
export class EventStream {
  readonly events: { readonly event: string; readonly data: StreamedResult | null }[] = [];
  comments = 0;
  /** Whether the server has ended it. */
  ended = false;
  private constructor(
    readonly response: Response,
    private readonly abort: AbortController,
  ) {
    void this.read().catch(() => {
      this.ended = true;
    });
  }

  static async open(url: string, options: OpenOptions = {}): Promise<EventStream> {
    const { credential = ADMIN_KEY, query = WATCH, variables = {}, headers = {} } = options;
    const abort = new AbortController();
    const response = await fetch(`${url}/graphql/stream`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
      signal: abort.signal,
    });
    return new EventStream(response, abort);
  }

  /** The fault of a stream that was not opened. */
  static async fault(url: string, options: OpenOptions = {}) {
    const { response } = await EventStream.refused(url, options);
    const { errors } = (await response.json()) as StreamedResult;
    const [first] = errors ?? [];
    if (first === undefined) throw new Error('The service answered without an error');
    return { status: response.status, message: first.message, ...first.extensions } as Readonly<
      Record<string, unknown>
    >;
  }

  private static async refused(url: string, options: OpenOptions): Promise<{ response: Response }> {
    const stream = await EventStream.open(url, options);
    if (stream.response.status === 200) {
      stream.close();
      throw new Error('The stream was opened');
    }
    return stream;
  }

  get punches(): WatchedPunch[] {
    return this.events.flatMap(({ data }) => (data?.data == null ? [] : [data.data.attendanceRecorded]));
  }

  /** Waits until something holds. */
  async until(what: (stream: EventStream) => boolean): Promise<this> {
    await until(
      () => ({ events: this.events, ended: this.ended }),
      () => what(this),
    );
    return this;
  }

  close(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    const { body, status } = this.response;
    if (status !== 200 || body === null) return;
    let text = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      const messages = (text + chunk).split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) this.take(message);
    }
    this.ended = true;
  }

  private take(message: string): void {
    if (message.startsWith(':')) {
      this.comments++;
      return;
    }
    const event = /^event: (.*)$/m.exec(message)?.[1] ?? '';
    const data = /^data: (.+)$/m.exec(message)?.[1];
    this.events.push({ event, data: data === undefined ? null : (JSON.parse(data) as StreamedResult) });
  }
}
