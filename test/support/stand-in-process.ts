import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { compiled } from './compiled';
import type { FailureMode } from './cloudinary-stand-in';

export interface ListedAsset {
  readonly publicId: string;
  readonly uploads: number;
  readonly secureUrl: string;
  readonly sha256: string;
}

/** The Cloudinary stand-in as a process of its own: it outlives the services that are killed, and costs them nothing. */
export class StandInProcess {
  readonly cloudName = 'crash';
  readonly apiKey = '123456789012345';
  readonly apiSecret = 'crash-secret';

  private constructor(
    readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<StandInProcess> {
    const credentials = [
      '--cloud-name',
      'crash',
      '--api-key',
      '123456789012345',
      '--api-secret',
      'crash-secret',
    ];
    const child = spawn(
      process.execPath,
      [compiled('test/support/cloudinary-stand-in-main.js'), ...credentials],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(child, 'close');
    const [line] = (await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      ended.then(() => Promise.reject(new Error('The stand-in ended before it listened'))),
    ])) as [string];
    const { url } = JSON.parse(line) as { url: string };
    return new StandInProcess(url, async () => {
      child.kill('SIGTERM');
      await ended;
    });
  }

  async assets(): Promise<readonly ListedAsset[]> {
    return (await (await fetch(`${this.url}/__assets`)).json()) as ListedAsset[];
  }

  async failWith(mode: FailureMode | 'none', times?: number): Promise<void> {
    const query = new URLSearchParams({ mode, ...(times === undefined ? {} : { times: String(times) }) });
    await fetch(`${this.url}/__fail?${query.toString()}`, { method: 'POST' });
  }

  stop(): Promise<void> {
    return this.end();
  }
}
