import 'reflect-metadata';
import { InvalidArgumentError } from 'commander';
import { configFromProcess } from '../config/config';
import { verifyAuditChain } from '../services/audit/audit-verification';
import { AuditEvent } from '../entities/audit-event.entity';
import { command, runCommand } from './command';
import { withDatabase } from './open-database';
import { OperatorError } from './operator-error';

const INSTEAD = 'Stop the service and run this command again.';

interface End {
  readonly sequence: number;
  readonly hash: string;
}

function toEnd(text: string): End {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined) {
    throw new InvalidArgumentError('It must be <sequence>:<64 hexadecimal digits>.');
  }
  return { sequence: Number(sequence), hash };
}

async function verify({ end: known }: { readonly end?: End }): Promise<void> {
  await withDatabase(configFromProcess(), INSTEAD, async (dataSource) => {
    const { events, purgedThrough, end, faults } = await verifyAuditChain(dataSource);
    const messages = faults.map(({ message }) => message);
    if (known !== undefined && known.sequence > purgedThrough) {
      const { sequence, hash } = known;
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

void runCommand(
  command(
    'audit:verify',
    'Verifies the audit trail and lists changed or removed events. Prints the end of the trail. Keep it outside the database, for example on paper. Give it to --end later to detect that somebody rewrote the whole trail.',
    'Reads the environment like the service. Exit codes: 0 unchanged, 1 changed or not readable, 2 wrong options.',
  )
    .option(
      '--end <sequence:hash>',
      'an end that was printed earlier; the trail must still contain it',
      toEnd,
    )
    .action(verify),
);
