import { readFileSync, writeFileSync } from 'node:fs';
import type { ChildService } from './child-service';

/** Of Linux, in a second. */
const TICKS = 100;

type Process = Pick<ChildService, 'pid'>;

/** What a process has used so far: processor time of all its threads in milliseconds, and memory in megabytes. */
export interface Usage {
  readonly cpuMs: number;
  readonly residentMb: number;
}

/** What something cost a process, and its outcome. */
export interface Cost<T> {
  /** Processor time of all threads, in milliseconds. */
  readonly cpuMs: number;
  /** By how much its memory grew at most meanwhile, in megabytes. */
  readonly peakMb: number;
  readonly outcome: T;
}

/** Reads what the system knows of a process. */
export function usageOf({ pid }: Process): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, which is the second field, may contain blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    cpuMs: ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1000,
    residentMb: memoryOf(pid, 'VmRSS'),
  };
}

/** Does something to a service. @returns what that cost it, and the outcome */
export async function costOf<T>(child: Process, act: () => Promise<T>): Promise<Cost<T>> {
  const before = usageOf(child);
  forgetPeak(child);
  const outcome = await act();
  const peak = memoryOf(child.pid, 'VmHWM');
  return { cpuMs: usageOf(child).cpuMs - before.cpuMs, peakMb: peak - before.residentMb, outcome };
}

/** The system remembers the most memory that a process had; from here on, what it has from now on. */
const forgetPeak = ({ pid }: Process): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

const memoryOf = (pid: number, name: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) /
  1000;
