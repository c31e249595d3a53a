import { parseArgs } from 'node:util';

/** The command line is at fault. */
export class UsageError extends Error {}

interface RotateKeyArguments {
  /** Only counts what would be rewritten. */
  readonly dryRun: boolean;
  /** Everything is decrypted, in place of brought under the current key. */
  readonly decrypt: boolean;
}

export const USAGE = `npm run keys:rotate -- [options]

Re-encrypts all face templates with ENCRYPTION_KEY, and local photos if ENCRYPT_MEDIA=true. Data under an earlier key
(ENCRYPTION_KEY_PREVIOUS) gets a newly encrypted data key. Unencrypted data is encrypted. The service can run meanwhile,
if all of its nodes have both keys. You can interrupt the command and run it again.

  --dry-run   only count what would be re-encrypted
  --decrypt   decrypt everything, to run the service without encryption; stop the service first
  --help      show this text

Reads the environment like the service. With the embedded database, stop the service first or use the mutation
rotateEncryption instead. Exit codes: 0 success, 1 failure or work left, 2 wrong options.
`;

/** @throws UsageError that says what is wrong and how to get help */
export function parseArguments(args: readonly string[]): RotateKeyArguments | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  return { dryRun: values['dry-run'] ?? false, decrypt: values.decrypt ?? false };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'dry-run': { type: 'boolean' },
        decrypt: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\nSee: npm run keys:rotate -- --help`);
  }
}
