/** What the pages share with the server. */
const shared = ['packages/face-rules/'];

/** What any part of the service may use. The embedded database is for ormconfig.ts alone. */
const tools = [...shared, 'packages/gallery/', 'packages/time-zones/', 'packages/working-days/'];

/**
 * The arrows of the architecture: who may import what, besides its own folder. One list, so that it can be read as a
 * map. Imports of types count: a type is an agreement too. A path that ends in a slash is a folder.
 */
const arrows = {
  // main, cli -> app -> http, resolvers -> services -> entities, errors
  'src/': ['ormconfig.ts', ...tools],
  'src/base.ts': [
    'ormconfig.ts',
    'src/config/',
    'src/database/',
    'src/logger.ts',
    'src/metrics.ts',
    'src/services/disk/',
  ],
  'src/logger.ts': ['src/request-scope.ts'],
  'src/metrics.ts': ['src/errors.ts'],
  'src/areas.ts': ['src/base.ts', 'src/services/'],
  'src/cli/': [
    ...tools,
    'ormconfig.ts',
    'src/base.ts',
    'src/services/',
    'src/database/',
    'src/entities/',
    'src/config/',
    'src/crashes.ts',
    'src/errors.ts',
    'src/logger.ts',
    'src/metrics.ts',
  ],
  'src/http/': [
    'src/areas.ts',
    'src/base.ts',
    'src/resolvers/',
    'src/services/',
    'src/database/errors.ts',
    'src/deadline.ts',
    'src/errors.ts',
    'src/config/',
    'src/context.ts',
    'src/metrics.ts',
    'src/request-scope.ts',
  ],
  'src/resolvers/': [
    ...shared,
    'packages/working-days/',
    'src/areas.ts',
    'src/base.ts',
    'src/services/',
    'src/database/paging.ts',
    'src/entities/',
    'src/errors.ts',
    'src/config/',
    'src/context.ts',
  ],
  'src/context.ts': ['src/services/', 'src/entities/', 'src/errors.ts'],
  'src/services/': [
    ...tools,
    'src/base.ts',
    'src/database/',
    'src/entities/',
    'src/deadline.ts',
    'src/errors.ts',
    'src/config/',
    'src/metrics.ts',
    'src/request-scope.ts',
  ],
  'src/database/': ['src/deadline.ts', 'src/errors.ts', 'src/config/'],
  'src/migrations/': ['packages/time-zones/', 'src/services/audit/', 'src/services/text/'],
  'src/entities/': ['src/config/'],
  'src/config/': [],
  'src/deadline.ts': [],
  'src/errors.ts': [],
  'web/': shared,
  'web/src/': shared,
  // Packages know nothing of the product; their tests and benchmarks may use the tools of this repository.
  'packages/*/src/': [],
  'packages/working-days/src/': ['packages/time-zones/'],
  'packages/*/test/': ['packages/', 'test/support/'],
  'packages/*/bench/': ['packages/', 'scripts/'],
};

/** Packages that only one place may import. */
const owners = [
  { within: 'src/', packages: ['cloudinary'], owners: ['src/services/photos/cdn/'] },
  { within: 'src/', packages: ['sharp'], owners: ['src/services/photos/', 'src/services/faces/engine/'] },
  {
    within: 'src/',
    packages: ['onnxruntime-node'],
    owners: ['src/services/faces/engine/onnx-model.ts'],
  },
  {
    within: '(src|packages)/',
    packages: ['pg', '@electric-sql/pglite'],
    owners: ['src/database/', 'packages/embedded-postgres/'],
  },
  // The pages have a reader of faces of their own.
  { within: 'web/src/', packages: ['@vladmandic/face-api'], owners: ['web/src/face/models.ts'] },
  { within: 'web/src/', packages: ['@tensorflow/*'], owners: ['web/src/face/tensors.ts'] },
];

/** Imports between folders that close a circle, and are known. No other may; in src there are none. */
const knownCircles = [
  // The screenshots use the set-up and the helpers of the tests of the pages, and that set-up builds with the scripts.
  { from: 'scripts', to: ['test/support/web', 'test/support/setup'] },
  { from: 'test/support/setup', to: ['scripts', 'test/support'] },
  { from: 'test/support/web', to: ['test/support'] },
  { from: 'test/support', to: ['scripts'] },
];

/** As regular expressions: a folder is what begins with it, all else is the whole path; a star is part of a name. */
const matching = (path) =>
  `^${path.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}${path.endsWith('/') ? '' : '$'}`;
const exactly = (paths) => paths.map((path) => `^${path}$`);

module.exports = {
  forbidden: [
    ...Object.entries(arrows).map(([from, to]) => ({
      name: `arrow from ${from}`,
      comment: `${from} may import itself and ${to.join(', ') || 'nothing else'}.`,
      severity: 'error',
      from: { path: matching(from) },
      to: {
        path: ['^(packages|src|web|test|scripts|bench)/', '^[^/]+\\.(ts|mjs|cjs|json)$'],
        pathNot: [from, ...to].map(matching),
      },
    })),
    ...owners.map(({ within, packages, owners }) => ({
      name: `owner of ${packages.join(', ')} in ${within}`,
      comment: `Only ${owners.join(', ')} may import it.`,
      severity: 'error',
      from: { path: matching(within), pathNot: owners.map(matching) },
      to: { path: packages.map((name) => matching(`node_modules/${name}/`)) },
    })),
    {
      name: 'development package',
      comment: 'What is installed for production does not have it.',
      severity: 'error',
      from: { path: ['^src/', '^packages/[^/]+/src/', '^ormconfig\\.ts$'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    // The generated files name a package of types only, which has no code to be found.
    {
      name: 'unknown import',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'circle of files',
      comment:
        'Entities may refer to each other: they give types as functions, so load order does not matter.',
      severity: 'error',
      from: { pathNot: '^src/entities/' },
      to: { circular: true },
    },
    {
      name: 'circle of folders',
      severity: 'error',
      scope: 'folder',
      from: { pathNot: exactly(knownCircles.map(({ from }) => from)) },
      to: { circular: true },
    },
    ...knownCircles.map(({ from, to }) => ({
      name: 'circle of folders',
      comment: `Known: ${from} -> ${to.join(', ')}.`,
      severity: 'error',
      scope: 'folder',
      from: { path: exactly([from]) },
      to: { circular: true, pathNot: exactly(to) },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages/[^/]+/dist|packages/gallery/bench/others/node_modules|test/fixtures)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
    },
  },
};
