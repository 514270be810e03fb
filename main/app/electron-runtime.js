// Finds an Electron that can show the app, and the way to make it show this checkout. Plain JavaScript, since `npm start` has to run on Node 20.
import { existsSync, linkSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @type {Readonly<Record<string, string>>} */
const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
const executable = executables[process.platform] ?? 'electron';

/** The first whose Node has the interface that the database's driver needs (Node 22.14). */
const firstWithDriver = 36;

/**
 * A folder with Electron in it: ELECTRON_OVERRIDE_DIST_PATH, else the `electron` package's own, if its binary was fetched.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string | undefined}
 */
export function findRuntime(environment = process.env) {
  const named = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  const folder = named === undefined || named === '' ? packageDist() : named;
  return folder !== undefined && existsSync(join(folder, executable)) ? folder : undefined;
}

function packageDist() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('electron/package.json')), 'dist');
  } catch {
    return undefined;
  }
}

/**
 * Whether its own Node can run the core; else another Node has to.
 * @param {string} runtime
 */
export function canRunCore(runtime) {
  try {
    return Number(readFileSync(join(runtime, 'version'), 'utf8').replace(/^v/, '').split('.')[0]) >= firstWithDriver;
  } catch {
    return true;
  }
}

/**
 * Program and arguments that start the checkout. A runtime without Electron's default app gets a folder of links with this app in its place.
 * @param {string} runtime
 * @param {{ cache?: string, app?: string }} [options] `app`: another folder with an app
 * @returns {{ program: string, args: string[] }}
 */
export function appStart(runtime, { cache = join(projectRoot, 'node_modules', '.cache'), app = projectRoot } = {}) {
  const hasDefaultApp = process.platform === 'darwin' || existsSync(join(runtime, 'resources', 'default_app.asar'));
  if (hasDefaultApp) return { program: join(runtime, executable), args: [app] };
  return { program: linkRuntime(runtime, join(cache, 'electron-with-app'), app), args: [] };
}

/**
 * @param {string} runtime
 * @param {string} folder
 * @param {string} app
 */
function linkRuntime(runtime, folder, app) {
  const resources = join(folder, 'resources');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(resources, { recursive: true });
  for (const name of readdirSync(runtime)) if (name !== 'resources' && name !== executable) symlinkSync(resolve(runtime, name), join(folder, name));
  for (const name of readdirSync(join(runtime, 'resources'))) if (name !== 'app') symlinkSync(resolve(runtime, 'resources', name), join(resources, name));
  symlinkSync(app, join(resources, 'app'), 'junction');
  // Electron looks for its parts beside the real file.
  const program = join(folder, executable);
  try {
    linkSync(join(runtime, executable), program);
  } catch {
    copyFileSync(join(runtime, executable), program);
  }
  return program;
}
