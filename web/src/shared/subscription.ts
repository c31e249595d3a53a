import { addressOf } from './address';
import type { TypedDocumentString } from '../generated/graphql';
import { ApiFault, type FaultCode } from './faults';

/** The server sends a comment every five seconds at the latest; a stream that is silent for so long is dead. */
const SILENCE_MS = 20_000;

export interface Subscription<T> {
  /** The server takes the subscription: from now on nothing is missed. */
  readonly open: () => void;
  readonly next: (event: T) => void;
}

interface Message {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/**
 * GraphQL over server-sent events, a connection for the operation (graphql-sse's distinct connections mode). EventSource
 * cannot send the key, so the stream is read by hand. Resolves when the server completes it.
 * @throws ApiFault; OFFLINE if it ends without that, as when the server restarts or was not kept up with
 */
export async function subscribe<Answer, Variables>(
  document: TypedDocumentString<Answer, Variables>,
  variables: Variables,
  authorization: Readonly<Record<string, string>>,
  signal: AbortSignal,
  on: Subscription<Answer>,
): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await fetch(addressOf('/graphql/stream'), {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: AbortSignal.any([signal, silence.signal]),
      credentials: 'omit',
    });
    if (!response.ok || response.body === null) throw refusal(response.status);
    on.open();
    for await (const { event, data } of events(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      if (event === 'complete') return;
      if (event === 'next') on.next(dataOf<Answer>(data));
    }
    throw new ApiFault('OFFLINE', 'The stream broke off');
  } catch (error) {
    if (error instanceof ApiFault) throw error;
    throw new ApiFault('OFFLINE', error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    // Leaving early because of an error also closes the connection.
    silence.abort();
  }
}

function refusal(status: number): ApiFault {
  if (status === 401) return new ApiFault('UNAUTHENTICATED', 'The key is not valid');
  if (status === 403) return new ApiFault('FORBIDDEN', 'The key may not do that');
  return new ApiFault(status === 404 ? 'NOT_FOUND' : 'OFFLINE', `The stream was answered with ${status}`);
}

function dataOf<T>(text: string): T {
  const { data, errors } = JSON.parse(text) as Message;
  const [first] = errors ?? [];
  if (first !== undefined) {
    throw new ApiFault(
      (first.extensions?.code as FaultCode | undefined) ?? 'INTERNAL_SERVER_ERROR',
      first.message,
    );
  }
  return data as T;
}

/** The events of a stream, comments included (as an event without a name). */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: string }> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value.replaceAll('\r\n', '\n')).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string =>
        block
          .split('\n')
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trimStart())
          .join('\n');
      yield { event: field('event'), data: field('data') };
    }
  }
}
