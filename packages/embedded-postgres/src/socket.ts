import { Duplex } from 'node:stream';
import type { PgliteEngine } from './engine';
import { isTerminate, joined, type SessionStatus, sessionStatus } from './wire';

/**
 * What `pg` takes for a TCP connection: the messages it writes are carried out by the engine, whose answers it reads.
 * There is one engine and hence one session, so one socket at a time is live; connecting gives a session in which
 * nothing is left of the one before, whatever state its client dropped it in.
 */
export class PgliteSocket extends Duplex {
  readonly #serving: () => Promise<PgliteEngine>;
  #engine: PgliteEngine | null = null;
  #status: SessionStatus | null = null;
  #unanswered = 0;

  /** @param serving resolves to the engine, when that serves */
  constructor(serving: () => Promise<PgliteEngine>) {
    super();
    this.#serving = serving;
  }

  /** Is nothing under way, and no transaction open? Only then may the session be passed on to somebody else. */
  get atRest(): boolean {
    return this.#unanswered === 0 && this.#status === 'I' && !this.destroyed;
  }

  /** Part of net.Socket, as far as `pg` uses it; the address is of no interest. */
  connect(): this {
    this.#begin().then(
      () => this.emit('connect'),
      (error: Error) => this.destroy(error),
    );
    return this;
  }

  async #begin(): Promise<void> {
    const engine = await this.#serving();
    // Nobody waits for this session any more, and the next one may be at work.
    if (this.destroyed) return;
    this.#engine = engine;
    await engine.reset();
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // answers are pushed as they come
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    this.push(null);
    done();
  }

  /** `pg` writes whole messages only, so the chunks of one call are whole messages too. */
  #send(chunks: readonly Buffer[], done: (error?: Error | null) => void): void {
    const messages = joined(chunks.filter((chunk) => !isTerminate(chunk)));
    // A socket that was given up may still be written to; its session belongs to somebody else by now.
    if (messages.length === 0 || this.destroyed || this.#engine === null) return done();
    this.#unanswered += 1;
    this.#engine.messages(messages).then((answer) => {
      this.#unanswered -= 1;
      this.#status = sessionStatus(answer);
      if (!this.destroyed && answer.length > 0)
        this.push(Buffer.from(answer.buffer, answer.byteOffset, answer.length));
      done();
    }, done);
  }
}
