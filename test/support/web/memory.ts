import { readdirSync, readFileSync } from 'node:fs';

const KIB = 1024;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly resident: number;
}

/** null: it has ended meanwhile. */
function processOf(pid: number): Process | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const number = (name: string): number =>
      Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return { pid, parent: number('PPid'), command, resident: number('RssAnon') * KIB };
  } catch {
    return null;
  }
}

/**
 * Bytes of memory that the renderers of one Chromium hold: besides JavaScript's heap there are WebAssembly and pixels, of
 * which JavaScript cannot tell. Without the memory that they share with others: Chromium without a GPU keeps frames of a
 * video there, up to a bound of its own (some 450 MB) and until somebody else needs it. 0 where the system does not tell.
 * @param profile the folder that the browser was started with
 */
export function rendererBytes(profile: string): number {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return 0;
  }
  const all = names.filter((name) => /^\d+$/.test(name)).flatMap((name) => processOf(Number(name)) ?? []);
  const ours = new Set(all.filter(({ command }) => command.includes(profile)).map(({ pid }) => pid));
  // Renderers are children of the browser, or of a helper of its.
  for (let before = -1; before !== ours.size;) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  return all
    .filter(({ pid, command }) => ours.has(pid) && command.includes('--type=renderer'))
    .reduce((sum, { resident }) => sum + resident, 0);
}
