import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';

/**
 * Types and rules in one: the compiler's errors and eslint's, of one program for each tsconfig. Both spend their time
 * on types, so together they take little more than one of them.
 *
 * Only what is affected by a change is looked at again. A rule that knows types may find something in a file that did
 * not change, so eslint's own cache, which goes by file, would be wrong. The compiler knows what is affected: the file
 * that changed, and whatever depends on types that changed with it.
 */

const PROJECTS = ['tsconfig.json', 'web/tsconfig.json', 'examples/tsconfig.json'];
/** A change of one of these invalidates all earlier results. */
const RULES = [...PROJECTS, 'eslint.config.mjs', 'package-lock.json'];
/** What eslint.config.mjs ignores too. */
const NOT_OURS = ['**/node_modules', '**/assembly', 'build', 'coverage', 'data', 'dist', 'packages/*/dist'];

const ROOT = process.cwd();
const CACHE = join(ROOT, 'build', 'cache');

/** What an earlier run leaves beside the compiler's own state. */
interface Kept {
  readonly rules: string;
  /** Files with findings: these are checked again, affected or not. */
  readonly failed: readonly string[];
}

/**
 * Checks the files of one project and prints errors.
 * @returns whether there are none
 */
async function lint(project: string): Promise<boolean> {
  mkdirSync(CACHE, { recursive: true });
  const name = join(CACHE, `lint-${project.replaceAll(/[^a-z]/g, '-')}`);
  const state = `${name}.tsbuildinfo`;
  const rules = rulesNow();
  const kept = readKept(`${name}.json`, rules);
  if (kept === null) rmSync(state, { force: true });

  const host: ts.FormatDiagnosticsHost = {
    getCanonicalFileName: (file) => file,
    getCurrentDirectory: () => ROOT,
    getNewLine: () => '\n',
  };
  const { builder, files } = openProject(join(ROOT, project), state);
  const pending = new Set(kept?.failed.filter((file) => files.includes(file)));
  for (const file of affectedFiles(builder, files)) pending.add(file);
  const diagnostics = ts.sortAndDeduplicateDiagnostics([
    ...builder.getConfigFileParsingDiagnostics(),
    ...builder.getOptionsDiagnostics(),
    ...builder.getGlobalDiagnostics(),
    ...builder.getSyntacticDiagnostics(),
    ...builder.getSemanticDiagnostics(),
  ]);

  const eslint = new ESLint({
    cwd: ROOT,
    warnIgnored: false,
    overrideConfig: {
      files: ['**/*.ts', '**/*.tsx'],
      languageOptions: { parserOptions: { projectService: false, programs: [builder.getProgram()] } },
    },
  });
  // No files would mean all of the folder.
  const results = pending.size === 0 ? [] : await eslint.lintFiles([...pending]);
  const failed = results.filter(({ messages }) => messages.length > 0).map(({ filePath }) => filePath);
  writeFileSync(`${name}.json`, JSON.stringify({ rules, failed } satisfies Kept));
  builder.emit();
  const formatter = await eslint.loadFormatter('stylish');
  process.stdout.write(`${project}: eslint looked at ${pending.size} of ${files.length} files\n`);
  process.stdout.write(ts.formatDiagnostics(diagnostics, host) + (await formatter.format(results)));
  return diagnostics.length === 0 && failed.length === 0;
}

function readKept(file: string, rules: string): Kept | null {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    return kept.rules === rules ? kept : null;
  } catch {
    // Missing, or incomplete because writing it was interrupted.
    return null;
  }
}

function parseProject(path: string, options: ts.CompilerOptions = {}): ts.ParsedCommandLine {
  const parsed = ts.getParsedCommandLineOfConfigFile(path, options, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  });
  if (parsed === undefined) throw new Error(`${path} cannot be read`);
  return parsed;
}

function openProject(path: string, state: string) {
  const { fileNames, options, errors } = parseProject(path, {
    noEmit: true,
    incremental: true,
    tsBuildInfoFile: state,
  });
  const builder = ts.createIncrementalProgram({
    rootNames: fileNames,
    options,
    configFileParsingDiagnostics: errors,
    host: ts.createIncrementalCompilerHost(options),
    createProgram: ts.createSemanticDiagnosticsBuilderProgram,
  });
  return { builder, files: fileNames };
}

/** Of the project's own files, those in which something may be found that was not there in the last run. */
function affectedFiles(
  builder: ts.SemanticDiagnosticsBuilderProgram,
  files: readonly string[],
): readonly string[] {
  const affected = new Set<string>();
  for (;;) {
    const next = builder.getSemanticDiagnosticsOfNextAffectedFile();
    if (next === undefined) return files.filter((file) => affected.has(file));
    // Not a file: the whole program.
    if (!('fileName' in next.affected)) return files;
    affected.add(next.affected.fileName);
  }
}

function rulesNow(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of [...RULES.map((path) => join(ROOT, path)), __filename]) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** Each project in a separate process, so there is one program in memory at a time. */
function main(): void {
  const own = new Set(PROJECTS.flatMap((project) => parseProject(join(ROOT, project)).fileNames));
  const forgotten = ts.sys.readDirectory(ROOT, ['.ts', '.tsx'], NOT_OURS).filter((file) => !own.has(file));
  if (forgotten.length > 0) {
    process.stderr.write(`No tsconfig includes:\n${forgotten.join('\n')}\n`);
    process.exitCode = 1;
  }
  for (const project of PROJECTS) {
    const { status } = spawnSync(process.execPath, [...process.execArgv, __filename, project], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}

if (require.main === module) {
  const [project] = process.argv.slice(2);
  if (project === undefined) main();
  else void lint(project).then((clean) => (process.exitCode = clean ? 0 : 1));
}
