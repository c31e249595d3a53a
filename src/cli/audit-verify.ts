import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { configFromProcess } from '../config/config';
import { verifyAuditChain } from '../services/audit/audit-verification';
import { AuditEvent } from '../entities/audit-event.entity';
import { OperatorError, withDatabase } from './open-database';

const USAGE = `npm run audit:verify -- [--end <sequence>:<hash>]

Verifies the audit trail and lists changed or removed events. Prints the end of the trail. Keep it outside the database,
for example on paper. Give it to --end later to detect that somebody rewrote the whole trail.

  --end <sequence>:<hash>   an end that was printed earlier; the trail must still contain it
  --help                    show this text

Reads the environment like the service. Exit codes: 0 unchanged, 1 changed or not readable, 2 wrong options.
`;

const INSTEAD = 'Stop the service and run this command again.';

/** The command line is at fault. */
class UsageError extends Error {}

function parse(): { end: { sequence: number; hash: string } | null } | 'help' {
  const { values } = parseArgs({
    options: { end: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return 'help';
  if (values.end === undefined) return { end: null };
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(values.end) ?? [];
  if (sequence === undefined || hash === undefined) {
    throw new UsageError('--end must be <sequence>:<64 hexadecimal digits>');
  }
  return { end: { sequence: Number(sequence), hash } };
}

async function main(): Promise<void> {
  const parsed = parse();
  if (parsed === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  await withDatabase(configFromProcess(), INSTEAD, async (dataSource) => {
    const { events, purgedThrough, end, faults } = await verifyAuditChain(dataSource);
    const messages = faults.map(({ message }) => message);
    if (parsed.end !== null && parsed.end.sequence > purgedThrough) {
      const { sequence, hash } = parsed.end;
      const event = await dataSource.getRepository(AuditEvent).findOneBy({ sequence });
      if (event?.hash.toString('hex') !== hash) {
        messages.push(`Event ${sequence} does not have the given hash: the audit trail was rewritten`);
      }
    }
    const purged =
      purgedThrough === 0 ? '' : `; events up to ${purgedThrough} were deleted by RETAIN_AUDIT_DAYS`;
    process.stdout.write(`${events} events${purged}\nEnd: ${end.sequence}:${end.hash}\n`);
    if (messages.length > 0) throw new OperatorError(messages.join('\n'));
    process.stdout.write('The audit trail is unchanged.\n');
  });
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : 'unknown';
  const usage =
    error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${message}\n${usage ? '\nSee: npm run audit:verify -- --help\n' : ''}`);
  process.exitCode = usage ? 2 : 1;
});
