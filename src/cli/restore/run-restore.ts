import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DataSource, QueryRunner } from 'typeorm';
import { migrationNames } from '../../../ormconfig';
import type { Config } from '../../config/config';
import { whileMigrating } from '../../database/migrate';
import { SYSTEM } from '../../services/audit/actor';
import { recordAudit } from '../../services/audit/audit-log';
import { storageReason, systemCode } from '../../services/disk/storage-fault';
import { renewGallery } from '../../services/faces/matching/gallery-sync';
import type { Manifest } from '../backup/manifest';
import { withDatabase } from '../open-database';
import { OperatorError } from '../operator-error';
import type { ProgressBar } from '../progress-bar';
import { RestoredFiles } from './data-folder';
import { emptinessOf, refuseRunningService } from './empty-database';
import { loadRows } from './load-rows';
import { verifyBackup, type VerifiedBackup } from './verify-backup';

/** Adding a foreign key, or a migration, on a large table. */
const QUERY_TIMEOUT_MS = 600_000;

interface RestoreOptions {
  /** Keeps what DATA_DIR/media has. */
  readonly withoutPhotos: boolean;
  /** Replaces a database that has tables, but nobody in it, and the secrets of its service. */
  readonly replaceUnused: boolean;
  readonly progress: Pick<ProgressBar, 'begin' | 'step'>;
  readonly now?: () => Date;
}

interface Restored {
  readonly manifest: Manifest;
  /** The ids of the keys without which nothing of it can be decrypted. */
  readonly keysNeeded: readonly string[];
}

/**
 * Restores a backup into an empty database and an empty DATA_DIR; neither has to be of the kind that the backup is of.
 * @throws OperatorError; then no row and no file has changed, but tables may have been made
 */
export async function runRestore(config: Config, from: string, options: RestoreOptions): Promise<Restored> {
  const { withoutPhotos, replaceUnused, progress, now = () => new Date() } = options;
  const { dataDir } = config;
  let begun = false;
  const backup = await verifyBackup(resolve(from), (total) => {
    if (!begun) progress.begin(total);
    begun = true;
    progress.step('Verifying');
  });
  const { manifest } = backup;
  refuseNewer(manifest);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const photos = !withoutPhotos && manifest.photos !== null;
  const files = new RestoredFiles(backup, { dataDir, photos, replaceUnused });
  await files.refuseUsed();
  await prepare(config, replaceUnused);
  progress.begin((photos ? (manifest.photos ?? 0) : 0) + manifest.secrets);
  try {
    await files.copy(() => progress.step('Files'));
    progress.begin(manifest.tables.length);
    await onDatabase(config, manifest.migrations, (dataSource) =>
      whileMigrating(dataSource, async ({ runner, run }) => {
        await run();
        await load(runner, backup, files, () => progress.step('Tables'));
      }),
    );
  } catch (error) {
    throw explained(error);
  } finally {
    await files.discard();
  }
  return { manifest, keysNeeded: await finish(config, manifest, now()) };
}

/** A failed system call in words. */
function explained(error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new OperatorError(
    `Could not restore the backup: ${storageReason(code)}. No rows and no photos were restored. Repair this and run the command again with --replace-unused. (${String(error)})`,
  );
}

/** @throws OperatorError */
function refuseNewer({ migrations }: Manifest): void {
  const unknown = migrations.find((name) => !migrationNames.includes(name));
  if (unknown === undefined) return;
  throw new OperatorError(
    `The backup was made by a newer version of Rollcall (migration ${unknown}). Install that version or a later one.`,
  );
}

/** Makes sure that nothing is lost, and empties a database that is not used. @throws OperatorError */
async function prepare(config: Config, replaceUnused: boolean): Promise<void> {
  await onDatabase(config, undefined, (dataSource) =>
    whileMigrating(dataSource, async ({ runner, undoAll }) => {
      if (config.database.url !== null) await refuseRunningService(runner);
      const emptiness = await emptinessOf(dataSource, runner);
      if (emptiness === 'USED') {
        throw new OperatorError(
          'The database is not empty. A restore never replaces people: name an empty database and an empty DATA_DIR.',
        );
      }
      if (emptiness === 'UNUSED' && !replaceUnused) {
        throw new OperatorError(
          'The database has tables, but no employees, offices, keys or punches. Add --replace-unused to replace it, or name an empty database.',
        );
      }
      if (emptiness === 'UNUSED') await undoAll();
    }),
  );
}

async function load(
  runner: QueryRunner,
  backup: VerifiedBackup,
  files: RestoredFiles,
  onTable: () => void,
): Promise<void> {
  await runner.startTransaction();
  try {
    await loadRows(runner, backup, onTable);
    const [row] = (await runner.query('SELECT id FROM installation')) as { id: string }[];
    // Files before the rows that name them.
    await files.publish(row?.id ?? '');
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

/** Brings the rows to this version. @returns the ids of the encryption keys that they need */
function finish(config: Config, { createdAt }: Manifest, at: Date): Promise<string[]> {
  return onDatabase(config, undefined, async (dataSource) => {
    await whileMigrating(dataSource, ({ run }) => run());
    await dataSource.transaction(async (manager) => {
      await renewGallery(manager);
      // Nodes that ran when the backup was made do not run on this database.
      for (const table of ['encryption_key_users', 'face_model_users'])
        await manager.query(`DELETE FROM ${table}`);
      await recordAudit(manager, { ...SYSTEM, action: 'backup.restore', details: { createdAt }, at });
    });
    const keys = await dataSource.query<{ id: string }[]>('SELECT id FROM encryption_keys ORDER BY id');
    return keys.map(({ id }) => id);
  });
}

/** @param only the migrations that there are; undefined: all */
function onDatabase<T>(
  config: Config,
  only: readonly string[] | undefined,
  run: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const database = { ...config.database, queryTimeoutMs: QUERY_TIMEOUT_MS };
  const instead = 'Stop the service and run this command again.';
  return withDatabase({ ...config, database }, instead, run, {
    mayCreate: true,
    ...(only === undefined ? {} : { only }),
  });
}
