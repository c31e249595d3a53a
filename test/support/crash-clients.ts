import sharp from 'sharp';
import type { ApiClient } from './api-client';
import { CHECK, type CheckAnswer, REGISTER, type RegisterAnswer } from './operations';
import { strangerDescriptor } from './photos';
import { until } from './until';

/** An acknowledged registration: what was sent. */
interface Registered {
  readonly employeeId: string;
  readonly descriptor: readonly number[];
  readonly photo: Buffer;
}

/** An acknowledged punch: what was sent and what was answered. */
interface Punched {
  readonly requestId: string;
  readonly employeeId: string;
  readonly photo: Buffer;
  readonly id: string;
  readonly type: string;
}

/** A photo like no other, so that a mix-up shows. */
const newPhoto = (): Promise<Buffer> =>
  sharp({
    create: {
      width: 48,
      height: 48,
      channels: 3,
      background: 'white',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .jpeg()
    .toBuffer();

/**
 * Clients as they should be: each has one request under way, and repeats it, the same in every byte, until it is
 * answered, however often the service dies meanwhile.
 */
export class CrashClients {
  readonly registered: Registered[] = [];
  readonly punched: Punched[] = [];
  /** Answers that no well-behaved client should ever see. */
  readonly surprises: string[] = [];
  /** Requests whose answer was lost, and that were repeated. */
  repeated = 0;
  private over = false;
  private abandoned = false;
  private service: Promise<ApiClient>;
  private numbers = 0;

  constructor(first: Promise<ApiClient>) {
    this.service = first;
  }

  /** The service was restarted and is available, or will be soon. */
  reach(service: Promise<ApiClient>): void {
    this.service = service;
  }

  /** Runs a number of clients until they are stopped. Resolves when the last answer of each has come. */
  async run(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.client()));
  }

  /** Resolves once so many more requests were answered: on a slow machine a time alone would mean no load. */
  async acknowledged(more: number): Promise<void> {
    const count = () => this.registered.length + this.punched.length;
    const enough = count() + more;
    await until(count, (now) => now >= enough);
  }

  /** Has each client end with the answer to its last request. */
  stop(): void {
    this.over = true;
  }

  /** Ends the clients, answered or not. */
  abandon(): void {
    this.over = true;
    this.abandoned = true;
  }

  private async client(): Promise<void> {
    for (let n = 0; !this.over; n += 1) {
      await (n % 4 === 0 || this.registered.length === 0 ? this.register() : this.check(n));
    }
  }

  private async register(): Promise<void> {
    const number = (this.numbers += 1);
    const [employeeId, descriptor, photo] = [`EMP-${number}`, strangerDescriptor(number), await newPhoto()];
    const input = {
      name: `Person ${number}`,
      employeeId,
      faceDescriptor: descriptor,
      imageBase64: photo.toString('base64'),
    };
    const { data, errors } = await this.untilAnswered<{ registerEmployee: RegisterAnswer }>(REGISTER, input);
    // The registration whose answer was lost had been done.
    const done = data != null || errors?.[0]?.extensions.code === 'CONFLICT';
    if (done) this.registered.push({ employeeId, descriptor, photo });
    else this.surprises.push(`register: ${JSON.stringify(errors)}`);
  }

  /** Checks anybody: most often somebody whom other clients check at the same time. */
  private async check(n: number): Promise<void> {
    const someone = this.registered[Math.floor(Math.random() ** 3 * this.registered.length)] as Registered;
    const { employeeId, descriptor } = someone;
    const requestId = `request-${(this.numbers += 1)}`;
    const photo = await newPhoto();
    const { data, errors } = await this.untilAnswered<{ checkAttendance: CheckAnswer }>(CHECK, {
      requestId,
      imageBase64: photo.toString('base64'),
      faceDescriptor: descriptor,
      // Every third one is recognised by the face.
      ...(n % 3 === 0 ? {} : { employeeId }),
    });
    const punch = data?.checkAttendance.attendance;
    if (punch?.employee.employeeId === employeeId) {
      this.punched.push({ requestId, employeeId, photo, id: punch.id, type: punch.type });
    } else {
      this.surprises.push(`check of ${employeeId}: ${JSON.stringify(errors ?? data)}`);
    }
  }

  private async untilAnswered<T>(query: string, input: Readonly<Record<string, unknown>>) {
    while (!this.abandoned) {
      const service = this.service;
      try {
        const answer = await (await service).send<T>(query, { input });
        const code = answer.errors?.[0]?.extensions.code;
        // Killed on one side of a connection, the other one may still be told politely.
        if (code !== 'UNAVAILABLE') return answer;
      } catch (error) {
        // The connection broke, or the service was killed before it listened.
        if ((error as { name?: string }).name === 'TimeoutError') this.surprises.push('no answer came');
      }
      this.repeated += 1;
      // As a client should: a service that starts is not stormed.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('The clients were abandoned');
  }
}
