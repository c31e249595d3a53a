import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
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
      'src/services/photos/cdn/cloudinary.ts': ['cloudinary', '../../../entities/role'],
      'src/services/faces/engine/picture.ts': ['sharp'],
      'src/database/connection.ts': ['pg'],
      'packages/face-rules/src/luma.ts': [],
      'packages/embedded-postgres/src/pool.ts': ['pg'],
      'packages/gallery/src/gallery.ts': ['./rows'],
      'packages/gallery/src/rows.ts': [],
      'packages/gallery/test/rows.test.ts': ['../src/rows', '../../../test/support/clock'],
      'ormconfig.ts': ['./packages/embedded-postgres/src/pool'],
      'src/services/faces/matching/search.ts': ['../../../../packages/gallery/src/gallery'],
      'web/src/face/tensors.ts': ['@tensorflow/tfjs-core', '../../../packages/face-rules/src/luma'],
      'scripts/shots.ts': ['../test/support/web/page'],
      'test/support/web/page.ts': ['../clock'],
      'test/support/clock.ts': ['../../scripts/build'],
      'scripts/build.ts': [],
      // Wrong.
      'src/entities/punch.entity.ts': ['../errors'],
      'src/errors.ts': [],
      'src/services/offices/geofence.ts': ['../../http/server', 'pg'],
      'src/services/offices/pool.ts': ['../../../packages/embedded-postgres/src/pool'],
      'packages/zones/src/office.ts': ['../../../src/entities/role', 'pg'],
      'src/http/server.ts': ['../entities/role', '../cli/report'],
      'src/cli/report.ts': ['../app'],
      'src/app.ts': ['../test/support/clock', 'a-test-tool', './gone'],
      'src/resolvers/office.resolver.ts': ['sharp', 'cloudinary'],
      'web/src/kiosk.ts': ['@tensorflow/tfjs-core', '../../src/services/faces/engine/picture'],
      'src/database/poller.ts': ['./paging'],
      'src/database/paging.ts': ['./poller'],
      'src/services/audit/log.ts': ['../consent/consent'],
      'src/services/consent/consent.ts': [],
      'src/services/consent/note.ts': ['../audit/log'],
      'test/support/web/table.ts': ['../../tables/rows'],
      'test/tables/rows.ts': ['../support/web/page'],
      'bench/faces/main.ts': ['../memory/main'],
      'bench/memory/main.ts': [],
      'bench/memory/start.ts': ['../faces/main'],
    });
    const { summary } = await cruise(
      folder,
      ...['ormconfig.ts', 'packages', 'src', 'web', 'test', 'bench', 'scripts'],
    );
    found = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('find an import against each arrow, of types too, and none along them', () => {
    expect(found.filter((line) => line.startsWith('arrow'))).toEqual([
      'arrow from packages/*/src/: packages/zones/src/office.ts -> src/entities/role.ts',
      'arrow from src/: src/app.ts -> test/support/clock.ts',
      'arrow from src/: src/services/offices/pool.ts -> packages/embedded-postgres/src/pool.ts',
      'arrow from src/cli/: src/cli/report.ts -> src/app.ts',
      'arrow from src/entities/: src/entities/punch.entity.ts -> src/errors.ts',
      'arrow from src/http/: src/http/server.ts -> src/cli/report.ts',
      'arrow from src/http/: src/http/server.ts -> src/entities/role.ts',
      'arrow from src/services/: src/services/offices/geofence.ts -> src/http/server.ts',
      'arrow from src/services/: src/services/offices/pool.ts -> packages/embedded-postgres/src/pool.ts',
      'arrow from web/: web/src/kiosk.ts -> src/services/faces/engine/picture.ts',
      'arrow from web/src/: web/src/kiosk.ts -> src/services/faces/engine/picture.ts',
    ]);
  });

  it('find a package outside of its place', () => {
    const owner = /^owner of .*: (\S+ -> \S+)$/;
    expect(found.flatMap((line) => owner.exec(line)?.[1] ?? []).sort()).toEqual([
      'packages/zones/src/office.ts -> node_modules/pg/index.js',
      'src/resolvers/office.resolver.ts -> node_modules/cloudinary/index.js',
      'src/resolvers/office.resolver.ts -> node_modules/sharp/index.js',
      'src/services/offices/geofence.ts -> node_modules/pg/index.js',
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
      'circle of files: src/database/paging.ts -> src/database/poller.ts',
    ]);
  });

  it('find a new circle of folders, also beside one that is known', () => {
    expect(found.filter((line) => line.startsWith('circle of folders'))).toEqual([
      'circle of folders: bench/faces -> bench/memory',
      'circle of folders: bench/memory -> bench/faces',
      'circle of folders: src/services/audit -> src/services/consent',
      'circle of folders: src/services/consent -> src/services/audit',
      // scripts, test/support and test/support/web may import each other, but none of them by way of another folder.
      'circle of folders: test/support -> test/tables',
      'circle of folders: test/support/web -> test/tables',
      'circle of folders: test/tables -> test/support/web',
    ]);
  });
});

describe('src/services', () => {
  let cruised: Cruise;
  beforeAll(async () => (cruised = await cruise(ROOT, 'src')));

  it('has no circle of folders', () => {
    const { folders = [] } = cruised;
    const circles = folders.flatMap(({ name, dependencies }) =>
      dependencies.filter(({ circular }) => circular).map((dependency) => `${name} -> ${dependency.name}`),
    );
    expect(folders.length).toBeGreaterThan(20);
    expect(circles).toEqual([]);
  });

  it('has no circle of areas, which dependency-cruiser would not see: it compares folders one by one', () => {
    const area = (path: string): string | undefined => /^src\/services\/([^/]+)\//.exec(path)?.[1];
    const imports = new Map<string, Set<string>>();
    for (const { source, dependencies } of cruised.modules) {
      const from = area(source);
      if (from === undefined) continue;
      const to = dependencies.flatMap(({ resolved }) => area(resolved) ?? []);
      imports.set(from, new Set([...(imports.get(from) ?? []), ...to.filter((name) => name !== from)]));
    }
    // Whatever imports nothing that is left is taken away; a circle stays.
    for (let before = -1; before !== imports.size;) {
      before = imports.size;
      for (const [name, others] of imports) {
        if (![...others].some((other) => imports.has(other))) imports.delete(name);
      }
    }
    expect([...imports.keys()]).toEqual([]);
  });

  it('has no file outside of an area', () => {
    expect(cruised.modules.filter(({ source }) => /^src\/services\/[^/]+$/.test(source))).toEqual([]);
  });
});
