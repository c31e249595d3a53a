import 'reflect-metadata';
import { configFromProcess } from '../config/config';
import { runBackup } from './backup/run-backup';
import { command, runCommand } from './command';
import { ProgressBar } from './progress-bar';

async function backup(
  folder: string,
  { withoutPhotos = false }: { readonly withoutPhotos?: boolean },
): Promise<void> {
  const bar = new ProgressBar(process.stdout);
  const manifest = await runBackup(configFromProcess(), folder, {
    withoutPhotos,
    progress: bar,
  }).finally(() => bar.end());
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const missing =
    manifest.missingPhotos === 0
      ? ''
      : `${manifest.missingPhotos} photos were not in DATA_DIR: erased during the backup, or lost before\n`;
  process.stdout.write(
    `Backup complete: ${rows} rows, ${manifest.photos ?? 'no'} photos, ${manifest.secrets} secrets\n${missing}` +
      'It contains faces and secrets, but not ENCRYPTION_KEY. Keep it where nobody else can read it, and keep the key in another place.\n',
  );
}

void runCommand(
  command(
    'backup',
    'Writes a backup into a new folder: all rows, the photos that they name, and DATA_DIR/secrets. The service can run meanwhile, on both databases. The embedded database is paused while changed files are copied, usually for less than a second.',
    'Reads the environment like the service. Run it on the machine and as the user of the service. Exit codes: 0 success, 1 failure, 2 wrong options. After a failure no folder of this name exists.',
  )
    .argument('<folder>', 'the folder to create; it must not exist, and must not be in DATA_DIR')
    .option('--without-photos', 'leave the photos out; back up DATA_DIR/media in another way')
    .action(backup),
);
