/** Real: npm, the packages' install scripts. Fake: a network that nothing reaches. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHECKOUT } from '../support/compiled';

const run = promisify(execFile);
const read = (file: string): string => readFileSync(join(CHECKOUT, file), 'utf8');

/** Runs the install scripts of a package, as `npm ci` does, without a network. @returns what they print */
async function install(name: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const env = {
    ...process.env,
    ...more,
    NODE_OPTIONS: `--require ${join(CHECKOUT, 'test/support/no-network.cjs')}`,
  };
  const { stdout } = await run('npm', ['rebuild', name, '--foreground-scripts'], { cwd: CHECKOUT, env });
  return stdout;
}

it('the installation fetches nothing but packages: the runtime’s own download is skipped', async () => {
  expect(read('.npmrc')).toMatch(/^onnxruntime-node-install=skip$/m);
  expect(await install('onnxruntime-node')).toContain('script/install');
  // Without the option it goes elsewhere, which shows that this test would notice.
  await expect(install('onnxruntime-node', { ONNXRUNTIME_NODE_INSTALL: 'true' })).rejects.toThrow();
});

it('the installation takes the models’ package without what it depends on', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { name?: string; version: string; dependencies?: Record<string, string> }>;
  };
  const models = 'node_modules/faceplugin-face-recognition-js';
  for (const name of Object.keys(packages[models]?.dependencies ?? {})) {
    const found = packages[`${models}/node_modules/${name}`] ?? packages[`node_modules/${name}`];
    expect([name, found?.name]).toEqual([name, 'empty-npm-package']);
  }
  // Ours stay.
  for (const name of ['eslint', 'jest', 'babel-jest']) {
    expect(packages[`node_modules/${name}`]?.name).toBeUndefined();
  }
});
