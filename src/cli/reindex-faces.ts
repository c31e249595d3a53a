import 'reflect-metadata';
import type { DataSource } from 'typeorm';
import { createBase } from '../base';
import { type Config, configFromProcess } from '../config/config';
import { migrate } from '../database/migrate';
import { createLogger } from '../logger';
import { createEncryption } from '../services/encryption/create-encryption';
import { createFaces } from '../services/faces/create-faces';
import { openModel } from '../services/faces/engine/open-model';
import { countTemplates } from '../services/faces/reindex/pending-templates';
import type { FaceReindex } from '../services/faces/reindex/face-reindex';
import { UPLOAD_TIMING } from '../services/photos/cdn/upload-timing';
import { createPhotos } from '../services/photos/create-photos';
import { command, runCommand } from './command';
import { withDatabase } from './open-database';
import { OperatorError } from './operator-error';
import { ProgressBar } from './progress-bar';

/** While the service runs on the embedded database. */
const INSTEAD = `The service computes the templates by itself. Query the progress with the admin key:

  { faceReindexStatus { modelId complete total pending failed } }

Or stop the service and run this command again.`;

const EXIT_WORK_LEFT = 1;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function reindexFaces({ dryRun = false }: { readonly dryRun?: boolean }): Promise<void> {
  const config = configFromProcess();
  if (config.faces.workers === 0) throw new OperatorError('FACE_WORKERS is 0. Set it to at least 1.');
  await withDatabase(config, INSTEAD, async (dataSource) => {
    const { modelDir, modelId } = config.faces;
    const { manifest } = await openModel(modelDir, modelId);
    // A dry run changes nothing, not even the tables of an older version.
    if (!dryRun) await migrate(dataSource);
    const { pending, total, failed } = await countTemplates(dataSource, manifest.id);
    say(`${pending} of ${total} templates to compute with ${manifest.id}; ${failed} have no usable photo`);
    if (!dryRun && pending > 0) await withFaces(config, dataSource, (reindex) => compute(reindex, pending));
  });
}

/** The parts of the service that know faces, without the service. */
async function withFaces(
  config: Config,
  dataSource: DataSource,
  work: (reindex: FaceReindex) => Promise<void>,
): Promise<void> {
  const base = createBase(dataSource, { config, now: () => new Date(), log: createLogger('silent') });
  const encryption = await createEncryption(base);
  try {
    const photos = await createPhotos(base, encryption, { publicUrl: () => '', timing: UPLOAD_TIMING });
    const faces = await createFaces(base, encryption, photos);
    try {
      await work(faces.reindex);
    } finally {
      photos.clouds.close();
      await Promise.all([faces.galleries.close(), faces.engine?.close(), faces.modelUse?.end()]);
    }
  } finally {
    await Promise.all([encryption.keyUse?.end(), base.writeProof.close()]);
  }
}

async function compute(reindex: FaceReindex, pending: number): Promise<void> {
  const bar = new ProgressBar(process.stdout);
  bar.begin(pending);
  const broken = new AbortController();
  const stop = (): void => {
    bar.say('Stopping after the photos in work');
    broken.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  await reindex.drain(broken.signal, () => bar.step('Templates'));
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  bar.end();
  const left = await reindex.status();
  if (left.failed > 0) {
    say(`${left.failed} templates have no usable photo. Enrol these employees again:`);
    for (const employeeId of await reindex.failedEmployees()) say(`  ${employeeId}`);
  }
  if (left.pending === 0) return say('Done: all templates are computed');
  say(`${left.pending} templates left. Run the command again to continue`);
  process.exitCode = EXIT_WORK_LEFT;
}

void runCommand(
  command(
    'faces:reindex',
    'Computes face templates with the current model of the server from the enrolment photos. The service does the same in the background after its start; this command does it before. You can interrupt it and run it again.',
    'Reads the environment like the service. With the embedded database, stop the service first. Exit codes: 0 success, 1 failure or work left, 2 wrong options.',
  )
    .option('--dry-run', 'only count what would be computed')
    .action(reindexFaces),
);
