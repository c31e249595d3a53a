import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..');
const COUNTED = /^(?:src|packages\/[^/]+\/src)\/.*\.tsx?$/;
const GENERATED = /^\/[/*].*generated/i;

interface File {
  readonly path: string;
  readonly lines: number;
}

/** Lines that hold a part of a token: blank lines and comments do not count, however they are formatted. */
export function codeLines(text: string): number {
  const source = ts.createSourceFile('file.tsx', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    // A docstring is a separate node.
    if (ts.isJSDoc(node)) return;
    if (node.getChildCount(source) > 0) return node.getChildren(source).forEach(visit);
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const token = node.getText(source);
    token.split('\n').forEach((line, i) => line.trim() !== '' && lines.add(first + i));
  };
  visit(source);
  return lines.size;
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28 });

/** @param revision of git; undefined: the working directory */
function filesOf(revision: string | undefined): File[] {
  const paths =
    revision === undefined
      ? ['src', 'packages'].flatMap((folder) =>
          readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
            join(folder, path).replaceAll('\\', '/'),
          ),
        )
      : git('ls-tree', '-r', '--name-only', revision).split('\n');
  return paths
    .filter((path) => COUNTED.test(path))
    .map((path) => ({
      path,
      text:
        revision === undefined ? readFileSync(join(ROOT, path), 'utf8') : git('show', `${revision}:${path}`),
    }))
    .filter(({ text }) => !GENERATED.test(text))
    .map(({ path, text }) => ({ path, lines: codeLines(text) }));
}

/** src/services has its subjects one level deeper. */
const folderOf = (path: string): string =>
  path
    .split('/')
    .slice(0, -1)
    .slice(0, path.startsWith('src/services/') ? 3 : 2)
    .join('/');

function row(name: string, files: readonly File[]): string {
  const sorted = [...files].sort((a, b) => a.lines - b.lines);
  const total = files.reduce((sum, { lines }) => sum + lines, 0);
  const median = sorted[Math.floor(sorted.length / 2)]?.lines ?? 0;
  const largest = sorted.at(-1);
  const cells = [files.length, total, median].map((cell) => String(cell).padStart(7)).join('');
  return `${name.padEnd(28)}${cells}  ${largest?.lines} ${largest?.path}\n`;
}

function table(files: readonly File[]): string {
  const folders = [...new Set(files.map(({ path }) => folderOf(path)))].sort();
  const rows = folders.map((name) =>
    row(
      name,
      files.filter(({ path }) => folderOf(path) === name),
    ),
  );
  return `${'folder'.padEnd(28)}  files  lines median  largest\n${rows.join('')}${row('all', files)}`;
}

/** Prints the size of the code; with a revision of git also how much it is of the size then. */
function main(revision: string | undefined): void {
  const now = filesOf(undefined);
  process.stdout.write(table(now));
  if (revision === undefined) return;
  const then = filesOf(revision);
  const sum = (files: readonly File[]): number => files.reduce((all, { lines }) => all + lines, 0);
  const share = ((100 * sum(now)) / sum(then)).toFixed(1);
  process.stdout.write(`\n${revision}\n${table(then)}\n${share} % of the lines of ${revision}\n`);
}

if (require.main === module) main(process.argv[2]);
