import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { postgresPrograms } from '../../../scripts/find-postgres';
import { freePort } from '../ports';

const PREFIX = 'rollcall-postgres-';
/** Of the server. PostgreSQL refuses to run as root; Debian's package makes this user. */
const UNPRIVILEGED = 'postgres';

/**
 * A server that is thrown away after the tests need not survive a power cut. With fsync, each DROP DATABASE waits until
 * everything is on the disk: seconds on a busy machine, several hundred times in a run.
 */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'autovacuum=off',
  'max_connections=200',
];

export interface OwnPostgres {
  readonly url: string;
  stop(): void;
}

/**
 * Starts a PostgreSQL server for the tests, in a folder that goes with it.
 * @returns null where PostgreSQL is not installed
 */
export async function startOwnPostgres(): Promise<OwnPostgres | null> {
  const programs = postgresPrograms();
  if (programs === null) return null;
  removeLeftBehind(programs);
  const folder = join(tmpdir(), `${PREFIX}${process.pid}`);
  mkdirSync(folder, { mode: 0o700 });
  if (isRoot()) chownSync(folder, idOf('-u'), idOf('-g'));
  const run = (program: string, args: readonly string[]): void => runProgram(join(programs, program), args);
  const data = join(folder, 'data');
  run('initdb', ['-D', data, '-U', 'rollcall', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']);
  const port = await freePort();
  const options = [`-p ${port}`, `-k ${folder}`, ...SETTINGS.map((setting) => `-c ${setting}`)].join(' ');
  run('pg_ctl', ['-D', data, '-w', '-s', '-l', join(folder, 'log'), '-o', options, 'start']);
  return {
    url: `postgres://rollcall@127.0.0.1:${port}/postgres`,
    stop() {
      run('pg_ctl', ['-D', data, '-m', 'immediate', '-s', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const isRoot = (): boolean => userInfo().uid === 0;
const idOf = (flag: '-u' | '-g'): number =>
  Number(execFileSync('id', [flag, UNPRIVILEGED], { encoding: 'utf8' }));

function runProgram(program: string, args: readonly string[]): void {
  const [command = program, ...rest] = [
    ...(isRoot() ? ['runuser', '-u', UNPRIVILEGED, '--'] : []),
    program,
    ...args,
  ];
  // Not with pipes: the server would keep them open.
  execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], cwd: '/' });
}

/** Stops the servers of runs that were killed. */
function removeLeftBehind(programs: string): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX) || isRunning(Number(name.slice(PREFIX.length)))) continue;
    const folder = join(tmpdir(), name);
    try {
      runProgram(join(programs, 'pg_ctl'), ['-D', join(folder, 'data'), '-m', 'immediate', '-s', 'stop']);
    } catch {
      // It had not started.
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
