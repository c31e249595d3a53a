/** Real: a process that reads its configuration as the service does, in a folder with a .env file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const ASK = `const { http: { port }, dataDir } = require('${join(ROOT, 'src', 'config', 'config.ts')}').configFromProcess();
process.stdout.write(JSON.stringify({ port, dataDir }));`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-env-'));
  writeFileSync(join(folder, '.env'), 'PORT=5001\nDATA_DIR=/from-file\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const configured = (env: Readonly<Record<string, string>>): unknown =>
  JSON.parse(
    execFileSync(process.execPath, ['-r', require.resolve('@swc-node/register'), '-e', ASK], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
    }),
  );

it.each([
  ['is read', {}, { port: 5001, dataDir: '/from-file' }],
  ['yields to the environment', { PORT: '5002' }, { port: 5002, dataDir: '/from-file' }],
  [
    'is not read in production',
    { NODE_ENV: 'production', ADMIN_API_KEY: 'a-key-of-32-characters-0123456789' },
    { port: 4000, dataDir: '/data' },
  ],
])('.env %s', (_what, env, expected) => {
  const answer = configured(env) as { dataDir: string };
  const { dataDir } = answer;
  expect({ ...answer, dataDir: dataDir.replace(folder, '') }).toEqual(expected);
});
