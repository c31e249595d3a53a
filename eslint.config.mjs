import { defineConfig } from 'eslint/config';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The arrows of the architecture: who may not import what. One list, so that it can be read as a map. */
const arrows = [
  // main, cli -> app -> http, resolvers -> services -> entities, errors
  { target: './src/entities', from: './src', except: ['./entities', './config.ts'] },
  { target: './src/errors.ts', from: './src' },
  {
    target: './src/services',
    from: './src',
    except: ['./services', './entities', './errors.ts', './config.ts', './database'],
  },
  {
    target: './src/database',
    from: './src',
    except: ['./database', './errors.ts', './config.ts'],
  },
  {
    target: './src/resolvers',
    from: './src',
    except: ['./resolvers', './services', './entities', './errors.ts', './config.ts', './context.ts'],
  },
  {
    target: './src/http',
    from: './src',
    except: [
      './http',
      './resolvers',
      './services',
      './errors.ts',
      './config.ts',
      './context.ts',
      './database/errors.ts',
    ],
  },
  // The pages share the rules about faces with the server, those that are plain arithmetic, and nothing else.
  {
    target: './web',
    from: './src',
    except: [
      './services/face/aligned-chip.ts',
      './services/face/chip-measures.ts',
      './services/face/face-analysis.ts',
      './services/face/face-fault.ts',
      './services/face/head-pose.ts',
      './services/face/liveness.ts',
      './services/face/liveness-action.ts',
      './services/face/luma.ts',
      './services/face/quality.ts',
    ],
  },
];

/** Packages that exactly one place may import. */
const owned = [
  { name: 'cloudinary', owner: 'src/services/storage/cloudinary*' },
  { name: 'sharp', owner: 'src/services/storage/ and src/services/face/' },
  { name: '@vladmandic/face-api', owner: 'src/services/face/face-models' },
  { name: '@tensorflow/tfjs', owner: 'src/services/face/face-models' },
  { name: '@tensorflow/tfjs-backend-wasm', owner: 'src/services/face/face-models' },
  { name: 'pg', owner: 'ormconfig.ts and src/database/' },
  { name: '@electric-sql/pglite', owner: 'ormconfig.ts and src/database/' },
];
/** The same within the pages, which have a reader of their own. */
const ownedOnPages = [
  { name: '@vladmandic/face-api', owner: 'web/src/face/models' },
  { name: '@tensorflow', owner: 'web/src/face/tensors' },
];
const restrict = (...allowed) => [
  'error',
  {
    // Each with the files within it.
    patterns: owned
      .filter(({ name }) => !allowed.includes(name))
      .map(({ name, owner }) => ({
        regex: `^${name}(/|$)`,
        message: `Only ${owner} imports ${name}.`,
        allowTypeImports: false,
      })),
  },
];

export default defineConfig(
  {
    ignores: [
      'dist',
      'data',
      'node_modules',
      'build',
      'coverage',
      '**/generated',
      'bench/**/node_modules',
      '**/assembly',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
      ],
      'import-x/no-restricted-paths': ['error', { zones: arrows }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
    },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.tsx', '.js'] } } },
  },
  { files: ['src/**/*.ts'], rules: { '@typescript-eslint/no-restricted-imports': restrict() } },
  {
    files: ['src/services/storage/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': restrict('sharp') },
  },
  {
    files: ['src/services/face/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': restrict('sharp') },
  },
  {
    files: ['src/services/face/face-models.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': restrict(
        '@vladmandic/face-api',
        '@tensorflow/tfjs',
        '@tensorflow/tfjs-backend-wasm',
      ),
    },
  },
  {
    files: ['src/services/storage/cloudinary*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': restrict('cloudinary') },
  },
  {
    files: ['ormconfig.ts', 'src/database/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': restrict('pg', '@electric-sql/pglite') },
  },
  {
    files: ['web/src/**/*.ts', 'web/src/**/*.tsx'],
    ignores: ['web/src/face/models.ts', 'web/src/face/tensors.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: ownedOnPages.map(({ name, owner }) => ({
            regex: `^${name}(/|$)`,
            message: `Only ${owner} imports ${name}.`,
          })),
        },
      ],
    },
  },
  // Entities refer to each other in both directions; types are given as functions, so load order does not matter.
  { files: ['src/entities/**/*.ts'], rules: { 'import-x/no-cycle': 'off' } },
  {
    files: ['src/config.ts', 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', 'examples/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
);
