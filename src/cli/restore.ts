import 'reflect-metadata';
import { configFromProcess } from '../config/config';
import { command, runCommand } from './command';
import { ProgressBar } from './progress-bar';
import { runRestore } from './restore/run-restore';

interface Options {
  readonly withoutPhotos?: boolean;
  readonly replaceUnused?: boolean;
}

async function restore(
  folder: string,
  { withoutPhotos = false, replaceUnused = false }: Options,
): Promise<void> {
  const bar = new ProgressBar(process.stdout);
  const options = { withoutPhotos, replaceUnused, progress: bar };
  const { manifest, keysNeeded } = await runRestore(configFromProcess(), folder, options).finally(() =>
    bar.end(),
  );
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const keys =
    keysNeeded.length === 0
      ? ''
      : `The service needs the encryption key with id ${keysNeeded.join(', ')} (ENCRYPTION_KEY)\n`;
  process.stdout.write(
    `Restored the backup of ${manifest.createdAt}: ${rows} rows, ${withoutPhotos ? 'no' : (manifest.photos ?? 'no')} photos, ${manifest.secrets} secrets\n${keys}` +
      'Start the service. Repeat erasures, and revocations of API keys, that are newer than the backup.\n',
  );
}

void runCommand(
  command(
    'restore',
    'Restores a backup into an empty database and an empty DATA_DIR. The backup can be of the other kind of database, and of an older version. Every file is verified before anything is written.',
    'Reads the environment like the service. Stop the service first. People and photos that are there are never replaced. Exit codes: 0 success, 1 failure, 2 wrong options.',
  )
    .argument('<folder>', 'the folder that npm run backup has made')
    .option('--without-photos', 'keep the photos that are in DATA_DIR/media, and restore none')
    .option(
      '--replace-unused',
      'also restore if a service has already started on the database and nobody has used it: its tables and secrets are replaced',
    )
    .action(restore),
);
