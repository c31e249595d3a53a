import 'reflect-metadata';
import type { DataSource } from 'typeorm';
import { migrateAsOwner } from '../base';
import { configFromProcess, type Config } from '../config/config';
import { LocalStore } from '../services/photos/local/local-store';
import { requireKeys } from '../services/encryption/key-check';
import { createLogger } from '../logger';
import { openAuditKeys, unshareAuditKey } from '../services/audit/open-audit-keys';
import { KeyRing } from '../services/encryption/key-ring';
import { KeyRotation, type RotationCounts } from '../services/encryption/key-rotation';
import { rewriteSecrets } from '../services/encryption/secrets';
import { stillInUse } from '../services/encryption/rotation-service';
import { TemplateRotation } from '../services/faces/matching/template-rotation';
import { PhotoRotation, photoTarget } from '../services/photos/local/photo-rotation';
import { command, runCommand } from './command';
import { withDatabase } from './open-database';
import { OperatorError } from './operator-error';
import { ProgressBar } from './progress-bar';

/** While the service runs on the embedded database. */
const INSTEAD = `Start the rotation in the service, with the admin key:

  mutation { rotateEncryption { keyId running } }
  { encryptionStatus { keyId running rewritten { templates photos } remaining { templates photos } } }

Or stop the service and run this command again.`;

const EXIT_WORK_LEFT = 1;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const textOf = ({ templates, photos }: RotationCounts): string => `${templates} templates, ${photos} photos`;

interface Options {
  readonly dryRun?: boolean;
  readonly decrypt?: boolean;
}

async function rotateKey({ dryRun = false, decrypt = false }: Options): Promise<void> {
  const config = configFromProcess();
  if (config.encryption === null) {
    throw new OperatorError('ENCRYPTION_KEY is not set. Set it to the key to encrypt with.');
  }
  const keys = new KeyRing(config.encryption);
  await withDatabase(config, INSTEAD, async (dataSource) => {
    await migrateAsOwner(config, dataSource);
    await requireKeys(dataSource, keys);
    const local = new LocalStore(config.dataDir);
    await local.open();
    const rotation = new KeyRotation({
      dataSource,
      keys,
      templates: new TemplateRotation(dataSource, keys, decrypt ? 'plain' : 'encrypted'),
      photos: new PhotoRotation(dataSource, local, keys, photoTarget(config.encryptMedia, decrypt)),
      decrypt,
    });
    if (!dryRun) await rewriteInstallation(dataSource, config, keys, decrypt);
    const remaining = await rotation.remaining();
    const goal = decrypt ? 'to decrypt' : `to re-encrypt with key ${keys.current.id}`;
    say(`${textOf(remaining)} ${goal}`);
    if (!dryRun) await rotate(rotation, remaining);
  });
}

/** The secrets come first: they are few, and without them nothing else can be used. */
async function rewriteInstallation(
  dataSource: DataSource,
  { dataDir, privacy }: Config,
  keys: KeyRing,
  decrypt: boolean,
): Promise<void> {
  await rewriteSecrets(dataDir, keys, decrypt ? 'plain' : 'encrypted', [privacy.erasureLog.keyFile]);
  if (decrypt) await unshareAuditKey(dataSource, dataDir, keys);
  else await openAuditKeys(dataSource, { dataDir, keys, log: createLogger('silent') });
}

async function rotate(rotation: KeyRotation, { templates, photos }: RotationCounts): Promise<void> {
  const bar = new ProgressBar(process.stdout);
  bar.begin(templates + photos);
  const broken = new AbortController();
  const stop = (): void => {
    bar.say('Stopping after the current batch');
    broken.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const left = await rotation.run(broken.signal, {
    templates: (count) => bar.step('Templates', count),
    photos: (count) => bar.step('Photos', count),
    unreadable: (what, reason) => bar.say(`  Could not decrypt ${what}; it stays unchanged: ${reason}`),
  });
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  bar.end();
  const done = left.templates + left.photos === 0;
  if (done && left.keysInUse.length === 0) return say('Done: previous keys are no longer needed');
  say(done ? stillInUse(left.keysInUse) : `Left: ${textOf(left)}. Run the command again to continue`);
  process.exitCode = EXIT_WORK_LEFT;
}

void runCommand(
  command(
    'keys:rotate',
    'Re-encrypts all face templates with ENCRYPTION_KEY, and local photos if ENCRYPT_MEDIA=true. Data under an earlier key (ENCRYPTION_KEY_PREVIOUS) gets a newly encrypted data key. Unencrypted data is encrypted. The service can run meanwhile, if all of its nodes have both keys. You can interrupt the command and run it again.',
    'Reads the environment like the service. With the embedded database, stop the service first or use the mutation rotateEncryption instead. Exit codes: 0 success, 1 failure or work left, 2 wrong options.',
  )
    .option('--dry-run', 'only count what would be re-encrypted')
    .option('--decrypt', 'decrypt everything, to run the service without encryption; stop the service first')
    .action(rotateKey),
);
