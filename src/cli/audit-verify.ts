import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { configFromProcess } from '../config/config';
import { verifyAuditChain } from '../services/audit/audit-verification';
import { AuditEvent } from '../entities/audit-event.entity';
import { OperatorError, withDatabase } from './open-database';

const USAGE = `npm run audit:verify -- [--end <sequence>:<hash>]

Follows the chain of audit events and says which were altered or removed. Prints the end of the chain: noted elsewhere
(on paper, in another system) and given with --end later, it also shows that everything was written anew by somebody
who owns the database.

  --end <sequence>:<hash>   an end that was printed earlier, which must still be in the chain
  --help                    this text

Reads the environment as the service does. Exits with 0 where the chain is whole, 1 where it is not or cannot be read,
2 when the options are wrong.
`;

const INSTEAD = 'Stop it, and run this again.';

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
        messages.push(`Event ${sequence} is not the one whose hash was noted: the chain was written anew`);
      }
    }
    const purged =
      purgedThrough === 0 ? '' : `; those up to ${purgedThrough} were removed by RETAIN_AUDIT_DAYS`;
    process.stdout.write(`${events} events${purged}\nThe end: ${end.sequence}:${end.hash}\n`);
    if (messages.length > 0) throw new OperatorError(messages.join('\n'));
    process.stdout.write('The chain is whole.\n');
  });
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : 'unknown';
  const usage =
    error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${message}\n${usage ? '\nSee: npm run audit:verify -- --help\n' : ''}`);
  process.exitCode = usage ? 2 : 1;
});
