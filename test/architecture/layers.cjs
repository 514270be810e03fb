/**
 * Who may import whom. Each rule's comment says why and what to do instead. Two tables give the inner order of compute/ and
 * main/; a new folder there needs a row (layers.test.ts says so).
 */

/**
 * A folder of compute/ and the folders below it that it may use.
 * @type {Record<string, string[]>}
 */
const compute = {
  native: [],
  process: [],
  tensor: ['native'],
  autograd: ['native', 'tensor'],
  nn: ['tensor', 'autograd'],
  formats: ['tensor'],
  data: ['tensor', 'formats'],
  models: ['tensor', 'autograd', 'nn', 'formats'],
  inference: ['tensor', 'autograd', 'nn', 'formats', 'data', 'models'],
  train: ['tensor', 'autograd', 'nn', 'formats', 'data', 'models', 'inference'],
  benchmark: ['tensor', 'formats', 'data', 'models', 'inference'],
  export: ['tensor', 'autograd', 'nn', 'formats', 'data', 'models', 'inference', 'train'],
  parity: ['tensor', 'autograd', 'nn', 'formats', 'data', 'models', 'inference', 'train'],
  embedded: ['tensor', 'autograd', 'nn', 'formats', 'data', 'models', 'inference', 'train'],
  chat: ['process', 'tensor', 'formats', 'data', 'inference', 'export'],
  worker: ['process', 'tensor', 'autograd', 'nn', 'formats', 'data', 'models', 'inference', 'benchmark', 'export', 'train', 'parity'],
};

/**
 * A folder of main/ and the folders further in that it may use.
 * @type {Record<string, string[]>}
 */
const main = {
  platform: [],
  store: ['platform'],
  proxy: ['platform'],
  hana: ['platform'],
  workers: ['platform'],
  services: ['store', 'workers', 'platform'],
  ipc: ['services', 'platform'],
  rest: ['services', 'platform'],
  core: ['ipc', 'rest', 'services', 'store', 'workers', 'platform'],
  cli: ['core', 'proxy', 'services', 'workers', 'platform'],
  preload: [],
  app: ['workers', 'platform'],
};

const tests = '[.](test|fixture)[.]tsx?$';
const nodeModules = '^(node:)?(fs|path|os|crypto|child_process|worker_threads|net|http|https|process|stream|url|util|events|buffer)(/|$)';

/**
 * @param {string} name
 * @param {string} comment what to do instead
 * @param {object} from
 * @param {object} to
 */
const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/**
 * One rule a folder of `top`.
 * @param {string} top
 * @param {Record<string, string[]>} table
 * @param {string} comment
 */
const inward = (top, table, comment) =>
  Object.entries(table).map(([folder, below]) =>
    rule(
      `${top}-${folder}-looks-inward`,
      `${comment} ${top}/${folder} may use ${below.length === 0 ? 'nothing beside it' : below.join(', ')}.`,
      // `npm start` shares the command line's way to Node 24 and to the engine.
      { path: `^${top}/${folder}/`, pathNot: '^main/app/start[.]js$' },
      { path: `^${top}/[^/]+/`, pathNot: `^${top}/(${[folder, ...below].join('|')})/` },
    ),
  );

module.exports = {
  forbidden: [
    rule(
      'shared-is-the-floor',
      'shared/ holds the vocabulary; move the thing down or leave it out.',
      { path: '^shared/' },
      { path: '^(main|renderer|compute)/' },
    ),
    rule(
      'shared-is-pure',
      'shared/ must run in every process: no Node, no Electron.',
      { path: '^shared/', pathNot: tests },
      { path: [nodeModules, '^node_modules/electron'] },
    ),
    rule(
      'shared-knows-only-zod',
      'Of all packages shared/ uses zod alone.',
      { path: '^shared/', pathNot: tests },
      { path: '^node_modules/', pathNot: '^node_modules/zod/' },
    ),
    rule('renderer-sees-only-shared', 'Go through renderer/bridge and a contract in shared/contracts.', { path: '^renderer/' }, { path: '^(main|compute)/' }),
    rule(
      'renderer-has-no-node',
      'Sandboxed page: no Node, no Electron.',
      { path: '^renderer/', pathNot: tests },
      { path: [nodeModules, '^node_modules/electron'] },
    ),
    rule(
      'main-never-loads-compute',
      'main/ spawns compute/worker by path and speaks shared/contracts: a native crash must not take the app down.',
      { path: '^main/' },
      { path: '^compute/' },
    ),
    rule('main-not-renderer', 'main/ serves the page; it does not know it.', { path: '^main/' }, { path: '^renderer/' }),
    rule('compute-stands-alone', 'The engine is a library; it knows only shared/.', { path: '^compute/' }, { path: '^(main|renderer)/' }),
    rule(
      'electron-only-at-the-rim',
      'The core must run under plain Node: ask the shell in main/app.',
      { path: '^(main/(?!app/|preload/)|compute/|shared/)' },
      { path: '^node_modules/electron' },
    ),
    rule(
      'sqlite-only-in-store',
      'Ask a repository in main/store; the driver blocks its thread.',
      { path: '^(main/(?!store/)|compute/|shared/|renderer/)' },
      { path: '^node_modules/better-sqlite3' },
    ),
    rule(
      'main-spawns-in-one-place',
      'Spawn through the transport in main/workers; packaged Electron cannot fork elsewhere (only the launchers, *.js in main/cli and main/app, come before it).',
      { path: '^main/', pathNot: [tests, '^main/workers/', '^main/(cli|app)/[^/]+[.]js$'] },
      { path: '^(node:)?child_process$' },
    ),
    rule(
      'nothing-imports-tests',
      'Production code never leans on test support.',
      { path: '^(main|renderer|compute|shared)/', pathNot: tests },
      { path: '^test/' },
    ),
    rule('resources-are-data', 'resources/ is read by path.', {}, { path: '^resources/' }),
    rule(
      'product-without-dev-packages',
      'A package that the product loads belongs in dependencies, not in devDependencies.',
      // What the page loads is built into it, and electron is what it runs in.
      { path: '^(main|compute|shared)/', pathNot: tests },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/(@types|electron)/' },
    ),
    rule('imports-exist', 'The imported file or package is not there.', {}, { couldNotResolve: true }),
    rule('no-circular', 'Break the loop by moving the shared part down.', {}, { circular: true }),
    ...inward('compute', compute, 'Layers point down: worker > train > inference > models, data > nn, formats > autograd > tensor > native.'),
    ...inward('main', main, 'Layers point inward: core, cli > ipc, rest > services > store, workers > platform.'),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/build/|^dist/)' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'types', 'default'] },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
