import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * The static checks, the longest first: names of scripts in package.json, where each can be run by itself, and what
 * each reads. One that passed is not run again before something of that has changed.
 */
const CHECKS = new Map([
  ['lint', /\.(tsx?|mjs|json|graphql)$/],
  ['format', /./],
  ['schema:check', /^(src|packages|scripts)\//],
  ['config:check', /^(src|scripts)\/|^\.env\.example$|^docs\/reference\//],
  ['architecture', /\.(tsx?|[cm]js|json)$/],
  ['spell', /./],
  ['markdown', /\.md$|^\.markdownlint-cli2\.jsonc$/],
  ['unused', /./],
]);
/** Further files that each of them depends on. */
const COMMON = /^(package(-lock)?\.json|tsconfig\.json|\.swcrc)$/;

const ROOT = join(__dirname, '..');
const CACHE = join(ROOT, 'build', 'cache');
const PASSED = join(CACHE, 'passed.json');

export interface Outcome {
  readonly name: string;
  readonly result: 'passed' | 'unchanged' | 'failed';
  readonly seconds: number;
  /** Both streams of it. */
  readonly output: string;
}

/** Runs the static checks side by side, all of them even if one fails. */
export class StaticChecks {
  private readonly running = new Set<ChildProcess>();
  private readonly passed = readPassed();
  private stopped = false;

  /**
   * @param lanes how many run at a time
   * @param report is called with each as it ends
   */
  async run(lanes: number, report: (outcome: Outcome) => void): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    const files = ownFiles();
    const waiting = [...CHECKS];
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !this.stopped; next = waiting.shift()) {
        const [name, reads] = next;
        const outcome = await this.check(name, fingerprint(files, reads));
        outcomes.push(outcome);
        if (!this.stopped) report(outcome);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return outcomes;
  }

  /** Ends those that run, with all their processes; no other begins. */
  stop(): void {
    this.stopped = true;
    for (const { pid, exitCode, signalCode } of this.running) {
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGTERM');
    }
  }

  private async check(name: string, inputs: string | null): Promise<Outcome> {
    if (inputs !== null && this.passed.get(name) === inputs) {
      return { name, result: 'unchanged', seconds: 0, output: '' };
    }
    const begun = performance.now();
    const { code, output } = await this.execute(name);
    const result = code === 0 ? 'passed' : 'failed';
    if (result === 'passed' && inputs !== null) this.keep(name, inputs);
    return { name, result, seconds: (performance.now() - begun) / 1000, output };
  }

  private execute(name: string): Promise<{ readonly code: number | null; readonly output: string }> {
    const { PATH = '' } = process.env;
    const child = spawn(scriptLine(name), {
      cwd: ROOT,
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A separate group, so that all of its processes can be ended at once.
      detached: true,
      env: { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${PATH}` },
    });
    this.running.add(child);
    // The tests beside it go first: some of them wait for a time that has to suffice.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    return new Promise((resolve, reject) => {
      let output = '';
      const take = (text: string): void => void (output += text);
      child.stdout.setEncoding('utf8').on('data', take);
      child.stderr.setEncoding('utf8').on('data', take);
      child.on('error', reject);
      child.on('close', (code) => {
        this.running.delete(child);
        resolve({ code, output });
      });
    });
  }

  private keep(name: string, inputs: string): void {
    this.passed.set(name, inputs);
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(PASSED, JSON.stringify(Object.fromEntries(this.passed)));
  }
}

/** One line each, to be read at a glance. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ name, result, seconds }) => {
      const time = result === 'unchanged' ? '' : `${seconds.toFixed(1).padStart(6)} s`;
      return `${name.padEnd(18)}${result.padEnd(10)}${time}`.trimEnd();
    })
    .join('\n');
}

/** What a check that failed has to say; nothing of one that did not. */
export function tellFailure({ name, result, output }: Outcome): void {
  if (result === 'failed') process.stderr.write(`\n${name} failed:\n${output}\n`);
}

/** What the script of that name in package.json runs. */
function scriptLine(name: string): string {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const line = scripts[name];
  if (line === undefined) throw new Error(`package.json has no script "${name}"`);
  return line;
}

/** The files of the repository and new ones, each with a hash. Null if git cannot list them. */
function ownFiles(): ReadonlyMap<string, string> | null {
  const { status, stdout } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  if (status !== 0) return null;
  const paths = stdout.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
  return new Map(paths.map((path) => [path, sha256(readFileSync(join(ROOT, path)))]));
}

/** Of all that a check depends on; null: it cannot be known. */
function fingerprint(files: ReadonlyMap<string, string> | null, reads: RegExp): string | null {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (files === null || !existsSync(installed)) return null;
  const read = [...files].filter(([path]) => reads.test(path) || COMMON.test(path)).sort();
  return sha256(JSON.stringify([process.version, sha256(readFileSync(installed)), read]));
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

function readPassed(): Map<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(PASSED, 'utf8')) as Record<string, string>));
  } catch {
    // Missing, or incomplete because writing it was interrupted.
    return new Map();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { lanes: { type: 'string', default: '1' } } });
  const lanes = Number(values.lanes);
  if (!Number.isInteger(lanes) || lanes < 1) throw new Error('--lanes must be a positive integer');
  const checks = new StaticChecks();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      checks.stop();
      process.exitCode = 1;
    });
  }
  const outcomes = await checks.run(lanes, (outcome) => {
    tellFailure(outcome);
    process.stdout.write(`${summaryOf([outcome])}\n`);
  });
  if (outcomes.some(({ result }) => result === 'failed')) process.exitCode = 1;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
