'use strict';

const { existsSync, statfsSync } = require('node:fs');
const { LONG_TESTS } = require('./test/support/long-tests.cjs');

// Without this, glibc keeps freed memory. The processes of jest and the services that they start inherit it.
process.env.MALLOC_TRIM_THRESHOLD_ ??= '131072';

// Each test file has data folders of its own, often with a copy of the embedded database (1,200 files): on a disk, copying
// and removing them takes a tenth of all CPU time.
const MEMORY = '/dev/shm';
const MEMORY_NEEDED = 4e9;
if (process.env.TMPDIR === undefined && existsSync(MEMORY)) {
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize > MEMORY_NEEDED) process.env.TMPDIR = MEMORY;
}

/** `npm test` sets `quick`, and `npm run test:all -- --rest` sets `long`. Without it, every test that is asked for runs. */
const SET = process.env.TEST_SET;
const isOf = (project) => (name) =>
  name.startsWith(`test/${project}/`) || (project === 'unit' && name.startsWith('packages/'));
const longTests = (project) => LONG_TESTS.filter(isOf(project)).map((name) => `<rootDir>/${name}.test.ts`);

/**
 * The tests by subject, one folder below test/ each. They run the compiled service in dist/ and the dist/ of each package, the same
 * files as `npm start`, so worker threads and child processes load them too.
 */
const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '\\.ts$': '@swc/jest', 'node_modules/(jose|temporal-[a-z]+)/.+\\.js$': '@swc/jest' },
  transformIgnorePatterns: ['/node_modules/(?!(jose|temporal-[a-z]+)/)'],
  moduleNameMapper: {
    '^(?:\\.\\./)+src/(.*)$': '<rootDir>/dist/src/$1',
    '^(?:\\.\\./)+ormconfig$': '<rootDir>/dist/ormconfig',
  },
  // Compiled copies and what a run leaves behind are no modules of their own.
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/data/'],
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: ['<rootDir>/test/support/equal-bytes.cjs'],
  testTimeout: 120_000,
};

/** What tests and the service share objects of. */
const SHARED = [
  'cloudinary',
  'fastify',
  'graphql',
  'graphql-[^/]+',
  'jose',
  'pg',
  'pino',
  'reflect-metadata',
  'sharp',
];
const libraries = [...SHARED, 'type-graphql', 'typeorm', 'uuid'].join('|');

/** For projects that start the service: it and its libraries are loaded once by a worker, not once by a test file. */
const native = {
  testEnvironment: '<rootDir>/test/support/native-environment.cjs',
  transform: {
    [`/(dist|node_modules/(${libraries}))/.+\\.c?js$`]: '<rootDir>/test/support/native-module.cjs',
    '\\.ts$': '@swc/jest',
  },
  transformIgnorePatterns: [],
};

/**
 * @param setup what has to be there before: the compiled sources (sources), and databases (service), and pages (web)
 * @param more patterns of test files that are elsewhere
 */
const project = (name, setup, ...more) => ({
  ...shared,
  ...(setup === 'sources' ? {} : native),
  displayName: name,
  testMatch: SET === 'long' ? longTests(name) : [`<rootDir>/test/${name}/**/*.test.ts`, ...more],
  testPathIgnorePatterns: ['/node_modules/', ...(SET === 'quick' ? longTests(name) : [])],
  globalSetup: `<rootDir>/test/support/setup/${setup}.ts`,
  ...(setup === 'sources' ? {} : { globalTeardown: '<rootDir>/test/support/setup/teardown.ts' }),
});

module.exports = {
  projects: [
    project('unit', 'sources', '<rootDir>/packages/*/test/**/*.test.ts'),
    project('api', 'service'),
    project('hostile', 'service'),
    project('nodes', 'service'),
    project('durability', 'service'),
    project('privacy', 'service'),
    project('access', 'service'),
    project('photos', 'service'),
    project('database', 'service'),
    project('web', 'web'),
  ].filter(({ testMatch }) => testMatch.length > 0),
  reporters: ['default', '<rootDir>/test/support/skipped-reporter.cjs'],
  testTimeout: 120_000,
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  // Modules of every test file stay in its worker; a new worker costs less than what they would hold.
  workerIdleMemoryLimit: '600MB',
  coverageProvider: 'v8',
};
