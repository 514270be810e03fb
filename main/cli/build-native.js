// Builds the native engine (compute/native) with cmake when its sources have changed; `npm run build:native` does it by hand.
// Plain JavaScript without our own modules, since every start of `lathe` passes here. Nothing is downloaded (resources/docs/adr/0002).
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const nativeSources = join(projectRoot, 'compute', 'native');
const notCompiled = new Set(['.md', '.ts']);

/** The engine could not be built; `reason` is the fact that ADDON_MISSING shows. */
export class AddonBuildError extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(`The native engine is not built (${reason})`);
    this.reason = reason;
  }
}

/** Where the built addon lies for the sources in `native`. */
export const addonPath = (native = nativeSources) => join(native, 'build', 'lathe.node');

/** Whether the built addon belongs to the sources as they are now: a hash of them all, about ten milliseconds. */
export const isAddonCurrent = (native = nativeSources) => existsSync(addonPath(native)) && readStamp(native) === fingerprint(native);

/**
 * Builds the addon unless it is current, and resolves to where it lies. Processes that ask at once wait for one build.
 * Only `log` speaks, by default to standard error, so that standard output stays the command's own.
 * @param {{ native?: string, log?: (line: string) => void, cmake?: string }} [options]
 * @returns {Promise<{ path: string, built: boolean }>}
 */
export async function ensureAddon({ native = nativeSources, log = (line) => process.stderr.write(`${line}\n`), cmake = 'cmake' } = {}) {
  const chosen = process.env['LATHE_ADDON']; // somebody built it elsewhere, and answers for it
  if (chosen !== undefined && native === nativeSources) return { path: chosen, built: false };
  if (isAddonCurrent(native)) return { path: addonPath(native), built: false };
  if (!existsSync(join(native, 'CMakeLists.txt'))) throw new AddonBuildError('its sources are not here');
  const release = await lockBuild(native, log);
  try {
    if (isAddonCurrent(native)) return { path: addonPath(native), built: false };
    await build(native, cmake, log);
    return { path: addonPath(native), built: true };
  } finally {
    await release();
  }
}

/**
 * Waits for the right to build.
 * @param {string} native
 * @param {(line: string) => void} log
 */
async function lockBuild(native, log) {
  const directory = join(native, 'build');
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new AddonBuildError(`cannot write to ${relative(projectRoot, directory)}: ${codeOf(error)}`);
  }
  const { default: lockfile } = await import('proper-lockfile');
  const options = { lockfilePath: join(directory, '.lock'), stale: 15_000, update: 3_000 };
  try {
    return await lockfile.lock(directory, options);
  } catch (error) {
    if (codeOf(error) !== 'ELOCKED') throw new AddonBuildError(`cannot write to ${relative(projectRoot, directory)}: ${codeOf(error)}`);
  }
  log('Another process builds the native engine; waiting for it …');
  return lockfile.lock(directory, { ...options, retries: { retries: 3_600, factor: 1, minTimeout: 500, maxTimeout: 500 } });
}

/** @param {unknown} error */
const codeOf = (error) => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

/**
 * @param {string} native
 * @param {string} cmake
 * @param {(line: string) => void} log
 */
async function build(native, cmake, log) {
  const started = Date.now();
  const stamp = fingerprint(native);
  const directory = join(native, 'build');
  rmSync(stampPath(native), { force: true });
  log('Building the native engine (once; it takes a minute or two) …');
  const require = createRequire(import.meta.url);
  /** @param {string} name */
  const include = (name) => {
    const { include_dir: directory } = /** @type {{ include_dir: string }} */ (require(name));
    return resolve(directory).replaceAll('\\', '/');
  };
  const outputs = ['LIBRARY', 'RUNTIME'].flatMap((kind) => ['', '_RELEASE'].map((ending) => `-DCMAKE_${kind}_OUTPUT_DIRECTORY${ending}=${directory}`));
  const configure = ['-S', native, '-B', directory, '-DCMAKE_BUILD_TYPE=Release', ...outputs];
  configure.push(`-DNODE_API_INCLUDE=${include('node-api-headers')}`, `-DNODE_ADDON_API_INCLUDE=${include('node-addon-api')}`);
  forgetMovedCache(native);
  const logFile = join(directory, 'build.log');
  const configured = await run(cmake, configure);
  writeFileSync(logFile, configured.output);
  if (configured.code !== 0) throw new AddonBuildError(configureProblem(configured, logFile));
  const compiled = await run(cmake, ['--build', directory, '--config', 'Release', '--parallel', String(availableParallelism())]);
  writeFileSync(logFile, configured.output + compiled.output);
  if (compiled.code !== 0) throw new AddonBuildError(compileProblem(compiled, logFile));
  if (!existsSync(addonPath(native))) throw new AddonBuildError(`the build left no lathe.node; see ${relative(projectRoot, logFile)}`);
  writeFileSync(`${stampPath(native)}.new`, stamp);
  renameSync(`${stampPath(native)}.new`, stampPath(native));
  log(`Built the native engine in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

/**
 * CMake refuses a build folder that was copied or moved with its checkout; such a cache is dropped.
 * @param {string} native
 */
function forgetMovedCache(native) {
  const cache = join(native, 'build', 'CMakeCache.txt');
  if (!existsSync(cache)) return;
  const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1];
  if (home !== undefined && existsSync(home) && realpathSync(home) === realpathSync(native)) return;
  rmSync(cache);
  rmSync(join(native, 'build', 'CMakeFiles'), { recursive: true, force: true });
}

/**
 * @param {Outcome} outcome
 * @param {string} logFile
 */
function configureProblem({ code, output }, logFile) {
  if (code === 'ENOENT') return 'cmake was not found';
  if (
    /No CMAKE_C(XX)?_COMPILER could be found|CMAKE_C(XX)?_COMPILER not set|not able to compile a simple test program|could not find any instance of Visual Studio/i.test(
      output,
    )
  ) {
    return 'no working C++ compiler was found';
  }
  return `cmake failed: ${firstError(output)}; see ${relative(projectRoot, logFile)}`;
}

/**
 * @param {Outcome} outcome
 * @param {string} logFile
 */
const compileProblem = ({ output }, logFile) => `the compiler failed: ${firstError(output)}; see ${relative(projectRoot, logFile)}`;

/** @param {string} output */
function firstError(output) {
  const lines = output.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => /\berror\b/i.test(line));
  // CMake says "CMake Error at …:" and the matter itself on the next line that is not empty.
  const said =
    at < 0
      ? lines.slice(-2)
      : lines
          .slice(at)
          .filter((line) => line !== '')
          .slice(0, lines[at]?.endsWith(':') ? 2 : 1);
  return said.join(' ').replaceAll(`${projectRoot}/`, '').slice(0, 300);
}

/**
 * Runs a program to its end; its whole output in one string, `code` 'ENOENT' where there is no such program.
 * @typedef {{ code: number | string, output: string }} Outcome
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<Outcome>}
 */
function run(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {Buffer[]} */
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
    const output = () => Buffer.concat(chunks).toString('utf8');
    child.on('error', (/** @type {NodeJS.ErrnoException} */ error) => done({ code: error.code ?? 'unknown', output: error.message }));
    child.on('close', (code, signal) => done({ code: code ?? signal ?? 'unknown', output: output() }));
  });
}

/** @param {string} native */
const stampPath = (native) => join(native, 'build', 'lathe.stamp');

/** @param {string} native */
function readStamp(native) {
  try {
    return readFileSync(stampPath(native), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Hash of everything that the binary is made from: sources, header versions, platform.
 * @param {string} native
 */
function fingerprint(native) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  const { dependencies } = /** @type {{ dependencies: Record<string, string> }} */ (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));
  hash.update(`${dependencies['node-api-headers']} ${dependencies['node-addon-api']}`);
  for (const path of sourcesOf(native)) {
    const content = readFileSync(path);
    hash.update(`\0${relative(native, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} directory
 * @returns {string[]}
 */
function sourcesOf(directory) {
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'build' ? [] : sourcesOf(path);
    return notCompiled.has(extname(entry.name)) ? [] : [path];
  });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const { path, built } = await ensureAddon();
    if (!built) process.stderr.write(`${relative(process.cwd(), path)} is up to date.\n`);
  } catch (error) {
    if (!(error instanceof AddonBuildError)) throw error;
    process.stderr.write(`lathe: ${error.message}. Install cmake and a C++17 compiler, then run \`npm run build:native\`.\n`);
    process.exitCode = 2;
  }
}
