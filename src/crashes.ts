import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';

/**
 * Ends the process without leaving personal data behind. TypeORM's errors contain the parameters of their query, so
 * also templates. Node would print them, and write them into a diagnostic report.
 */
export function guardCrashes(log: Logger): void {
  // Rejections that nobody handles come as exceptions, too.
  process.on('uncaughtException', (error) => {
    // The logger writes a few of an error's properties, and does so at once.
    const text = 'Unhandled error; the process ends. Acknowledged data is safe';
    if (log.isLevelEnabled('fatal')) log.fatal({ err: error }, text);
    else process.stderr.write(`${text}\n${bareOf(error).stack ?? ''}\n`);
    reportBare(error);
    process.exit(1);
  });
  // Node would open its inspector, which lets everybody who connects read all memory. Our listener prevents that.
  process.on('SIGUSR1', () => log.warn('SIGUSR1 ignored: the inspector stays closed'));
  // Of older versions of Node reports have the environment; the secrets are out of it by now (config.ts).
  if (process.report !== undefined && 'excludeEnv' in process.report) process.report.excludeEnv = true;
}

/** The report of --report-uncaught-exception, which Node does not write if a listener handles the error. */
function reportBare(error: unknown): void {
  const { report } = process;
  if (report?.reportOnUncaughtException !== true) return;
  report.writeReport(bareOf(error));
}

/** Its message and stack, and nothing else that it carries. */
function bareOf(error: unknown): Error {
  const bare = new Error(error instanceof Error ? error.message : 'not an Error');
  if (error instanceof Error && error.stack !== undefined) bare.stack = error.stack;
  return bare;
}

/** Whether the process may leave a core file when it dies. @returns null: this system does not say */
export function leavesCoreFiles(limits: string | null = readLimits()): boolean | null {
  const [, most] = /^Max core file size\s+(\S+)/m.exec(limits ?? '') ?? [];
  return most === undefined ? null : most !== '0';
}

/** Linux only. */
function readLimits(): string | null {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return null;
  }
}
