import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    ignores: [
      'dist',
      'data',
      'node_modules',
      'build',
      'coverage',
      '**/generated',
      'packages/*/dist',
      '**/node_modules',
      '**/assembly',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config/config.ts reads the environment.' },
      ],
    },
  },
  {
    files: [
      'src/config/config.ts',
      'test/**/*.ts',
      'bench/**/*.ts',
      'packages/*/bench/**/*.ts',
      'scripts/**/*.ts',
      'examples/**/*.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
);
