// `npm start`: builds what is missing or stale and opens the window; where there is none to be had it says why and serves the page. Plain JavaScript for Node 20.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { AddonBuildError, ensureAddon } from '../cli/build-native.js';
import { findNode24 } from '../cli/node24.js';
import { appStart, canRunCore, findRuntime, projectRoot } from './electron-runtime.js';

const inProject = (/** @type {string[]} */ ...parts) => join(projectRoot, ...parts);

/**
 * Resolves to the exit code.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<number>}
 */
function run(program, args, environment = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: projectRoot, stdio: 'inherit', env: environment });
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** @param {string} node */
async function buildStale(node) {
  await ensureAddon();
  return run(node, [inProject('main', 'cli', 'build-page.js'), 'page', 'app']);
}

/**
 * Why there can be no window here, or undefined.
 * @param {string | undefined} runtime
 */
function whyNoWindow(runtime) {
  if (runtime === undefined) return 'there is no Electron here (`npx electron --version` fetches it, or ELECTRON_OVERRIDE_DIST_PATH names one)';
  const needsDisplay = process.platform === 'linux';
  const hasDisplay = [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some((each) => each !== undefined && each !== '');
  return needsDisplay && !hasDisplay ? 'there is no display here (DISPLAY and WAYLAND_DISPLAY are not set)' : undefined;
}

/** Root gets no sandbox from the system, and Chromium does not start with one then. */
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * @param {string} runtime
 * @param {string} node
 */
async function openWindow(runtime, node) {
  const { program, args } = appStart(runtime);
  const environment = canRunCore(runtime) ? process.env : { LATHE_NODE: node, ...process.env };
  if (isRoot) process.stderr.write('lathe: Started by root, so the window has no sandbox.\n');
  return run(program, [...args, ...(isRoot ? ['--no-sandbox'] : []), ...process.argv.slice(2)], environment);
}

/** @param {string} node */
function serve(node) {
  return run(node, ['--disable-warning=ExperimentalWarning', inProject('main', 'cli', 'bin.js'), 'serve', ...process.argv.slice(2)]);
}

async function start() {
  const node = findNode24();
  if (node === undefined) throw new Error(`Needs Node 24 and found ${process.version}. Run \`npm ci\` without --omit=optional`);
  const code = await buildStale(node);
  if (code !== 0) return code;
  const runtime = findRuntime();
  const why = whyNoWindow(runtime);
  if (why === undefined && runtime !== undefined) return openWindow(runtime, node);
  process.stderr.write(`lathe: No window: ${why}. The page is served to a browser instead.\n`);
  return serve(node);
}

try {
  process.exitCode = await start();
} catch (error) {
  const hint = error instanceof AddonBuildError ? ' Install cmake and a C++17 compiler.' : '';
  process.stderr.write(`lathe: ${error instanceof Error ? error.message : String(error)}.${hint}\n`);
  process.exitCode = 2;
}
