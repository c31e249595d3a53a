/** Real: the file system; processes of their own for the race. Fake: nothing. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadSecret } from '../../src/services/encryption/secrets';
import { CHECKOUT } from '../support/compiled';

let root: string;
let dataDir: string;
const files = (): Promise<string[]> => readdir(join(dataDir, 'secrets'));
const mode = async (path: string): Promise<number> => (await stat(join(dataDir, path))).mode & 0o777;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'secrets-'));
  dataDir = join(root, 'data');
});
afterEach(() => rm(root, { recursive: true }));

it('a secret is made once, of 32 random bytes, and is the same at every start', async () => {
  const secret = await loadSecret(dataDir, 'replay');
  expect(secret).toHaveLength(32);
  expect(new Set(secret).size).toBeGreaterThan(8);
  expect(await loadSecret(dataDir, 'replay')).toEqual(secret);
  expect(await readFile(join(dataDir, 'secrets/replay.key'))).toEqual(secret);
  expect(await files()).toEqual(['replay.key']);
});

it('a secret is another one under another name, and in another installation', async () => {
  const secrets = [
    await loadSecret(dataDir, 'replay'),
    await loadSecret(dataDir, 'other'),
    await loadSecret(join(root, 'elsewhere'), 'replay'),
  ];
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(3);
});

it('a secret is for the eyes of this user only, even with a careless umask', async () => {
  const before = process.umask(0);
  try {
    await loadSecret(dataDir, 'replay');
  } finally {
    process.umask(before);
  }
  expect(await mode('.')).toBe(0o700);
  expect(await mode('secrets')).toBe(0o700);
  expect(await mode('secrets/replay.key')).toBe(0o600);
});

it('a secret is one if it is asked for many times at once', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, () => loadSecret(dataDir, 'replay')));
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
  expect(await files()).toEqual(['replay.key']);
});

it('a secret is one if processes start at once', async () => {
  const script = `require('./dist/src/services/encryption/secrets').loadSecret(process.argv[1], 'replay')
    .then((secret) => process.stdout.write(secret.toString('hex')))`;
  const args = ['-e', script, dataDir];
  const runs = Array.from({ length: 4 }, () =>
    promisify(execFile)(process.execPath, args, { cwd: CHECKOUT }),
  );
  const secrets = (await Promise.all(runs)).map(({ stdout }) => stdout);
  expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(secrets).size).toBe(1);
  expect(await files()).toEqual(['replay.key']);
});

it.each([0, 31, 33])('a secret is refused with %i bytes, and left as it is', async (length) => {
  await loadSecret(dataDir, 'replay');
  const file = join(dataDir, 'secrets/replay.key');
  await writeFile(file, Buffer.alloc(length));
  await expect(loadSecret(dataDir, 'replay')).rejects.toThrow(
    `${file} has ${length} bytes instead of 32. Restore it from a backup`,
  );
  expect(await readFile(file)).toHaveLength(length);
});

it('a secret that can be neither read nor made is a fault of the operating system', async () => {
  await writeFile(dataDir, 'a file where the folder should be');
  await expect(loadSecret(dataDir, 'replay')).rejects.toMatchObject({ code: 'EEXIST' });
});
