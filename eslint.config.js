/** Lint: what the house style can check by itself, at its hard limits; `npm run lint:soft` shows what is over the soft ones. */
import { defineConfig } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The one way to each of these is elsewhere; the message names it. */
const doors = [
  { name: 'electron', importNames: ['ipcMain', 'ipcRenderer'], message: 'Use main/app/page-ipc.ts, which checks who asks, or the preload bridge.' },
];
const sqlite = { name: 'better-sqlite3', message: 'Ask a repository in main/store.' };

/** @type {import('eslint').Linter.RulesRecord} */
const budgets = {
  'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
  'max-params': ['error', { max: 4 }],
};

export default defineConfig(
  { ignores: ['**/node_modules/**', '**/build/**', '**/dist/**', '**/coverage/**'] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './renderer/tsconfig.json', './test/e2e/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...budgets,
      eqeqeq: ['error', 'smart'],
      'no-console': 'error',
      'no-restricted-imports': ['error', { paths: [...doors, sqlite] }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Name the export as the file.' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // A string spread into code points is meant so.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Numbers are what the facts of an error are made of.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['main/store/*.ts'], rules: { 'no-restricted-imports': ['error', { paths: doors }] } },
  // The two ends of the one way between page and shell.
  { files: ['main/app/page-ipc.ts', 'main/preload/*.ts'], rules: { 'no-restricted-imports': ['error', { paths: [sqlite] }] } },
  // A describe block is as long as its cases, and the matchers of the test runner are untyped.
  { files: ['**/*.test.ts'], rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-unsafe-assignment': 'off' } },
  { files: ['renderer/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat.recommended] },
  // The launchers: the compiler checks them, but the linter does not see a cast in a comment.
  { files: ['**/*.js'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  // What tools load by its default export.
  { files: ['*.config.{js,ts}'], rules: { 'no-restricted-syntax': 'off' } },
);
