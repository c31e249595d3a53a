/**
 * The few bytes of the PostgreSQL wire protocol (version 3, "Message Formats" in its manual) that the embedded
 * database needs to know about; everything else is left to `pg` on one side and PGlite on the other.
 */

const QUERY = 0x51; // 'Q'
const SYNC = 0x53; // 'S'
const TERMINATE = 0x58; // 'X'
const READY_FOR_QUERY = 0x5a; // 'Z'
/** A message's type byte and its length. */
const HEADER_BYTES = 5;

/** 'I' idle, 'T' in a transaction, 'E' in a transaction that failed. */
export type SessionStatus = 'I' | 'T' | 'E';

/** Is the one message `bytes` the farewell of a client? It must never reach PGlite, which would exit. */
export const isTerminate = (bytes: Uint8Array): boolean =>
  bytes.length === HEADER_BYTES && bytes[0] === TERMINATE;

/** Must the answer to these messages end with ReadyForQuery? (Start-up packets have no type byte, so begin with 0.) */
export function expectsReady(bytes: Uint8Array): boolean {
  return bytes[0] === 0 || bytes[0] === QUERY || bytes[bytes.length - HEADER_BYTES] === SYNC;
}

/** What a complete answer says about the session, or null when it does not end with ReadyForQuery. */
export function sessionStatus(answer: Uint8Array): SessionStatus | null {
  const at = answer.length - HEADER_BYTES - 1;
  if (answer[at] !== READY_FOR_QUERY || answer[at + 4] !== HEADER_BYTES) return null;
  const status = String.fromCharCode(answer[at + 5] ?? 0);
  return status === 'I' || status === 'T' || status === 'E' ? status : null;
}

/** `sql` as one message of the simple query protocol. */
export function simpleQuery(sql: string): Uint8Array {
  const text = new TextEncoder().encode(sql);
  const message = new Uint8Array(HEADER_BYTES + text.length + 1);
  message[0] = QUERY;
  new DataView(message.buffer).setUint32(1, message.length - 1);
  message.set(text, HEADER_BYTES);
  return message;
}

/** One array whose buffer holds nothing else, so it can be handed to another thread. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
