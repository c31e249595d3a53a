import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calibrateCommand } from '../../src/cli/calibrate';
import { CHECKOUT, compiled } from '../support/compiled';
import { createStorage, type TestStorage } from '../support/databases';
import { collins, register } from '../support/operations';
import { descriptor, packed, strangerDescriptor } from '../support/photos';
import { TestService } from '../support/service';

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as `npm run calibrate` starts it, on a storage. */
function calibrate(storage: Pick<TestStorage, 'dataDir'>, ...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [compiled('src/cli/calibrate.js'), ...args], {
    cwd: CHECKOUT,
    // Empty ones count as not set, and keep a developer's .env from setting them.
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', DATABASE_URL: '', DATA_DIR: storage.dataDir },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The elements of an XML text that are not closed, or not in their order. */
function unclosed(xml: string): string[] {
  const open: string[] = [];
  for (const [, closing, name = '', own] of xml.matchAll(/<(\/?)([\w:]+)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (closing === '') {
      if (own === '') open.push(name);
    } else if (open.at(-1) === name) open.pop();
    else open.push(`/${name}`);
  }
  return open;
}

/** The options as the command gets them. */
function optionsOf(args: readonly string[]): unknown {
  let options: unknown;
  calibrateCommand((parsed) => void (options = parsed)).parse(args, { from: 'user' });
  return options;
}

describe('the options of calibrate', () => {
  test('have defaults', () => {
    expect(optionsOf([])).toEqual({ fmr: 0.0001 });
  });

  test('are read', () => {
    const args = ['--json', '--plot', 'a.SVG', '--fmr', '1e-3', '--model', 'arcface', '--pairs', '5000000'];
    expect(optionsOf(args)).toEqual({
      json: true,
      plot: 'a.SVG',
      fmr: 0.001,
      model: 'arcface',
      pairs: 5_000_000,
    });
  });

  test.each([
    [['--fmr', 'x'], /--fmr.* must be a number from 1e-9 to 0\.5/],
    [['--fmr', '0'], /--fmr.* must be a number from 1e-9 to 0\.5/],
    [['--fmr='], /--fmr.* must be a number from 1e-9 to 0\.5/],
    [['--plot', 'plot.png'], /--plot.* must name a file that ends in \.svg or \.html/],
    [['--pairs', '0'], /--pairs.* must be a whole number/],
    [['--pairs', '1.5'], /--pairs.* must be a whole number/],
    [['--model='], /--model.* must not be empty/],
    [['--nonsense'], /--nonsense/],
    [['stray'], /too many arguments/],
  ])('that are wrong are refused: %j', (args, message) => {
    expect(() => optionsOf(args)).toThrow(message);
  });
});

describe('npm run calibrate', () => {
  let storage: TestStorage;
  let plots: string;
  /** Everything the command ever said or wrote. */
  const outputs: string[] = [];

  const run = async (...args: string[]): Promise<Run> => {
    const result = await calibrate(storage, ...args);
    outputs.push(result.stdout, result.stderr);
    return result;
  };

  beforeAll(async () => {
    plots = mkdtempSync(join(tmpdir(), 'rollcall-plots-'));
    // The embedded one, which serves one process.
    storage = await createStorage('pglite');
    const service = await TestService.start({ storage });
    try {
      await register(service);
      await register(service, { ...collins, name: 'Eileen <Collins>', employeeId: 'EMP-2' });
      for (const seed of [3, 4, 5]) {
        await register(service, {
          name: `Stranger ${seed}`,
          employeeId: `EMP-${seed}`,
          faceDescriptor: strangerDescriptor(seed),
        });
      }
      // While it runs, nobody else may open the database.
      outputs.push((await calibrate(storage)).stderr);
    } finally {
      await service.stop();
    }
  });

  afterAll(async () => {
    rmSync(plots, { recursive: true, force: true });
    await storage.remove();
  });

  test('refuses while the service runs, and names the query to ask instead', () => {
    expect(outputs[0]).toContain('The service is running');
    expect(outputs[0]).toContain('matchingReport');
  });

  test('prints a table, advises nothing from five people, and writes the plot as SVG', async () => {
    const file = join(plots, 'plot.svg');
    const { code, stdout, stderr } = await run('--plot', file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/employees +5\n/);
    expect(stdout).toContain('No employee has two remembered photos');
    expect(stdout).toMatch(/impostor +10 /);
    expect(stdout).toContain('Not enough data: 5 people are enrolled');
    // The two portraits score 0.8938, as the fixtures' README has it.
    expect(stdout).toMatch(
      /0\.8938 {2}EMP-1 Grace Hopper +EMP-2 Eileen|0\.8938 {2}EMP-2 Eileen .*EMP-1 Grace/,
    );

    const svg = readFileSync(file, 'utf8');
    outputs.push(svg);
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(unclosed(svg)).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    for (const text of ['Similarity of pairs of templates', 'different people (10 pairs)', 'DET']) {
      expect(svg).toContain(text);
    }
  });

  test('prints JSON with the same figures, and writes a page that loads nothing, with names as text', async () => {
    const file = join(plots, 'plot.html');
    const { code, stdout } = await run('--json', '--fmr', '0.01', '--plot', file);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      modelId: 'dlib-resnet-128',
      employees: 5,
      templates: 5,
      impostor: { population: 10, compared: 10, sampled: false },
      genuine: { compared: 0, summary: null },
      advice: { status: 'NOT_ENOUGH_DATA', targetFmr: 0.01, threshold: null, neededImpostorPairs: 300 },
    });

    const html = readFileSync(file, 'utf8');
    outputs.push(html);
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain('<svg ');
    expect(html).toContain('Eileen &lt;Collins&gt;');
    expect(html).not.toMatch(/<script|<link|\bsrc=|<Collins/);
  });

  test('ends with 2 if the options are wrong, and says how to get help', async () => {
    expect(await run('--fmr', '2')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "error: option '--fmr <rate>' argument '2' is invalid. It must be a number from 1e-9 to 0.5.\n\n" +
        'See: npm run calibrate -- --help\n',
    });
  });

  test('explains itself', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect([code, stderr]).toEqual([0, '']);
    for (const option of ['--fmr', '--model', '--pairs', '--json', '--plot'])
      expect(stdout).toContain(option);
  });

  test('ends with 1 for a model without templates, naming those there are', async () => {
    const { code, stderr } = await run('--model', 'arcface');
    expect(code).toBe(1);
    expect(stderr).toContain('model arcface; other models have templates: dlib-resnet-128');
  });

  test('ends with 1 if there is no database, and makes none', async () => {
    const { code, stderr } = await calibrate({ dataDir: join(plots, 'nothing-here') });
    expect(code).toBe(1);
    expect(stderr).toContain('No database found in DATA_DIR');
  });

  test('has shown no vector anywhere', () => {
    // Filled by the tests above: several reports, both plots and every error.
    expect(outputs.length).toBeGreaterThan(10);
    const all = outputs.join('\n');
    const vectors = [descriptor('grace-hopper'), descriptor('eileen-collins'), strangerDescriptor(3)];
    for (const vector of vectors) {
      for (const x of vector) {
        for (const form of [String(x), String(Math.fround(x)), x.toFixed(5), x.toPrecision(6)]) {
          expect(all).not.toContain(form);
        }
      }
      for (let start = 0; start < 128; start += 4) {
        const bytes = Buffer.from(Float32Array.from(vector).buffer).subarray(start * 4, start * 4 + 16);
        expect(all).not.toContain(bytes.toString('hex'));
      }
      expect(all).not.toContain(packed(vector).slice(0, 24));
    }
  });
});
