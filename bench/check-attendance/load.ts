import { Agent, request } from 'node:http';
import type { Subject } from './workload';

export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the clients of one server saw during a window. */
export interface Window {
  readonly seconds: number;
  /** Milliseconds, one a request that ended within the window. */
  readonly latencies: readonly number[];
}

interface CheckAnswer {
  readonly data?: {
    readonly checkAttendance?: { readonly status: string; readonly attendance?: { readonly id: string } };
  };
}

/** Sends a prebuilt body. @throws Error unless it is answered with 200 */
export function post({ url, headers }: Target, agent: Agent, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      agent,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': body.length },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${response.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    outgoing.end(body);
  });
}

/** Clients that each send the next check as soon as the last one is answered, over a connection of their own. */
export class Clients {
  private readonly agent: Agent;

  /** @param recorded takes the id of every punch that was answered */
  constructor(
    private readonly target: Target,
    private readonly subjects: readonly Subject[],
    private readonly count: number,
    private readonly recorded: (id: string) => void,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: count });
  }

  /**
   * Loads the server for `warmUpMs + measureMs`; `onEdge` is called as the measured window begins and ends.
   * @throws Error if anything but a recorded punch is answered
   */
  async run(warmUpMs: number, measureMs: number, onEdge: () => void): Promise<Window> {
    const latencies: number[] = [];
    let measuring = false;
    let stopping = false;
    const client = async (first: number): Promise<void> => {
      for (let i = first; !stopping; i = (i + this.count) % this.subjects.length) {
        const begin = performance.now();
        const answer = await post(this.target, this.agent, (this.subjects[i] as Subject).check);
        if (measuring) latencies.push(performance.now() - begin);
        this.recorded(punchIdOf(answer));
      }
    };
    const clients = Promise.all(Array.from({ length: this.count }, (_, i) => client(i)));
    const timeline = async (): Promise<number> => {
      await delay(warmUpMs);
      onEdge();
      measuring = true;
      const begin = performance.now();
      await delay(measureMs);
      measuring = false;
      onEdge();
      const seconds = (performance.now() - begin) / 1000;
      stopping = true;
      return seconds;
    };
    try {
      // A client that fails ends the run at once.
      const seconds = await Promise.race([timeline(), clients.then(() => Promise.reject(new Error('idle')))]);
      await clients;
      return { seconds, latencies };
    } finally {
      stopping = true;
      this.agent.destroy();
    }
  }
}

function punchIdOf(answer: string): string {
  const { data } = JSON.parse(answer) as CheckAnswer;
  const id = data?.checkAttendance?.attendance?.id;
  if (data?.checkAttendance?.status !== 'RECORDED' || id === undefined) {
    throw new Error(`A check was not recorded: ${answer.slice(0, 300)}`);
  }
  return id;
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
