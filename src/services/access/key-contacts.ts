import type { Logger } from 'pino';
import type { Statements } from '../../database/statements';

/** A contact is written no oftener. */
const EVERY_MS = 60_000;
/** Answers that are no further apart are one contact: in between the service could be reached. */
export const CONTACT_GAP_MS = 300_000;
/** A saved check may be 12 hours old. */
const KEEP_MS = 86_400_000;

/** $1 the key's id, $2 now, $3 the earliest end of a contact that is extended. */
const NOTE = `
  WITH longer AS (
    UPDATE key_contacts SET ended_at = greatest(ended_at, $2::timestamptz)
    WHERE key_id = $1 AND ended_at >= $3::timestamptz AND began_at <= $2::timestamptz RETURNING 1)
  INSERT INTO key_contacts (key_id, began_at, ended_at)
  SELECT id, $2::timestamptz, $2::timestamptz FROM api_keys
  WHERE id = $1 AND NOT EXISTS (SELECT FROM longer)
  ON CONFLICT (key_id, began_at) DO NOTHING`;

/** $1 the key's id, $2 now. */
const NOTE_FAULT = `
  UPDATE api_keys SET last_fault_at = $2::timestamptz
  WHERE id = $1 AND (last_fault_at IS NULL OR last_fault_at < $2::timestamptz)`;

/** $1 the moment before which a contact is long ago. */
const PURGE = 'DELETE FROM key_contacts WHERE ended_at < $1';

/** Keeps when the holder of each API key got answers. A check that claims to have waited offline is compared with it. */
export class KeyContacts {
  /** When each key was noted last, in milliseconds since 1970. */
  private readonly noted = new Map<string, number>();
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly statements: Statements,
    private readonly log: Logger,
    private readonly now: () => Date,
  ) {}

  /** The holder of a key got an answer. Neither waits nor throws. */
  note(keyId: string): void {
    const at = this.now().getTime();
    const last = this.noted.get(keyId);
    if (last !== undefined && at >= last && at - last < EVERY_MS) return;
    this.noted.set(keyId, at);
    this.write('note-key-contact', NOTE, [keyId, new Date(at), new Date(at - CONTACT_GAP_MS)]);
  }

  /** The service could not record what the device had saved: until then it had no reason to be sent. Never throws. */
  noteFault(keyId: string): void {
    this.write('note-key-fault', NOTE_FAULT, [keyId, this.now()]);
  }

  /** Beside the request, which does not wait for it. */
  private write(name: string, text: string, values: readonly unknown[]): void {
    const written = this.statements
      .run(name, text, values)
      .then(() => undefined)
      .catch((err: unknown) => this.log.warn({ err }, 'Could not record that an API key was in contact'))
      .finally(() => this.writing.delete(written));
    this.writing.add(written);
  }

  /** Waits for running writes. */
  async settle(): Promise<void> {
    await Promise.all(this.writing);
  }

  /** Deletes contacts that no saved check can be compared with any more. */
  async purge(): Promise<void> {
    const before = this.now().getTime() - KEEP_MS;
    for (const [keyId, at] of this.noted) if (at < before) this.noted.delete(keyId);
    await this.statements.run('purge-key-contacts', PURGE, [new Date(before)]);
  }
}
