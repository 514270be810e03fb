// Builds the page (renderer/), and what the window's app runs, with Vite when their sources have changed; `npm run build:page` and `build:app` do it by hand.
// Plain JavaScript without our own modules, as build-native.js. Where the sources are not here (a packed app) the page came built.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What a target is made from, and where it lands. */
const targets = {
  page: { mode: 'page', sources: ['renderer', 'shared'], result: join('dist', 'page') },
  app: { mode: 'app', sources: ['main', 'compute', 'shared'], result: join('dist', 'compute') },
};

/**
 * Builds `target` unless it is current.
 * @param {keyof typeof targets} target
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<{ built: boolean }>}
 */
export async function ensureBuilt(target, { log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const { mode, sources } = targets[target];
  if (!sources.every((folder) => existsSync(join(projectRoot, folder))) || isCurrent(target)) return { built: false };
  const release = await lockBuild();
  try {
    if (isCurrent(target)) return { built: false };
    log(`Building the ${target} …`);
    rmSync(stampPath(target), { force: true });
    await runVite(mode);
    writeFileSync(stampPath(target), fingerprint(sources));
  } finally {
    await release();
  }
  return { built: true };
}

/** @param {keyof typeof targets} target */
const stampPath = (target) => join(projectRoot, 'dist', `${target}.stamp`);

/** @param {keyof typeof targets} target */
function isCurrent(target) {
  const { sources, result } = targets[target];
  const stamp = stampPath(target);
  return existsSync(join(projectRoot, result)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(sources);
}

/**
 * In a process of its own: what a build takes in memory would else stay with a host.
 * @param {string} mode
 */
function runVite(mode) {
  const vite = join(projectRoot, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(vite)) throw new Error('Vite is not installed');
  const child = spawn(process.execPath, [vite, 'build', '--mode', mode, '--logLevel', 'warn'], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done(undefined) : fail(new Error(output.trim() || `Vite ended with ${code}`))));
  });
}

/** Processes that ask at once wait for one build. */
async function lockBuild() {
  const directory = join(projectRoot, 'dist');
  mkdirSync(directory, { recursive: true });
  const { default: lockfile } = await import('proper-lockfile');
  return lockfile.lock(directory, {
    lockfilePath: join(directory, '.lock'),
    stale: 15_000,
    update: 3_000,
    retries: { retries: 600, factor: 1, minTimeout: 500, maxTimeout: 500 },
  });
}

/**
 * Hash of the sources, of how they are built and of the packages that go in.
 * @param {readonly string[]} folders
 */
function fingerprint(folders) {
  const hash = createHash('sha256');
  for (const path of [...folders.flatMap(filesOf), 'vite.config.ts', 'package-lock.json']) {
    const content = readFileSync(join(projectRoot, path));
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder below the project's root
 * @returns {string[]}
 */
function filesOf(folder) {
  const entries = readdirSync(join(projectRoot, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    // Of what is built already, nothing else is built.
    if (entry.isDirectory()) return entry.name === 'build' ? [] : filesOf(path);
    return /(\.test\.tsx?|\.md)$/.test(entry.name) ? [] : [path];
  });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  for (const target of /** @type {(keyof typeof targets)[]} */ (asked.length === 0 ? ['page'] : asked)) {
    const { built } = await ensureBuilt(target);
    if (!built && asked.length < 2) process.stderr.write(`The ${target} is up to date.\n`);
  }
}
