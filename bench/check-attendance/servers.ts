import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';
import type { Target } from './load';

const ROOT = join(__dirname, '..', '..');
const FLOOR = join(ROOT, 'dist', 'bench', 'floor.js');

const START_TIMEOUT_MS = 30_000;

/** A server in a process of its own. */
export interface Server extends Target {
  readonly name: 'service' | 'floor';
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Place {
  readonly databaseUrl: string;
  readonly dataDir: string;
  /** A built checkout. Omitted: this one. */
  readonly root?: string;
}

/**
 * The built service as it runs in production, with a key and its log; every check records.
 * @param more of its environment
 */
export function startService(
  { databaseUrl, dataDir, root = ROOT }: Place,
  more: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const script = join(root, 'dist', 'src', 'main.js');
  if (!existsSync(script)) throw new Error(`Build the service first: npm run build in ${root}`);
  const key = randomBytes(24).toString('hex');
  return start(
    'service',
    script,
    '/graphql',
    { authorization: `Bearer ${key}` },
    {
      NODE_ENV: 'production',
      ADMIN_API_KEY: key,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      PUNCH_MIN_INTERVAL_SECONDS: '0',
      // All photos are of one person: a client's descriptors tell people apart.
      FACE_DESCRIPTOR_TRUST: 'client',
      ...more,
    },
  );
}

/** The floor, compiled first, so that a compiler in its process counts neither as time nor as memory. */
export function startFloor({ databaseUrl, dataDir }: Place): Promise<Server> {
  const { code } = transformFileSync(join(__dirname, 'floor.ts'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  mkdirSync(dirname(FLOOR), { recursive: true });
  writeFileSync(FLOOR, code);
  return start('floor', FLOOR, '/', {}, { DATABASE_URL: databaseUrl, DATA_DIR: dataDir });
}

async function start(
  name: Server['name'],
  script: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, [...inspection(name), script], {
    cwd: ROOT,
    // Nothing of the caller's environment but where programs are: the run is the same everywhere.
    env: { PATH: process.env['PATH'], ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await listening(child, port);
  return {
    name,
    headers,
    url: `http://127.0.0.1:${port}${path}`,
    pid: child.pid as number,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** BENCH_PROFILE=<folder>: a V8 CPU profile of each server is written there as it ends. */
function inspection(name: Server['name']): string[] {
  const folder = process.env['BENCH_PROFILE'];
  return folder === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`];
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && Date.now() < deadline) {
    const socket = connect(port, '127.0.0.1');
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error('A server did not start; what it said is above');
}
