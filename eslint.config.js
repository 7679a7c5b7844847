import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** An import arrow: files matched by `files` may not import what `group` matches. */
const forbid = (files, rules) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { paths: rules.paths ?? [], patterns: rules.patterns ?? [] }] },
});

// Native or effectful packages have one home each; everywhere else they are out of bounds.
const HOMES = {
  sharp: 'zoo/preprocess',
  'onnxruntime-node': 'zoo/runtimes/onnx.ts',
  axios: 'crawlers/http',
  piscina: 'zoo/search/threads',
  pg: 'src/storage',
  'pg-boss': 'src/jobs',
  '@aws-sdk/client-s3': 'src/storage/s3',
};
const homeless = (except = []) =>
  Object.entries(HOMES)
    .filter(([name]) => !except.includes(name))
    .map(([name, home]) => ({ name, message: `Its one home is ${home}.` }));
const noTensorflow = { group: ['@tensorflow/*'], message: 'Their one home is zoo/runtimes/tfjs.ts.' };
const libraryEdges = [
  {
    group: ['**/crawlers/*', '!**/crawlers/index.js', '**/crawlers/*/**'],
    message: 'Import crawlers/index.js only.',
  },
  { group: ['**/zoo/*', '!**/zoo/index.js', '**/zoo/*/**'], message: 'Import zoo/index.js only.' },
];
const outOfLibrary = [
  {
    group: ['@nestjs/*', 'drizzle-orm', 'drizzle-orm/*', '@electric-sql/*'],
    message: 'Libraries know neither Nest nor the database.',
  },
  { group: ['**/src/**'], message: 'Arrows: src -> {crawlers, zoo}, never back.' },
];

export default tseslint.config(
  {
    ignores: ['dist', 'node_modules', 'web/src/api/schema.d.ts', '.graft', 'tests/fixtures', 'coverage'],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['eslint.config.js', 'bin/*.js', 'scripts/*.mjs', 'zoo/packaging/clients/*/*'],
          // A dozen plain scripts: the warned-of slowness has not been seen with so few.
          maximumDefaultProjectFileMatchCount_THIS_WILL_SLOW_DOWN_LINTING: 16,
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 6],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read in src/config/env.ts.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.controller.ts', 'src/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  forbid(['crawlers/**/*.ts'], {
    paths: homeless(),
    patterns: [
      noTensorflow,
      ...outOfLibrary,
      { group: ['**/zoo/**'], message: 'crawlers and zoo do not know each other.' },
    ],
  }),
  forbid(['crawlers/http/**/*.ts'], {
    paths: homeless(['axios']),
    patterns: [
      noTensorflow,
      ...outOfLibrary,
      { group: ['**/zoo/**'], message: 'crawlers and zoo do not know each other.' },
    ],
  }),
  forbid(['zoo/**/*.ts'], {
    paths: homeless(),
    patterns: [
      noTensorflow,
      ...outOfLibrary,
      { group: ['**/crawlers/**'], message: 'crawlers and zoo do not know each other.' },
    ],
  }),
  forbid(['zoo/preprocess/**/*.ts'], {
    paths: homeless(['sharp']),
    patterns: [noTensorflow, ...outOfLibrary],
  }),
  forbid(['zoo/search/threads/**/*.ts'], {
    paths: homeless(['piscina']),
    patterns: [noTensorflow, ...outOfLibrary],
  }),
  forbid(['zoo/runtimes/onnx.ts'], {
    paths: homeless(['onnxruntime-node']),
    patterns: [noTensorflow, ...outOfLibrary],
  }),
  forbid(['zoo/runtimes/tfjs.ts'], { paths: homeless(), patterns: outOfLibrary }),
  forbid(['src/**/*.ts'], { paths: homeless(), patterns: [noTensorflow, ...libraryEdges] }),
  forbid(['src/storage/**/*.ts'], { paths: homeless(['pg']), patterns: [noTensorflow, ...libraryEdges] }),
  forbid(['src/storage/s3/**/*.ts'], {
    paths: homeless(['@aws-sdk/client-s3']),
    patterns: [noTensorflow, ...libraryEdges],
  }),
  forbid(['src/jobs/**/*.ts'], { paths: homeless(['pg-boss']), patterns: [noTensorflow, ...libraryEdges] }),
  {
    files: ['crawlers/**/*.ts', 'zoo/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: 'Libraries read no environment.' }],
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Randomness comes from zoo/rng.ts or an injected source.',
        },
        { object: 'Date', property: 'now', message: 'Time is injected.' },
      ],
    },
  },
  {
    files: ['web/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat['recommended-latest'],
    rules: {
      ...reactHooks.configs.flat['recommended-latest'].rules,
      // Warns of every use of the virtualiser; there is no compiler here that it could confuse.
      'react-hooks/incompatible-library': 'off',
    },
  },
  // The dashboard knows the service by its API alone: what it shares with it is generated from the OpenAPI document.
  forbid(['web/src/**/*.{ts,tsx}'], {
    paths: homeless(),
    patterns: [
      noTensorflow,
      {
        group: ['**/crawlers/**', '**/zoo/**', '**/../src/**', '@nestjs/*', 'node:*'],
        message: 'web talks to the HTTP API only.',
      },
    ],
  }),
  // A component is mostly markup, which is long and plain.
  {
    files: ['web/**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 100, skipBlankLines: true, skipComments: true }] },
  },
  // All texts of a language are one file, so that a translation is one file.
  { files: ['web/src/texts/*.ts'], rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
  { files: ['src/config/env.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['tests/**/*.ts', 'bench/**/*.ts', 'scripts/**', 'bin/**', '*.config.{js,ts}'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // They run outside Graft, in Node and in browsers.
    files: ['zoo/packaging/clients/*/*'],
    languageOptions: {
      globals: { Headers: 'readonly', Response: 'readonly', self: 'readonly', TextEncoder: 'readonly' },
    },
    rules: { 'no-restricted-imports': 'off', 'no-restricted-globals': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
