/** What the service with its embedded database holds before the first photo, on its first start and on its second. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { cpuSeconds, peakMegabytes } from '../check-attendance/process-meter';

const ROOT = join(__dirname, '..', '..');
const IDLE_MS = 10_000;
const DEADLINE_MS = 120_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free');
  return address.port;
}

async function ready(service: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (service.exitCode === null && performance.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.ok === true) return;
    await wait(50);
  }
  throw new Error('The service did not start');
}

/** Megabytes of all pages, and of those that are no file's and hence this process's alone. */
function held(pid: number): string {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]) / 1024);
  return `${megabytes('Rss')} (${megabytes('Pss_Anon')})`;
}

async function start(data: string): Promise<string> {
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'],
    // What the allocator and node are told is part of what is compared.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(MALLOC|NODE)_/.test(name))),
    DATA_DIR: data,
    PORT: String(port),
    LOG_LEVEL: 'error',
  };
  const begin = performance.now();
  const service = spawn(process.execPath, ['dist/src/main.js'], { cwd: ROOT, env, stdio: 'inherit' });
  const { pid } = service;
  if (pid === undefined) throw new Error('The service cannot be started');
  try {
    await ready(service, port);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    const cpu = cpuSeconds(pid).toFixed(1);
    const first = held(pid);
    await wait(IDLE_MS);
    return `${seconds} | ${cpu} | ${first} | ${held(pid)} | ${Math.round(peakMegabytes(pid))} |`;
  } finally {
    service.kill('SIGTERM');
    if (service.exitCode === null) await once(service, 'exit');
  }
}

async function main(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'rollcall-bench-memory-'));
  try {
    process.stdout.write(
      '| start | ready s | CPU s | MB held (own) | after 10 s | peak |\n|---|---|---|---|---|---|\n',
    );
    for (const name of ['first', 'second', 'third'])
      process.stdout.write(`| ${name} | ${await start(data)}\n`);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
