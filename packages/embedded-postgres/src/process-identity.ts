import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Enough to tell whether a process noted down earlier is still the one that runs: a pid alone is not (in a container
 * the service is pid 1 again after every restart). Fields are empty if the system does not say.
 */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** Id of the kernel's run; new after every reboot. */
  bootId: string;
  /** The namespace of `pid`; every container has its own. */
  pidNamespace: string;
  /** When the process started, in clock ticks since the boot. */
  startedAt: string;
}

export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    bootId: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
    startedAt: startOf(process.pid),
  };
}

/**
 * Is the process that described itself as `other` still running? 'unknown' when it lives where this process cannot
 * look: in another container, on another machine, before a reboot.
 */
export function processState(
  other: ProcessIdentity,
  me: ProcessIdentity = thisProcess(),
): 'alive' | 'dead' | 'unknown' {
  if (other.bootId !== me.bootId || other.pidNamespace !== me.pidNamespace) return 'unknown';
  if (me.startedAt !== '') return startOf(other.pid) === other.startedAt ? 'alive' : 'dead';
  // No /proc (macOS, Windows): the pid is all there is.
  if (other.host !== me.host) return 'unknown';
  // This process writes no two notes, so it must be the note of an earlier one that had the same pid.
  if (other.pid === me.pid) return 'dead';
  try {
    process.kill(other.pid, 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'dead' : 'alive';
  }
}

/** Field 22 of /proc/<pid>/stat; counted from behind the name, which may contain anything. A zombie does not count. */
function startOf(pid: number): string {
  return attempt(() => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
  });
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
