import 'reflect-metadata';
import { createApp, type App } from './app';
import { ConfigError, configFromProcess, type Config } from './config/config';
import { warningsOf } from './config/warnings';
import { guardCrashes, leavesCoreFiles } from './crashes';
import { createLogger } from './logger';

/** How long running requests may take after the signal to stop. */
const DRAIN_MS = 10_000;

/** Says at start where the service is, and what an operator should know about how it is configured. */
function announce(config: Config, address: string): void {
  const log = createLogger(config.logLevel);
  log.info(
    {
      address: `${address}/graphql`,
      database: config.database.url === null ? `embedded, in ${config.dataDir}` : 'PostgreSQL',
      cloudinary: config.photos.cloudinary?.cloudName ?? 'off: photos are stored locally',
    },
    'Rollcall is listening',
  );
  for (const { level, text } of warningsOf(config)) log[level](text);
  if (config.production && leavesCoreFiles() === true) {
    log.warn(
      'A crash can write a core file that contains faces and keys. Start the service with: ulimit -c 0',
    );
  }
}

/** Ends the process after everything is closed, or after DRAIN_MS. A second signal ends it at once. */
function stopOnSignals(app: App, config: Config): void {
  const log = createLogger(config.logLevel);
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'Stopping');
    const overdue = setTimeout(() => {
      log.warn('Stopped with unfinished requests; acknowledged data is safe');
      process.exit(1);
    }, DRAIN_MS);
    app
      .close()
      .then(() => log.info('Stopped'))
      .catch((err: unknown) => {
        log.error({ err }, 'Stopping failed');
        process.exitCode = 1;
      })
      .finally(() => {
        clearTimeout(overdue);
        process.exit();
      });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function main(): Promise<void> {
  const config = configFromProcess();
  const log = createLogger(config.logLevel);
  guardCrashes(log);
  const app = await createApp(config, {
    onFatal: (err) => {
      log.fatal({ err }, 'Embedded database failed; acknowledged data is safe. Restart the service');
      process.exit(1);
    },
  });
  stopOnSignals(app, config);
  announce(config, await app.listen());
}

main().catch((error: unknown) => {
  // Before there is a configuration there is no log level; a person reads this.
  process.stderr.write(
    error instanceof ConfigError
      ? `${error.message}\n`
      : `Could not start: ${error instanceof Error ? error.message : 'unknown'}\n`,
  );
  process.exit(1);
});
