import 'reflect-metadata';
import { createApp, type App } from './app';
import { ConfigError, configFromProcess, type Config } from './config/config';
import { guardCrashes, leavesCoreFiles } from './crashes';
import { createLogger } from './logger';

/** How long requests in flight may take once the service is told to stop. */
const DRAIN_MS = 10_000;

/** Says at start what an operator should know about how the service is configured. */
function announce(config: Config, address: string): void {
  const log = createLogger(config.logLevel);
  log.info(
    {
      address: `${address}/graphql`,
      database: config.databaseUrl === null ? `embedded, under ${config.dataDir}` : 'PostgreSQL',
      cloudinary:
        config.cloudinary === null ? 'off: photos are stored locally only' : config.cloudinary.cloudName,
    },
    'Rollcall is listening',
  );
  if (config.adminApiKey === null) {
    log.warn('Open: everybody on this machine may use the service, since ADMIN_API_KEY is not set');
    if (config.publicUrl !== null) {
      log.warn(
        'PUBLIC_URL is set: through a proxy everybody who reaches it may use the service too. Set ADMIN_API_KEY',
      );
    }
  } else if (config.adminApiKey.length < 16) {
    log.warn('ADMIN_API_KEY is short enough to be guessed; make one with: openssl rand -hex 32');
  }
}

/** What an operator should know about who seems to be calling. */
function warnOfProxy({ logLevel, production, publicUrl, access }: Config): void {
  if (!production || access.trustProxy !== null || publicUrl?.startsWith('https:') !== true) return;
  createLogger(logLevel).warn(
    'PUBLIC_URL is https and TRUST_PROXY is not set: every client seems to have the address of the proxy, and they ' +
      'share its rate limit. Set TRUST_PROXY to how many proxies stand in front',
  );
}

/** What an operator should know about who could read what is stored. */
function warnOfStorage({ logLevel, production, encryption, adminApiKey, media }: Config): void {
  const log = createLogger(logLevel);
  if (encryption === null) {
    const text =
      'ENCRYPTION_KEY is not set: face templates and photos are stored unencrypted. Make a key with: openssl rand -hex 32';
    if (production) log.warn(text);
    else log.info(text);
  }
  if (adminApiKey !== null && media.access === 'public') {
    log.warn('MEDIA_ACCESS=public: whoever knows or guesses the address of a photo can see it');
  }
}

/** What an operator should know about what a crash may leave behind. */
function warnOfCoreFiles({ logLevel, production }: Config): void {
  if (!production || leavesCoreFiles() !== true) return;
  createLogger(logLevel).warn(
    'A crash may write a core file, with faces and keys in it. Start the service with: ulimit -c 0',
  );
}

/** What an operator should know about how far a punch can be believed. */
function warnOfTrust({ logLevel, production, faceDescriptorTrust, replayWindowDays }: Config): void {
  const log = createLogger(logLevel);
  if (!production) return;
  if (faceDescriptorTrust === 'client') {
    log.warn(
      "FACE_DESCRIPTOR_TRUST=client: the client's descriptor decides, and nothing ties it to the photo. Whoever has an " +
        'API key and a stolen descriptor can punch for its owner. Set FACE_DESCRIPTOR_TRUST to server or verify',
    );
  }
  if (replayWindowDays === 0) {
    log.warn(
      'REPLAY_WINDOW_DAYS=0: a photo that was sent once is taken again. 90 is recommended in production',
    );
  }
}

/** Ends the process once everything is closed, or when that takes too long; a second signal ends it at once. */
function stopOnSignals(app: App, config: Config): void {
  const log = createLogger(config.logLevel);
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'Stopping');
    const overdue = setTimeout(() => {
      log.warn('Requests were still in flight; what they were answered is safe');
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
      log.fatal(
        { err },
        'The embedded database cannot go on; what was acknowledged is safe. Start the service again',
      );
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
      : `Rollcall cannot start: ${error instanceof Error ? error.message : 'unknown'}\n`,
  );
  process.exit(1);
});
