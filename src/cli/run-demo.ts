import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createDemo } from './demo/create-demo';
import { createBase } from '../base';
import type { Config } from '../config/config';
import { migrate } from '../database/migrate';
import { createLogger } from '../logger';
import type { DemoCounts } from './demo/demo-data';
import type { ProgressBar } from './progress-bar';
import { DEMO_PEOPLE } from './demo/demo-plan';
import { withDatabase } from './open-database';
import { OperatorError } from './operator-error';

/** While the service runs on the embedded database. */
const INSTEAD =
  'Stop the service, run this command again, and start the service. With PostgreSQL (DATABASE_URL) both can run at once.';

/** Time for an upload in flight to finish. */
const PATIENCE_MS = 180_000;

export interface DemoOptions {
  readonly remove: boolean;
  readonly progress: Pick<ProgressBar, 'begin' | 'step'>;
  /** Stops after the current step. */
  readonly signal: AbortSignal;
  /** Where the photos are. */
  readonly fixtures: string;
  /** Time zone of the office. If the office exists, its own zone counts. */
  readonly timeZone?: string;
  readonly now?: () => Date;
}

/**
 * Adds the demo to the configured installation, or removes it.
 * @returns what was added or removed
 * @throws OperatorError
 */
export async function runDemo(config: Config, options: DemoOptions): Promise<DemoCounts> {
  const { remove, fixtures, progress, signal, now = () => new Date() } = options;
  if (!remove) await requireAll(config, fixtures);
  return withDatabase(
    config,
    INSTEAD,
    async (dataSource) => {
      if (!(await isReady(dataSource, remove))) return { offices: 0, people: 0, punches: 0 };
      const base = createBase(dataSource, { config, now, log: createLogger('silent') });
      const demo = await createDemo(base, {
        photo: (name) => readFile(join(fixtures, name)),
        timeZone: options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      });
      try {
        if (!remove) return await demo.data.add(progress, signal);
        demo.startErasing();
        return await demo.data.remove(progress, PATIENCE_MS);
      } finally {
        await demo.close();
      }
    },
    { mayCreate: !remove },
  );
}

/**
 * Like other commands it migrates no existing database, but it can create a new one.
 * @returns false if there is nothing to remove
 * @throws OperatorError
 */
async function isReady(dataSource: DataSource, remove: boolean): Promise<boolean> {
  const [row] = await dataSource.query<{ used: boolean }[]>(
    `SELECT to_regclass('employees') IS NOT NULL AS used`,
  );
  if (row?.used === true) {
    if (!(await dataSource.showMigrations())) return true;
    throw new OperatorError('The database is older than this version. Start the service once to migrate it.');
  }
  if (!remove) await migrate(dataSource);
  return !remove;
}

/** @throws OperatorError before anything is added */
async function requireAll({ faces }: Config, fixtures: string): Promise<void> {
  if (faces.workers === 0) {
    throw new OperatorError(
      'The demo needs the server to compute face descriptors, which FACE_WORKERS=0 turns off. Set FACE_WORKERS=1.',
    );
  }
  for (const name of DEMO_PEOPLE.flatMap(({ enrolledWith, punchesWith }) => [
    ...enrolledWith,
    ...punchesWith,
  ])) {
    await access(join(fixtures, name)).catch((cause: unknown) => {
      throw new OperatorError(
        `The photo ${name} is not in ${fixtures}. The demo needs the photos of the repository. Run it in a clone of the repository, not in the Docker image.`,
        { cause },
      );
    });
  }
}
