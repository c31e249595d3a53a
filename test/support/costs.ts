import { readFileSync } from 'node:fs';
import type { ChildService } from './child-service';

/** Of Linux, in a second. */
const TICKS = 100;

/** What a process has used so far: processor time of all its threads in milliseconds, and memory in megabytes. */
export interface Usage {
  readonly cpuMs: number;
  readonly residentMb: number;
}

/** Reads what the system knows of a process. */
export function usageOf({ pid }: Pick<ChildService, 'pid'>): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, which is the second field, may contain blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuMs: ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1000,
    residentMb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1000,
  };
}

/** Does something to a service. @returns what that cost it, in milliseconds of processor time, and the outcome */
export async function costOf<T>(
  child: Pick<ChildService, 'pid'>,
  act: () => Promise<T>,
): Promise<{ readonly cpuMs: number; readonly outcome: T }> {
  const before = usageOf(child);
  const outcome = await act();
  return { cpuMs: usageOf(child).cpuMs - before.cpuMs, outcome };
}
