import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigError, loadConfig } from '../src/config/config';
import { generateTypes } from './codegen';
import { servePages } from './dev/dev-pages';
import { DevService } from './dev/dev-service';

const ROOT = join(__dirname, '..');
const say = (line: string): void => void process.stdout.write(`[dev] ${line}\n`);

/** What the service will read: the environment, and if that says nothing the file .env. */
function environment(): NodeJS.ProcessEnv {
  const file = join(ROOT, '.env');
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env };
}

/** The service from its sources and the pages from Vite, both of which follow changes, until Ctrl-C. */
async function main(): Promise<void> {
  const known = environment();
  const { port } = loadConfig(known).http;
  await generateTypes(['web']);
  let service: DevService | null = null;
  const pages = await servePages({
    root: ROOT,
    port: Number(known['DEV_PORT'] ?? 5173),
    service: `http://localhost:${port}`,
    onChange: (file) => service?.restartSoon(file),
    onFault: say,
  });
  const { port: pagesPort } = pages.httpServer?.address() as AddressInfo;
  const address = `http://localhost:${pagesPort}`;
  service = new DevService({
    root: ROOT,
    // Photos come from where the pages come from, as they do later.
    env: { ...process.env, PUBLIC_URL: known['PUBLIC_URL'] ?? address },
    flags: process.argv.slice(2),
    say,
  });
  service.start();
  say(`Open ${address} (/kiosk, /enrol, /board); the API is at ${address}/graphql. Ctrl-C ends both`);

  const running = service;
  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      void Promise.allSettled([running.stop(), pages.close()]).then(() => process.exit());
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
