import { readdirSync, readFileSync } from 'node:fs';

const KIB = 1024;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly resident: number;
  /** Seconds of a processor, of all threads since its start. */
  readonly busy: number;
}

/** Linux counts processor time in hundredths of a second for whoever asks. */
const TICKS_PER_SECOND = 100;

/** null: it has ended meanwhile. */
function processOf(pid: number): Process | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const number = (name: string): number =>
      Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    // The name, in parentheses, may hold spaces; 12 and 13 fields after it are the times in user and system mode.
    const [, fields = ''] = /\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
    const busy = (user + system) / TICKS_PER_SECOND;
    return { pid, parent: number('PPid'), command, resident: number('RssAnon') * KIB, busy };
  } catch {
    return null;
  }
}

/** The renderers of one Chromium; none where the system does not tell. @param profile the folder that it was started with */
function renderersOf(profile: string): Process[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  const all = names.filter((name) => /^\d+$/.test(name)).flatMap((name) => processOf(Number(name)) ?? []);
  const ours = new Set(all.filter(({ command }) => command.includes(profile)).map(({ pid }) => pid));
  // Renderers are children of the browser, or of a helper of its.
  for (let before = -1; before !== ours.size;) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  return all.filter(({ pid, command }) => ours.has(pid) && command.includes('--type=renderer'));
}

/**
 * Bytes of memory that the renderers hold: besides JavaScript's heap there are WebAssembly and pixels, of
 * which JavaScript cannot tell. Without the memory that they share with others: Chromium without a GPU keeps frames of a
 * video there, up to a bound of its own (some 450 MB) and until somebody else needs it.
 */
export const rendererBytes = (profile: string): number =>
  renderersOf(profile).reduce((sum, { resident }) => sum + resident, 0);

/** Seconds of a processor that the renderers, with their workers, have used so far. */
export const rendererSeconds = (profile: string): number =>
  renderersOf(profile).reduce((sum, { busy }) => sum + busy, 0);
