import { ConstantBackoff, handleType, retry } from 'cockatiel';
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';

/** A number that no other user of the database takes. It is the same on all nodes. */
const LOCK_KEY = 7_203_941_158;

class MigrationsRunElsewhere extends Error {}

/** Polls: a wait in the database would end at the statement's deadline. */
const patience = retry(handleType(MigrationsRunElsewhere), {
  maxAttempts: 3000,
  backoff: new ConstantBackoff(200),
});

/** Runs pending migrations, or takes them back, while nobody else does. */
interface LockedMigrations {
  readonly runner: QueryRunner;
  /** @returns the names of those that ran */
  readonly run: () => Promise<string[]>;
  /** Takes all back: every table of the service is dropped. */
  readonly undoAll: () => Promise<void>;
}

/**
 * Checks that the database can store names of every script and sort them.
 * @throws Error that says what the database lacks
 */
async function requireUnicode(runner: QueryRunner): Promise<void> {
  const [row] = (await runner.query(
    `SELECT getdatabaseencoding() AS encoding,
       EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu') AS icu`,
  )) as { encoding: string; icu: boolean }[];
  if (row?.encoding !== 'UTF8') {
    throw new Error(
      `The database has the encoding ${row?.encoding}. Create it with ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
  if (!row.icu) {
    throw new Error(
      'PostgreSQL has no ICU collations. Use a build with ICU, as packages of distributions and containers are',
    );
  }
}

/**
 * Runs the pending migrations. Nodes that start at once take turns.
 * @returns the names of those that ran
 */
export const migrate = (dataSource: DataSource): Promise<string[]> =>
  whileMigrating(dataSource, ({ run }) => run());

/**
 * Keeps every node that starts waiting meanwhile. The advisory lock belongs to the connection, so that it goes with a
 * process that dies.
 */
export async function whileMigrating<T>(
  dataSource: DataSource,
  work: (migrations: LockedMigrations) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await patience.execute(async () => {
      const [row] = (await runner.query('SELECT pg_try_advisory_lock($1) AS locked', [LOCK_KEY])) as {
        locked: boolean;
      }[];
      if (row?.locked !== true)
        throw new MigrationsRunElsewhere('Waiting for another node to run the migrations');
    });
    const executor = new MigrationExecutor(dataSource, runner);
    try {
      return await work({
        runner,
        run: async () => {
          await requireUnicode(runner);
          return (await executor.executePendingMigrations()).map(({ name }) => name);
        },
        undoAll: async () => {
          while ((await executor.getExecutedMigrations()).length > 0) await executor.undoLastMigration();
        },
      });
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [LOCK_KEY]);
    }
  } finally {
    await runner.release();
  }
}
