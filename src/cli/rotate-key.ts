import 'reflect-metadata';
import { configFromProcess } from '../config/config';
import { migrate } from '../database/migrate';
import { LocalStore } from '../services/photos/local/local-store';
import { requireKeys } from '../services/encryption/key-check';
import { KeyRing } from '../services/encryption/key-ring';
import { KeyRotation, type RotationCounts } from '../services/encryption/key-rotation';
import { stillInUse } from '../services/encryption/rotation-service';
import type { RotationProgress } from '../services/encryption/rotation-progress';
import { TemplateRotation } from '../services/faces/matching/template-rotation';
import { PhotoRotation, photoTarget } from '../services/photos/local/photo-rotation';
import { openDatabase, OperatorError } from './open-database';
import { parseArguments, USAGE, UsageError } from './rotate-key-arguments';

/** While the service runs on the embedded database. */
const INSTEAD = `Start the rotation in the service, with the admin key:

  mutation { rotateEncryption { keyId running } }
  { encryptionStatus { keyId running rewritten { templates photos } remaining { templates photos } } }

Or stop the service and run this command again.`;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const PROGRESS_EVERY_MS = 2000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const textOf = ({ templates, photos }: RotationCounts): string => `${templates} templates, ${photos} photos`;

async function main(): Promise<void> {
  const parsed = parseArguments(process.argv.slice(2));
  if (parsed === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const config = configFromProcess();
  if (config.encryption === null) {
    throw new OperatorError('ENCRYPTION_KEY is not set. Set it to the key to encrypt with.');
  }
  const keys = new KeyRing(config.encryption);
  const dataSource = await openDatabase(config, INSTEAD);
  try {
    await migrate(dataSource);
    await requireKeys(dataSource, keys);
    const local = new LocalStore(config.dataDir);
    await local.open();
    const { decrypt, dryRun } = parsed;
    const rotation = new KeyRotation({
      dataSource,
      keys,
      templates: new TemplateRotation(dataSource, keys, decrypt ? 'plain' : 'encrypted'),
      photos: new PhotoRotation(dataSource, local, keys, photoTarget(config.encryptMedia, decrypt)),
      decrypt,
    });
    const goal = decrypt ? 'to decrypt' : `to re-encrypt with key ${keys.current.id}`;
    say(`${textOf(await rotation.remaining())} ${goal}`);
    if (!dryRun) await rotate(rotation);
  } finally {
    await dataSource.destroy();
  }
}

async function rotate(rotation: KeyRotation): Promise<void> {
  const broken = new AbortController();
  const stop = (): void => {
    say('Stopping after the current batch');
    broken.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const left = await rotation.run(broken.signal, reporter());
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  const done = left.templates + left.photos === 0;
  if (done && left.keysInUse.length === 0) return say('Done: previous keys are no longer needed');
  say(done ? stillInUse(left.keysInUse) : `Left: ${textOf(left)}. Run the command again to continue`);
  process.exitCode = EXIT_FAILED;
}

/** A line every now and then. */
function reporter(): RotationProgress {
  const done = { templates: 0, photos: 0 };
  let said = performance.now();
  const add = (counts: Partial<RotationCounts>): void => {
    done.templates += counts.templates ?? 0;
    done.photos += counts.photos ?? 0;
    if (performance.now() - said < PROGRESS_EVERY_MS) return;
    said = performance.now();
    say(`  ${textOf(done)} rewritten`);
  };
  return {
    templates: (templates) => add({ templates }),
    photos: (photos) => add({ photos }),
    unreadable: (what, reason) => say(`  Could not decrypt ${what}; it stays unchanged: ${reason}`),
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
});
