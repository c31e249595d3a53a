import 'reflect-metadata';
import { createApp, type App } from './app';
import { ConfigError, configFromProcess, type Config } from './config/config';
import { guardCrashes, leavesCoreFiles } from './crashes';
import { createLogger } from './logger';

/** How long running requests may take after the service was told to stop. */
const DRAIN_MS = 10_000;

/** Logs the address and the main settings at start. */
function announce(config: Config, address: string): void {
  const log = createLogger(config.logLevel);
  log.info(
    {
      address: `${address}/graphql`,
      database: config.databaseUrl === null ? `embedded, in ${config.dataDir}` : 'PostgreSQL',
      cloudinary: config.cloudinary === null ? 'off: photos are stored locally' : config.cloudinary.cloudName,
    },
    'Rollcall is listening',
  );
  if (config.adminApiKey === null) {
    log.warn('ADMIN_API_KEY is not set: everybody on this machine can use the service');
    if (config.publicUrl !== null) {
      log.warn(
        'PUBLIC_URL is set without ADMIN_API_KEY: everybody who reaches the proxy can use the service. Set ADMIN_API_KEY',
      );
    }
  } else if (config.adminApiKey.length < 16) {
    log.warn('ADMIN_API_KEY is too short: it can be guessed. Make one with: openssl rand -hex 32');
  }
}

/** Warns of a proxy that the service does not know about. */
function warnOfProxy({ logLevel, production, publicUrl, access }: Config): void {
  if (!production || access.trustProxy !== null || publicUrl?.startsWith('https:') !== true) return;
  createLogger(logLevel).warn(
    'PUBLIC_URL is https, but TRUST_PROXY is not set: all clients appear with the address of the proxy and share one ' +
      'rate limit. Set TRUST_PROXY to the number of proxies',
  );
}

/** Warns of stored data that others could read. */
function warnOfStorage({ logLevel, production, encryption, adminApiKey, media }: Config): void {
  const log = createLogger(logLevel);
  if (encryption === null) {
    const text =
      'ENCRYPTION_KEY is not set: face templates and photos are stored unencrypted. Make a key with: openssl rand -hex 32';
    if (production) log.warn(text);
    else log.info(text);
  }
  if (adminApiKey !== null && media.access === 'public') {
    log.warn('MEDIA_ACCESS=public: everybody who knows or guesses the URL of a photo can see it');
  }
}

/** Warns of core files, which contain faces and keys. */
function warnOfCoreFiles({ logLevel, production }: Config): void {
  if (!production || leavesCoreFiles() !== true) return;
  createLogger(logLevel).warn(
    'A crash can write a core file that contains faces and keys. Start the service with: ulimit -c 0',
  );
}

/** Warns of settings with which punches are easy to forge. */
function warnOfTrust({ logLevel, production, faceDescriptorTrust, replayWindowDays }: Config): void {
  const log = createLogger(logLevel);
  if (!production) return;
  if (faceDescriptorTrust === 'client') {
    log.warn(
      'FACE_DESCRIPTOR_TRUST=client: the service does not verify that the descriptor belongs to the photo. With an API ' +
        'key and a stolen descriptor, an attacker can punch for its owner. Set FACE_DESCRIPTOR_TRUST to server or verify',
    );
  }
  if (replayWindowDays === 0) {
    log.warn('REPLAY_WINDOW_DAYS=0: the same photo can be sent again. 90 is recommended in production');
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
  warnOfStorage(config);
  warnOfTrust(config);
  warnOfProxy(config);
  warnOfCoreFiles(config);
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
