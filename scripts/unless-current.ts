import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..');
/** More builds than this at the same moment are not expected. */
const ATTEMPTS = 10;

export interface Product {
  /** The file or folder that is made. */
  readonly target: string;
  /** The files and folders it is made of, with the script that makes it and the list of packages. */
  readonly sources: readonly string[];
}

/**
 * Calls `make` to write an output, unless it is up to date: its sources and its content have not changed. Compares
 * content, because a checkout changes the times of files and a copy keeps them. The output is written to a temporary
 * place and renamed, so that an interrupted build leaves the old one, and nobody reads half of one.
 */
export async function unlessCurrent(
  { target, sources }: Product,
  make: (draft: string) => void | Promise<void>,
): Promise<void> {
  const stamp = `${target}.stamp`;
  // Before the work: a source that changes meanwhile makes the next build work again.
  const made = fingerprint(sources);
  if (existsSync(target) && existsSync(stamp)) {
    if (readFileSync(stamp, 'utf8') === stampOf(made, target)) return;
  }
  mkdirSync(dirname(target), { recursive: true });
  removeAbandoned(target);
  const draft = `${target}.draft-${process.pid}`;
  try {
    await make(draft);
    const next = stampOf(made, draft);
    put(draft, target);
    writeFileSync(stamp, next);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Of the names and contents of files and of all files in folders; the same wherever the checkout is. */
export function fingerprint(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) add(path, relative(ROOT, path));
  return hash.digest('hex');

  function add(path: string, name: string): void {
    if (statSync(path).isDirectory()) {
      for (const entry of readdirSync(path).sort()) add(join(path, entry), `${name}/${entry}`);
      return;
    }
    const content = readFileSync(path);
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
}

/** Tells of sources and product: one that was deleted in part, or edited, is made again. */
const stampOf = (made: string, product: string): string => `${made} ${contents(product)}\n`;

/** The fingerprint of a product wherever it is: a draft is named otherwise. */
const contents = (product: string): string =>
  statSync(product).isDirectory()
    ? sha256(
        readdirSync(product)
          .sort()
          .map((entry) => `${entry}\0${contents(join(product, entry))}`)
          .join('\n'),
      )
    : sha256(readFileSync(product));

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** A folder cannot be renamed over another one, and another build may put its own there between two steps. */
function put(draft: string, target: string): void {
  const old = `${draft}-old`;
  for (let attempt = 1; ; attempt++) {
    try {
      return renameSync(draft, target);
    } catch (error) {
      if (attempt === ATTEMPTS || !existsSync(draft)) throw error;
    }
    try {
      renameSync(target, old);
    } catch {
      continue; // the other build has it in hand
    }
    rmSync(old, { recursive: true, force: true });
  }
}

/** Drafts of builds that were killed. */
function removeAbandoned(target: string): void {
  const prefix = `${basename(target)}.draft-`;
  for (const name of readdirSync(dirname(target)).filter((entry) => entry.startsWith(prefix))) {
    if (!isRunning(Number.parseInt(name.slice(prefix.length), 10))) {
      rmSync(join(dirname(target), name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
