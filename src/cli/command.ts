import { Command, CommanderError } from 'commander';
import { guardCrashes } from '../crashes';
import { createLogger } from '../logger';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** A command that npm starts, with --help. @param notes a paragraph below the description */
export const command = (script: string, description: string, notes: string): Command =>
  new Command(`npm run ${script} --`)
    .description(`${description}\n\n${notes}`)
    .helpOption('-h, --help', 'show this text')
    .exitOverride()
    // runCommand prints the error, once.
    .configureOutput({ outputError: () => undefined });

/** Parses the arguments of this process and runs the command. Exit codes: 0 success, 1 failure, 2 wrong options. */
export async function runCommand(started: Command): Promise<void> {
  // Commands read templates, too.
  guardCrashes(createLogger('silent'));
  try {
    await started.parseAsync();
  } catch (error) {
    const wrongUse = error instanceof CommanderError;
    // --help is not a failure.
    if (wrongUse && error.exitCode === 0) return;
    const message = error instanceof Error ? error.message : 'unknown';
    process.stderr.write(`${message}\n${wrongUse ? `\nSee: ${started.name()} --help\n` : ''}`);
    process.exitCode = wrongUse ? EXIT_USAGE : EXIT_FAILED;
  }
}
