import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const DEPCRUISE = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

interface Cruise {
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
    readonly totalCruised: number;
  };
  readonly folders?: readonly {
    readonly name: string;
    readonly dependencies: readonly { readonly name: string; readonly circular: boolean }[];
  }[];
}

/** Runs dependency-cruiser with the rules of this repository on the sources of a folder. */
async function cruise(cwd: string, ...paths: string[]): Promise<Cruise> {
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [DEPCRUISE, '--config', CONFIG, '--output-type', 'json', ...paths],
      { cwd, maxBuffer: 64 * 1024 * 1024 },
      // Its exit code is the number of violations.
      (_error, stdout) => resolve(stdout),
    );
  });
  return JSON.parse(output) as Cruise;
}

/** A repository of that many files, each with the modules it imports. */
function repository(files: Readonly<Record<string, readonly string[]>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-architecture-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('tsconfig.json', '{}');
  write(
    'package.json',
    JSON.stringify({
      dependencies: { cloudinary: '1', pg: '1', sharp: '1', '@tensorflow/tfjs-core': '1' },
      devDependencies: { 'a-test-tool': '1' },
    }),
  );
  for (const name of ['cloudinary', 'pg', 'sharp', '@tensorflow/tfjs-core', 'a-test-tool']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  for (const [path, imports] of Object.entries(files)) {
    const lines = imports.map((name, index) => `import type * as i${index} from '${name}';`);
    write(path, `${lines.join('\n')}\nexport const name = '${path}';\n`);
  }
  symlinkSync(join(ROOT, 'node_modules', 'typescript'), join(folder, 'node_modules', 'typescript'));
  return folder;
}

describe('the rules of the architecture', () => {
  let folder: string;
  let found: readonly string[];

  beforeAll(async () => {
    folder = repository({
      // Right, each beside something wrong.
      'src/entities/role.ts': [],
      'src/entities/office.entity.ts': ['./role', './employee.entity'],
      'src/entities/employee.entity.ts': ['./office.entity'],
      'src/services/storage/cloudinary.ts': ['cloudinary', '../../entities/role'],
      'src/services/vault/envelope.ts': ['../storage/cloudinary'],
      'src/services/storage/keys.ts': ['../vault/envelope'],
      'src/services/face/luma.ts': [],
      'src/services/face/picture.ts': ['sharp'],
      'src/database/connection.ts': ['pg'],
      'web/src/face/tensors.ts': ['@tensorflow/tfjs-core', '../../../src/services/face/luma'],
      // Wrong.
      'src/entities/punch.entity.ts': ['../errors'],
      'src/errors.ts': [],
      'src/services/geofence.ts': ['../http/server', 'pg'],
      'src/http/server.ts': ['../entities/role', '../cli/report'],
      'src/cli/report.ts': ['../app'],
      'src/app.ts': ['../test/support/clock', 'a-test-tool', './gone'],
      'test/support/clock.ts': [],
      'src/resolvers/office.resolver.ts': ['sharp', 'cloudinary'],
      'web/src/kiosk.ts': ['@tensorflow/tfjs-core', '../../src/services/face/picture'],
      'src/services/poller.ts': ['./paging'],
      'src/services/paging.ts': ['./poller'],
      'src/services/audit/log.ts': ['../consent/consent'],
      'src/services/consent/consent.ts': [],
      'src/services/consent/note.ts': ['../audit/log'],
      'src/services/vault/ring.ts': ['../matching/row'],
      'src/services/matching/row.ts': ['../storage/cloudinary'],
      'src/services/storage/rows.ts': ['../matching/row'],
      'bench/faces/main.ts': ['../matching/main'],
      'bench/matching/main.ts': [],
      'bench/matching/start.ts': ['../faces/main'],
    });
    const { summary } = await cruise(folder, 'src', 'web', 'test', 'bench');
    found = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('find an import against each arrow, of types too, and none along them', () => {
    expect(found.filter((line) => line.startsWith('arrow'))).toEqual([
      'arrow from src/: src/app.ts -> test/support/clock.ts',
      'arrow from src/cli/: src/cli/report.ts -> src/app.ts',
      'arrow from src/entities/: src/entities/punch.entity.ts -> src/errors.ts',
      'arrow from src/http/: src/http/server.ts -> src/cli/report.ts',
      'arrow from src/http/: src/http/server.ts -> src/entities/role.ts',
      'arrow from src/services/: src/services/geofence.ts -> src/http/server.ts',
      'arrow from web/: web/src/kiosk.ts -> src/services/face/picture.ts',
      'arrow from web/src/: web/src/kiosk.ts -> src/services/face/picture.ts',
    ]);
  });

  it('find a package outside of its place', () => {
    const owner = /^owner of .*: (\S+ -> \S+)$/;
    expect(found.flatMap((line) => owner.exec(line)?.[1] ?? []).sort()).toEqual([
      'src/resolvers/office.resolver.ts -> node_modules/cloudinary/index.js',
      'src/resolvers/office.resolver.ts -> node_modules/sharp/index.js',
      'src/services/geofence.ts -> node_modules/pg/index.js',
      'web/src/kiosk.ts -> node_modules/@tensorflow/tfjs-core/index.js',
    ]);
  });

  it('find what production does not have, and what is nowhere', () => {
    expect(found.filter((line) => /^(development|unknown)/.test(line))).toEqual([
      'development package: src/app.ts -> node_modules/a-test-tool/index.js',
      'unknown import: src/app.ts -> ./gone',
    ]);
  });

  it('find a circle of files, but none of entities', () => {
    expect(found.filter((line) => line.startsWith('circle of files'))).toEqual([
      'circle of files: src/services/paging.ts -> src/services/poller.ts',
    ]);
  });

  it('find a new circle of folders, also beside one that is known', () => {
    expect(found.filter((line) => line.startsWith('circle of folders'))).toEqual([
      'circle of folders: bench/faces -> bench/matching',
      'circle of folders: bench/matching -> bench/faces',
      'circle of folders: src/services/audit -> src/services/consent',
      'circle of folders: src/services/consent -> src/services/audit',
      // storage and vault may import each other, but neither of them by way of another folder.
      'circle of folders: src/services/matching -> src/services/storage',
      'circle of folders: src/services/storage -> src/services/matching',
      'circle of folders: src/services/vault -> src/services/matching',
    ]);
  });
});

/** What the configuration allows: folders, and what each may import although that closes a circle. */
function knownCircles(): string[] {
  const { forbidden } = createRequire(__filename)(CONFIG) as {
    readonly forbidden: readonly {
      readonly scope?: 'folder';
      readonly from: { readonly path?: readonly string[] };
      readonly to: { readonly pathNot?: readonly string[] };
    }[];
  };
  const name = (exactly: string): string => exactly.slice(1, -1);
  return forbidden
    .filter(({ scope }) => scope === 'folder')
    .flatMap(({ from, to }) =>
      (from.path ?? []).flatMap((a) => (to.pathNot ?? []).map((b) => `${name(a)} -> ${name(b)}`)),
    );
}

describe('the known circles of folders', () => {
  it('are still there in src: whoever removes one shortens the list in .dependency-cruiser.cjs', async () => {
    const { folders = [] } = await cruise(ROOT, 'src/services');
    const there = folders.flatMap(({ name, dependencies }) =>
      dependencies.filter(({ circular }) => circular).map((dependency) => `${name} -> ${dependency.name}`),
    );
    expect(there.sort()).toEqual(
      knownCircles()
        .filter((line) => line.startsWith('src/'))
        .sort(),
    );
  });
});
