/** The rules about faces that are plain arithmetic, which the pages share with the server. */
const faceRules = [
  'src/services/faces/engine/aligned-chip.ts',
  'src/services/faces/engine/chip-measures.ts',
  'src/services/faces/engine/face-analysis.ts',
  'src/services/faces/engine/face-fault.ts',
  'src/services/faces/engine/head-pose.ts',
  'src/services/faces/engine/liveness-action.ts',
  'src/services/faces/engine/liveness.ts',
  'src/services/faces/engine/luma.ts',
  'src/services/faces/engine/quality.ts',
];

/**
 * The arrows of the architecture: who may import what, besides its own folder. One list, so that it can be read as a
 * map. Imports of types count: a type is an agreement too. A path that ends in a slash is a folder.
 */
const arrows = {
  // main, cli -> app -> http, resolvers -> services -> entities, errors
  'src/': ['ormconfig.ts'],
  'src/cli/': [
    'ormconfig.ts',
    'src/services/',
    'src/database/',
    'src/entities/',
    'src/config/',
    'src/crashes.ts',
    'src/errors.ts',
    'src/logger.ts',
  ],
  'src/http/': [
    'src/resolvers/',
    'src/services/',
    'src/database/errors.ts',
    'src/errors.ts',
    'src/config/',
    'src/context.ts',
  ],
  'src/resolvers/': [
    'src/services/',
    'src/database/paging.ts',
    'src/entities/',
    'src/errors.ts',
    'src/config/',
    'src/context.ts',
  ],
  'src/context.ts': ['src/services/', 'src/entities/', 'src/errors.ts'],
  'src/services/': ['src/database/', 'src/entities/', 'src/errors.ts', 'src/config/'],
  'src/database/': ['src/errors.ts', 'src/config/'],
  'src/migrations/': ['src/services/audit/'],
  'src/entities/': ['src/config/'],
  'src/config/': [],
  'src/errors.ts': [],
  'web/': faceRules,
  'web/src/': faceRules,
};

/** Packages that only one place may import. */
const owners = [
  { within: 'src/', packages: ['cloudinary'], owners: ['src/services/photos/cdn/'] },
  { within: 'src/', packages: ['sharp'], owners: ['src/services/photos/', 'src/services/faces/engine/'] },
  {
    within: 'src/',
    packages: ['@vladmandic/face-api', '@tensorflow/*'],
    owners: ['src/services/faces/engine/face-models.ts'],
  },
  { within: 'src/', packages: ['pg', '@electric-sql/pglite'], owners: ['src/database/'] },
  // The pages have a reader of faces of their own.
  { within: 'web/src/', packages: ['@vladmandic/face-api'], owners: ['web/src/face/models.ts'] },
  { within: 'web/src/', packages: ['@tensorflow/*'], owners: ['web/src/face/tensors.ts'] },
];

/**
 * Imports between folders that close a circle, and are known. No other may. A test fails where one of these is gone,
 * so that it leaves the list.
 */
const knownCircles = [
  // The screenshots are taken with what the tests of the pages use, and the tests' set-up builds with the scripts.
  { from: 'scripts', to: ['test/support/web'] },
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
        path: ['^(src|web|test|scripts|bench)/', '^[^/]+\\.(ts|mjs|cjs|json)$'],
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
      from: { path: ['^src/', '^ormconfig\\.ts$'] },
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
    exclude: { path: '^(bench/[^/]+/node_modules|test/fixtures)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
    },
  },
};
