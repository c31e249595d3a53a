import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { DataSource } from 'typeorm';
import { databaseFolder, lockEmbedded, migrationNames } from '../../../ormconfig';
import type { Config } from '../../config/config';
import { SYSTEM } from '../../services/audit/actor';
import { recordAudit } from '../../services/audit/audit-log';
import { storageReason, systemCode } from '../../services/disk/storage-fault';
import { belongTogether } from '../../services/photos/local/installation';
import { withDatabase } from '../open-database';
import { OperatorError } from '../operator-error';
import type { ProgressBar } from '../progress-bar';
import { BackupFolder } from './backup-folder';
import { ClusterCopy, clusterOf } from './copy-cluster';
import { copyPhotos, copySecrets } from './copy-files';
import { dumpRows } from './dump-rows';
import { FORMAT, MANIFEST, type Manifest } from './manifest';
import { whilePaused } from './paused-service';

/** A page of rows, or a checkpoint, on a slow disk. */
const QUERY_TIMEOUT_MS = 600_000;

interface BackupOptions {
  readonly withoutPhotos: boolean;
  readonly progress: Pick<ProgressBar, 'begin' | 'step' | 'say'>;
  readonly now?: () => Date;
}

/**
 * Writes a backup of everything that the service keeps, while it runs or not.
 * @param target the folder to make
 * @throws OperatorError; then there is no folder of this name
 */
export async function runBackup(config: Config, target: string, options: BackupOptions): Promise<Manifest> {
  const path = resolve(target);
  refuseTarget(path, config.dataDir);
  try {
    const folder = await BackupFolder.create(path);
    try {
      const manifest = await write(config, folder, options);
      await folder.finish();
      return manifest;
    } catch (error) {
      await folder.discard();
      throw error;
    }
  } catch (error) {
    throw explained(error, path);
  }
}

async function write(
  config: Config,
  folder: BackupFolder,
  { withoutPhotos, progress, now = () => new Date() }: BackupOptions,
): Promise<Manifest> {
  const { dataDir } = config;
  const createdAt = now();
  const photoList = join(folder.path, 'photos.list');
  await writeFile(photoList, '', { mode: 0o600 });
  const dump = await withSource(config, folder, { progress, createdAt }, async (dataSource) => {
    progress.begin(dataSource.entityMetadatas.length);
    const onTable = (): void => progress.step('Tables');
    const rows = await dumpRows({ dataSource, folder, photoList, onTable });
    if (rows.photos > 0) await refuseForeignFolder(dataSource, dataDir);
    return rows;
  });
  // A photo is written before the row that names it, so that those of the rows are there now.
  let photos = { copied: 0, missing: 0 };
  if (!withoutPhotos) {
    progress.begin(dump.photos);
    photos = await copyPhotos(dataDir, photoList, folder, () => progress.step('Photos'));
  }
  await rm(photoList);
  const secrets = await copySecrets(dataDir, folder);
  const manifest: Manifest = {
    format: FORMAT,
    createdAt: createdAt.toISOString(),
    migrations: [...dump.migrations],
    tables: [...dump.tables],
    photos: withoutPhotos ? null : photos.copied,
    missingPhotos: photos.missing,
    secrets,
    files: folder.files,
  };
  await folder.write(MANIFEST, [`${JSON.stringify(manifest, null, 2)}\n`]);
  return manifest;
}

/** Runs `dump` on the database of PostgreSQL, or on a copy of the embedded one. */
async function withSource<T>(
  config: Config,
  folder: BackupFolder,
  { progress, createdAt }: { readonly progress: BackupOptions['progress']; readonly createdAt: Date },
  dump: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const patient = { ...config, database: { ...config.database, queryTimeoutMs: QUERY_TIMEOUT_MS } };
  if (config.database.url !== null) {
    return withDatabase(patient, '', async (dataSource) => {
      await refuseNewer(dataSource);
      await dataSource.transaction((manager) =>
        recordAudit(manager, { ...SYSTEM, action: 'backup.create', at: createdAt }),
      );
      return dump(dataSource);
    });
  }
  const ms = await copyEmbedded(config.dataDir, folder.path);
  if (ms !== null) progress.say(`The service paused its database for ${ms} ms`);
  const dumped = await withDatabase({ ...patient, dataDir: folder.path }, '', async (dataSource) => {
    await refuseNewer(dataSource);
    return dump(dataSource);
  });
  await rm(databaseFolder(folder.path), { recursive: true });
  return dumped;
}

/** @returns how long a running service waited, in milliseconds; null: none runs */
async function copyEmbedded(dataDir: string, target: string): Promise<number | null> {
  const source = databaseFolder(dataDir);
  if (!existsSync(clusterOf(source))) {
    throw new OperatorError(
      `No database found in DATA_DIR (${dataDir}). Set DATA_DIR or DATABASE_URL to the values of the service.`,
    );
  }
  const copy = new ClusterCopy(clusterOf(source), clusterOf(databaseFolder(target)));
  const round = (): Promise<void> => copy.round();
  await round();
  const ms = await whilePaused(dataDir, round);
  if (ms !== null) return ms;
  const lock = await lockEmbedded(dataDir).catch((error: unknown) => {
    throw new OperatorError(
      `The database is in use, and the process that uses it cannot pause it for a backup. A service that is starting can do so in a moment; an older version cannot. Run the command again, or stop the service. ${String(error)}`,
    );
  });
  try {
    await round();
  } finally {
    lock.release();
  }
  return null;
}

/** @throws OperatorError if a later version migrated the database: it may have tables that this one does not know */
async function refuseNewer(dataSource: DataSource): Promise<void> {
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations');
  const [unknown] = rows.filter(({ name }) => !migrationNames.includes(name));
  if (unknown === undefined) return;
  throw new OperatorError(
    `A newer version of Rollcall has used this database (migration ${unknown.name}). Make the backup with that version.`,
  );
}

/** @throws OperatorError if the photos are somewhere else: on another machine, for example */
async function refuseForeignFolder(dataSource: DataSource, dataDir: string): Promise<void> {
  if (await belongTogether(dataSource, dataDir, { mayClaim: false })) return;
  throw new OperatorError(
    `DATA_DIR (${dataDir}) does not contain the photos of this database. Run the command where the service runs, with its DATA_DIR.`,
  );
}

/** @throws OperatorError */
function refuseTarget(path: string, dataDir: string): void {
  if (existsSync(path)) throw new OperatorError(`${path} exists already. Name a folder that does not exist.`);
  if (`${path}${sep}`.startsWith(`${dataDir}${sep}`)) {
    throw new OperatorError(
      `The backup must not be in DATA_DIR (${dataDir}): what destroys one destroys both.`,
    );
  }
}

function explained(error: unknown, path: string): unknown {
  const code = systemCode(error);
  const isFull = code === undefined && /No space left|could not (write|extend)/i.test(String(error));
  if (code === 'EEXIST') {
    return new OperatorError(
      `${path}.partial exists: another backup is being written there, or one was interrupted. Delete it if no backup runs.`,
    );
  }
  if (code === undefined && !isFull) return error;
  const reason = isFull ? 'the disk is full' : storageReason(code ?? '');
  return new OperatorError(
    `Could not write the backup ${path}: ${reason}. Nothing is left of it. (${String(error)})`,
    { cause: error },
  );
}
