import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { withDeadline } from '../../../deadline';
import { CdnError, toCdnError } from './cloudinary-error';

/** Shorter than servers commonly keep an idle connection, so that we seldom write into one just being closed. */
const IDLE_SOCKET_MS = 4000;

/**
 * Connections to Cloudinary that are kept alive between calls. The SDK gives no access to its request, and its `timeout`
 * starts again with every byte; an agent used by one call at a time can be destroyed together with that call's socket.
 */
export class CdnConnections {
  private readonly idle: HttpAgent[] = [];

  /**
   * @param prefix whose scheme decides
   * @param timeoutMs for a whole call, from the first byte sent to the last received
   */
  constructor(
    private readonly prefix: string,
    private readonly timeoutMs: number,
  ) {}

  /** Runs one call on a connection of its own, within the deadline. @throws CdnError */
  async run(call: (agent: HttpAgent) => Promise<unknown>): Promise<Readonly<Record<string, unknown>>> {
    const { timeoutMs } = this;
    const agent = this.idle.pop() ?? this.newAgent();
    try {
      const answer = await withDeadline(call(agent), timeoutMs, () => {
        throw new CdnError(`Cloudinary did not answer within ${timeoutMs} ms`);
      });
      this.idle.push(agent);
      return typeof answer === 'object' && answer !== null
        ? (answer as Readonly<Record<string, unknown>>)
        : {};
    } catch (error) {
      // Also after an answer: the bodies of most errors are left unread, and their sockets open.
      agent.destroy();
      throw error instanceof CdnError ? error : toCdnError(error);
    }
  }

  /** Closes connections that wait for another call. */
  close(): void {
    for (const agent of this.idle.splice(0)) agent.destroy();
  }

  private newAgent(): HttpAgent {
    const options = { keepAlive: true, maxSockets: 1, timeout: IDLE_SOCKET_MS };
    return this.prefix.startsWith('http:') ? new HttpAgent(options) : new HttpsAgent(options);
  }
}
