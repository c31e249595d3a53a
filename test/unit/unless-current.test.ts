import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unlessCurrent } from '../../scripts/unless-current';

describe('A product of the build', () => {
  let root: string;
  let source: string;
  let target: string;
  let made: number;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rollcall-unless-current-'));
    source = join(root, 'sources');
    target = join(root, 'dist', 'pages');
    made = 0;
    mkdirSync(join(source, 'inner'), { recursive: true });
    writeFileSync(join(source, 'inner', 'text'), 'first');
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const build = (): Promise<void> =>
    unlessCurrent({ target, sources: [source] }, (draft) => {
      made += 1;
      mkdirSync(draft);
      writeFileSync(join(draft, 'page'), text());
      writeFileSync(join(draft, 'other'), 'same');
    });
  const text = (): string => {
    const folder = existsSync(join(source, 'inner')) ? 'inner' : 'outer';
    return readFileSync(join(source, folder, 'text'), 'utf8');
  };
  const page = (): string => readFileSync(join(target, 'page'), 'utf8');
  const left = (): string[] => readdirSync(join(root, 'dist')).sort();

  it('is made once', async () => {
    await build();
    await build();
    expect([made, page(), left()]).toEqual([1, 'first', ['pages', 'pages.stamp']]);
  });

  it('is left alone when only the times of its sources change, as a checkout does', async () => {
    await build();
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(source, 'inner', 'text'), later, later);
    await build();
    expect(made).toBe(1);
  });

  it.each([
    ['a source changes', () => writeFileSync(join(source, 'inner', 'text'), 'second')],
    ['a source is added', () => writeFileSync(join(source, 'more'), '')],
    ['a source moves', () => renameSync(join(source, 'inner'), join(source, 'outer'))],
    ['a file of it is deleted', () => rmSync(join(target, 'other'))],
    ['a file of it is edited', () => writeFileSync(join(target, 'other'), 'SAME')],
    ['all of it is deleted', () => rmSync(target, { recursive: true })],
    ['its stamp is deleted', () => rmSync(`${target}.stamp`)],
    [
      'its stamp is cut short',
      () => writeFileSync(`${target}.stamp`, readFileSync(`${target}.stamp`).subarray(0, 40)),
    ],
  ])('is made again when %s', async (_change, change) => {
    await build();
    change();
    await build();
    expect(made).toBe(2);
    expect(page()).toBe(text());
    await build();
    expect(made).toBe(2);
  });

  it('stays as it was when making it fails, and is made the next time', async () => {
    await build();
    writeFileSync(join(source, 'inner', 'text'), 'second');
    const broken = unlessCurrent({ target, sources: [source] }, (draft) => {
      mkdirSync(draft);
      throw new Error('no space left');
    });
    await expect(broken).rejects.toThrow('no space left');
    expect([page(), left()]).toEqual(['first', ['pages', 'pages.stamp']]);
    await build();
    expect(page()).toBe('second');
  });

  it('is made again when a source changes while it is made', async () => {
    await unlessCurrent({ target, sources: [source] }, (draft) => {
      mkdirSync(draft);
      writeFileSync(join(draft, 'page'), text());
      writeFileSync(join(source, 'inner', 'text'), 'second');
    });
    expect(page()).toBe('first');
    await build();
    expect(page()).toBe('second');
  });

  it('takes away what a killed build left', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    mkdirSync(join(root, 'dist', `pages.draft-${pid}`), { recursive: true });
    await build();
    expect(left()).toEqual(['pages', 'pages.stamp']);
  });

  it('is whole after several processes have built it at once', async () => {
    const script = `
      const { unlessCurrent } = require(${JSON.stringify(join(__dirname, '..', '..', 'scripts', 'unless-current'))});
      const { mkdirSync, writeFileSync } = require('node:fs');
      const build = () => unlessCurrent({ target: process.argv[1], sources: [process.argv[2]] }, (draft) => {
        mkdirSync(draft);
        for (let file = 0; file < 200; file++) writeFileSync(draft + '/' + file, 'content');
      });
      build().catch((error) => { console.error(error); process.exit(1); });`;
    const args = ['-r', '@swc-node/register', '-e', script, target, source];
    const builds = Array.from({ length: 3 }, () => spawn(process.execPath, args, { stdio: 'inherit' }));
    const codes = await Promise.all(
      builds.map(async (child) => ((await once(child, 'exit')) as [number])[0]),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect(readdirSync(target)).toHaveLength(200);
    expect(left()).toEqual(['pages', 'pages.stamp']);
  });
});
