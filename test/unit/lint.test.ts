import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

describe('scripts/lint.ts', () => {
  let folder: string;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const lint = (): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['-r', require.resolve('@swc-node/register'), join(ROOT, 'scripts', 'lint.ts'), 'tsconfig.json'],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, SWC_NODE_PROJECT: join(ROOT, 'tsconfig.json') },
      },
    );
    return { status, output: stdout + stderr };
  };

  /** save() is called by user.ts by way of middle.ts; what other.ts does has nothing to do with them. */
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-lint-'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    write('package-lock.json', '{}');
    for (const folder of ['web', 'examples']) write(`${folder}/tsconfig.json`, '{}');
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: { strict: true, module: 'node20', target: 'es2022', types: [] },
        include: ['src'],
      }),
    );
    write(
      'eslint.config.mjs',
      `import tseslint from 'typescript-eslint';
       export default tseslint.config({
         files: ['**/*.ts'],
         extends: [tseslint.configs.base],
         languageOptions: { parserOptions: { projectService: true } },
         rules: { '@typescript-eslint/no-floating-promises': 'error' },
       });`,
    );
    write('src/leaf.ts', 'export function save(): void {}\n');
    write('src/middle.ts', "import { save } from './leaf';\nexport const both = () => save();\n");
    write('src/user.ts', "import { both } from './middle';\nexport function run(): void {\n  both();\n}\n");
    write('src/other.ts', "export const other = 'other';\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds with its cache what a change of types makes wrong in a file that did not change', () => {
    expect(lint()).toEqual({ status: 0, output: 'tsconfig.json: eslint looked at 4 of 4 files\n' });

    write('src/leaf.ts', 'export async function save(): Promise<void> {}\n');
    const broken = lint();
    expect(broken.status).toBe(1);
    expect(broken.output).toContain('tsconfig.json: eslint looked at 3 of 4 files');
    expect(broken.output).toMatch(/src\/user\.ts\n +3:3 +error .*no-floating-promises/);

    // Still wrong while nothing changes, and an error of types besides.
    write('src/other.ts', 'export const other: number = "other";\n');
    const again = lint();
    expect(again.status).toBe(1);
    expect(again.output).toContain('tsconfig.json: eslint looked at 2 of 4 files');
    expect(again.output).toMatch(/src\/user\.ts\n +3:3 +error .*no-floating-promises/);
    expect(again.output).toContain("src/other.ts(1,14): error TS2322: Type 'string' is not assignable");
  });
});
