import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessIdentity, processState, thisProcess } from './process-identity';

export interface FolderLock {
  /** Gives the folder free; harmless when repeated. */
  release(): void;
}

interface LockOptions {
  /** Told once when the lock file was removed or replaced under a running process: somebody else may write now. */
  onLost?: (error: Error) => void;
  /** How often the holder shows that it lives, in milliseconds. */
  heartbeatMs?: number;
  /** How long a holder that is not in the process table may be silent before it counts as dead. */
  silenceMs?: number;
}

interface Holder extends ProcessIdentity {
  /** Tells this taking of the lock from every other one. */
  token: string;
}

const FILE = 'rollcall.lock';
const HEARTBEAT_MS = 1000;
/** Longer than any stall of a healthy event loop; a start after a crash in another container waits this long. */
const SILENCE_MS = 8000;
/** Somebody else can win each round; more than a few means that something other than a start is going on. */
const MAX_ROUNDS = 5;

/**
 * Makes sure that no other process works on `folder` (created when missing): two of them corrupt an embedded database
 * without any error. What a dead process left behind is recognised and replaced. A holder in another container or on
 * another machine, whose process cannot be looked up, is given up when its file shows no heartbeat any more.
 * @throws Error naming the holder and what to do, when a live process holds it
 */
export async function acquireLock(
  folder: string,
  { onLost = () => undefined, heartbeatMs = HEARTBEAT_MS, silenceMs = SILENCE_MS }: LockOptions = {},
): Promise<FolderLock> {
  const home = resolve(folder);
  mkdirSync(home, { recursive: true });
  const file = join(home, FILE);
  const me: Holder = { ...thisProcess(), token: randomUUID() };
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (place(file, me)) return held(file, me, onLost, heartbeatMs);
    const holder = read(file);
    if (holder === 'absent') continue;
    if (await isAlive(file, holder, silenceMs)) throw new Error(refusal(home, holder));
    removeStale(file, holder, me);
  }
  throw new Error(`several processes try to use ${home}: start only one`);
}

/** The tokens of the locks this process holds: if there is no /proc, only they tell it from an earlier namesake. */
const heldHere = new Set<string>();

function held(file: string, me: Holder, onLost: (error: Error) => void, heartbeatMs: number): FolderLock {
  heldHere.add(me.token);
  const timer = setInterval(() => {
    const holder = read(file);
    // A file that cannot be read for the moment is no proof that somebody took it.
    if (holder === null) return;
    if (holder !== 'absent' && holder.token === me.token) return touch(file);
    clearInterval(timer);
    onLost(new Error(`${file} was removed or replaced while in use: another process may write here`));
  }, heartbeatMs);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      heldHere.delete(me.token);
      const holder = read(file);
      if (holder !== null && holder !== 'absent' && holder.token === me.token) rmSync(file, { force: true });
    },
  };
}

async function isAlive(file: string, holder: Holder | null, silenceMs: number): Promise<boolean> {
  if (holder !== null && heldHere.has(holder.token)) return true;
  const state = holder === null ? 'unknown' : processState(holder);
  if (state !== 'unknown') return state === 'alive';
  // Compared with itself and not with the clock: the holder's machine may have a different one.
  const before = changedAt(file);
  const deadline = performance.now() + silenceMs;
  while (performance.now() < deadline) {
    await sleep(Math.min(100, silenceMs));
    if (changedAt(file) !== before) return true;
  }
  return false;
}

/** Created complete or not at all: another process must never read half of it. */
function place(file: string, me: Holder): boolean {
  const draft = `${file}.${me.token}`;
  writeFileSync(draft, JSON.stringify(me));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    return placeWithoutLinks(file, me);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Some file systems (exFAT, some shared folders) know no links; here an empty file is one that is being written. */
function placeWithoutLinks(file: string, me: Holder): boolean {
  try {
    const fd = openSync(file, 'wx');
    try {
      writeFileSync(fd, JSON.stringify(me));
    } finally {
      closeSync(fd);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Two starting processes can both find the same stale file. Moving it away is atomic, so only one of them gets it;
 * the other one would get the winner's new file, notices by its token, and puts it back.
 */
function removeStale(file: string, stale: Holder | null, me: Holder): void {
  const aside = `${file}.stale.${me.token}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = read(aside);
  const token = typeof moved === 'object' ? moved?.token : undefined;
  if (moved !== 'absent' && token !== stale?.token) {
    try {
      linkSync(aside, file);
    } catch {
      // A third one was quicker. The owner of what we moved finds out at its next heartbeat.
    }
  }
  rmSync(aside, { force: true });
}

/** Null for a file that nobody can have written completely. */
function read(file: string): Holder | null | 'absent' {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder> | null;
    return typeof holder?.pid === 'number' && typeof holder.token === 'string' ? (holder as Holder) : null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : null;
  }
}

function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // gone since it was read: the next beat reports it
  }
}

function changedAt(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? 'absent' : `${stats.ino}:${stats.mtimeNs}`;
}

function refusal(folder: string, holder: Holder | null): string {
  const where = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return `${folder} is in use by ${where}. Two processes would corrupt its database. Stop that process, or set another DATA_DIR. To run several processes on the same data, use PostgreSQL (DATABASE_URL).`;
}
