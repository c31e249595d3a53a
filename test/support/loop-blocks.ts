import { join } from 'node:path';
import type { ChildService } from './child-service';

/** Measures how long a service holds its event loop. */
export class LoopBlocks {
  /** What the service is started with. */
  readonly env = { NODE_OPTIONS: `--require ${join(__dirname, 'report-loop-blocks.cjs')}` };
  private readonly waiting: ((ms: number) => void)[] = [];

  /** To be given every line that the service prints. */
  readonly onLine = (line: string): void => {
    const ms = /^\{"longestBlockMs":(\d+)\}$/.exec(line)?.[1];
    if (ms !== undefined) this.waiting.shift()?.(Number(ms));
  };

  /** The longest block since the last question, in milliseconds of processor time. */
  longest(child: Pick<ChildService, 'signal'>): Promise<number> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      child.signal('SIGUSR2');
    });
  }
}
