import 'reflect-metadata';
import { resolve } from 'node:path';
import { configFromProcess, inProduction } from '../config/config';
import { command, runCommand } from './command';
import { OperatorError } from './operator-error';
import { ProgressBar } from './progress-bar';
import { runDemo } from './run-demo';

async function demo({ remove = false }: { readonly remove?: boolean }): Promise<void> {
  // Before the configuration is read: in production it can have other errors.
  if (inProduction() && !remove) {
    throw new OperatorError('The demo cannot be added in production (NODE_ENV=production).');
  }
  const progress = new ProgressBar(process.stdout);
  const interrupted = new AbortController();
  if (!remove) process.once('SIGINT', () => interrupted.abort());
  try {
    const counts = await runDemo(configFromProcess(), {
      remove,
      progress,
      signal: interrupted.signal,
      fixtures: resolve('test/fixtures'),
    }).finally(() => progress.end());
    const { offices, people, punches } = counts;
    const what = [
      counted(offices, 'office', 'offices'),
      counted(people, 'person', 'people'),
      counted(punches, 'punch', 'punches'),
    ]
      .filter((part) => part !== null)
      .join(', ');
    if (offices + people + punches === 0) process.stdout.write(`Nothing to ${remove ? 'remove' : 'add'}.\n`);
    else process.stdout.write(`${remove ? 'Removed' : 'Added'}: ${what}.\n`);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    throw new OperatorError('Interrupted. Run the command again to add the rest.');
  }
}

/** @returns null for none */
const counted = (count: number, one: string, many: string): string | null =>
  count === 0 ? null : `${count} ${count === 1 ? one : many}`;

void runCommand(
  command(
    'demo',
    'Adds an office, two employees with their faces, and a week of punches with photos. A second run adds what is missing. All names or employeeIds contain DEMO.',
    'Reads the environment like the service. With the embedded database, stop the service first. Nothing is added in production, or if other employees are enrolled. Exit codes: 0 success, 1 failure, 2 wrong options.',
  )
    .option(
      '--remove',
      'remove the office, the two employees and all of their punches from database, disk and CDN',
    )
    .action(demo),
);
