import 'reflect-metadata';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { DataSource } from 'typeorm';
import { configFromProcess } from '../config/config';
import { verifyAuditChain } from '../services/audit/audit-verification';
import { HEAD_FILE, HeadFile, isIn, type Head } from '../services/audit/head-file';
import { readAuditKeys } from '../services/audit/open-audit-keys';
import { KeyRing } from '../services/encryption/key-ring';
import { command, runCommand } from './command';
import { withDatabase } from './open-database';
import { OperatorError } from './operator-error';

const INSTEAD = 'Stop the service and run this command again.';

const NO_KEYS =
  'No key of the audit trail was found, so nobody can tell whether its events are genuine. Set DATA_DIR and ENCRYPTION_KEY to the values of the service, and start the service once after an upgrade';

/** The end that the service last recorded outside the database. */
async function lastHead(dataSource: DataSource, dataDir: string): Promise<Head | null> {
  const [row] = await dataSource.query<{ id: string }[]>('SELECT id FROM installation');
  return row === undefined ? null : new HeadFile(dataDir).read(row.id);
}

const goneFrom = (dataDir: string, { sequence }: Head): string =>
  `The trail once ended with event ${sequence}, as ${join(dataDir, HEAD_FILE)} says, and does not contain it now: events were deleted or replaced at the end. After the restore of a backup this is expected; delete the file then`;

function toEnd(text: string): Head {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined) {
    throw new InvalidArgumentError('It must be <sequence>:<64 hexadecimal digits>.');
  }
  return { sequence: Number(sequence), hash };
}

async function verify({ end: known }: { readonly end?: Head }): Promise<void> {
  const config = configFromProcess();
  const { dataDir } = config;
  const keys = config.encryption && new KeyRing(config.encryption);
  await withDatabase(config, INSTEAD, async (dataSource) => {
    const hasKeys = await readAuditKeys(dataSource, { dataDir, keys });
    const { events, purgedThrough, end, faults } = await verifyAuditChain(dataSource);
    const messages = faults.map(({ message }) => message);
    if (!hasKeys) messages.push(NO_KEYS);
    if (known !== undefined && !(await isIn(dataSource.manager, known))) {
      messages.push(`Event ${known.sequence} does not have the given hash: the audit trail was rewritten`);
    }
    const kept = await lastHead(dataSource, dataDir);
    if (kept !== null && !(await isIn(dataSource.manager, kept))) messages.push(goneFrom(dataDir, kept));
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
    'Verifies the audit trail with its key and lists changed, forged or removed events. Prints the end of the trail. Keep it outside the database, for example on paper. Give it to --end later to detect that somebody rewrote the whole trail.',
    'Reads the environment like the service. Exit codes: 0 unchanged, 1 changed or not readable, 2 wrong options.',
  )
    .option(
      '--end <sequence:hash>',
      'an end that was printed earlier; the trail must still contain it',
      toEnd,
    )
    .action(verify),
);
