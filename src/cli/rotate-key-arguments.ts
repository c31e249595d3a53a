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

Brings all face templates, and the local photos where ENCRYPT_MEDIA=true, under ENCRYPTION_KEY: what an earlier key
(ENCRYPTION_KEY_PREVIOUS) encrypts gets its data key wrapped anew, what is not encrypted is encrypted. The service may
run meanwhile; every process of it has to have both keys by then. It can be broken off and run again at any time.

  --dry-run   count what would be rewritten, and rewrite nothing
  --decrypt   decrypt everything, for going back to a service without encryption; stop the service first
  --help      this text

Reads the service's own configuration. On the embedded database the service has to be stopped; while it runs the
mutation rotateEncryption does the same. Exits with 0, 1 when something is left or it failed, 2 when the options are
wrong.
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
