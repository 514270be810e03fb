// Builds the page (renderer/), and what the window's app runs, with Vite when their sources have changed; `npm run build:page` and `build:app` do it by hand.
// Plain JavaScript without our own modules, as build-native.js. Where the sources are not here (a packed app) the page came built.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What a target is made from, and where it lands. */
const targets = {
  page: { mode: 'page', sources: ['renderer', 'shared'], result: join('dist', 'page') },
  app: { mode: 'app', sources: ['main', 'compute', 'shared'], result: join('dist', 'compute') },
};

/**
 * Builds `target` unless it is current. The first line of what it throws says what is wrong, the others all that Vite said.
 * @param {keyof typeof targets} target
 * @param {{ root?: string, log?: (line: string) => void }} [options]
 * @returns {Promise<{ built: boolean }>}
 */
export async function ensureBuilt(target, { root = projectRoot, log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const { mode, sources } = targets[target];
  if (!sources.every((folder) => existsSync(join(root, folder))) || isCurrent(target, root)) return { built: false };
  const release = await lockBuild(root);
  try {
    if (isCurrent(target, root)) return { built: false };
    log(`Building the ${target} …`);
    // Before the build: what is changed while it goes on is built again.
    const stamp = fingerprint(sources, root);
    rmSync(stampPath(target, root), { force: true });
    await runVite(mode, root);
    writeFileSync(stampPath(target, root), stamp);
  } finally {
    await release();
  }
  return { built: true };
}

/**
 * @param {keyof typeof targets} target
 * @param {string} root
 */
const stampPath = (target, root) => join(root, 'dist', `${target}.stamp`);

/**
 * @param {keyof typeof targets} target
 * @param {string} root
 */
function isCurrent(target, root) {
  const { sources, result } = targets[target];
  const stamp = stampPath(target, root);
  return existsSync(join(root, result)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(sources, root);
}

/**
 * In a process of its own: what a build takes in memory would else stay with a host.
 * @param {string} mode
 * @param {string} root
 */
function runVite(mode, root) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(vite)) throw new Error('Vite is not installed');
  const child = spawn(process.execPath, [vite, 'build', '--mode', mode, '--logLevel', 'warn'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done(undefined) : fail(new Error(problemOf(output.trim() || `Vite ended with ${code}`)))));
  });
}

/**
 * What is wrong, out of the many lines around it: `[CODE] the matter`, and below it the place where that does not tell it; then all of them.
 * @param {string} output
 */
function problemOf(output) {
  const plain = stripVTControlCharacters(output);
  const lines = plain.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => /^\[[A-Z_]+\] /.test(line));
  if (at < 0) return [lines[lines.indexOf('error during build:') + 1], plain].join('\n');
  const place = /\[ (\S+:\d+:\d+) \]/.exec(lines[at + 1] ?? '')?.[1];
  return [`${lines[at] ?? ''}${place === undefined ? '' : ` (${place})`}`, plain].join('\n');
}

/**
 * Processes that ask at once wait for one build.
 * @param {string} root
 */
async function lockBuild(root) {
  const directory = join(root, 'dist');
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
 * @param {string} root
 */
function fingerprint(folders, root) {
  const hash = createHash('sha256');
  for (const path of [...folders.flatMap((folder) => filesOf(folder, root)), 'vite.config.ts', 'package-lock.json']) {
    const content = readFileSync(join(root, path));
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder below the root
 * @param {string} root
 * @returns {string[]}
 */
function filesOf(folder, root) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    // Of what is built already, nothing else is built.
    if (entry.isDirectory()) return entry.name === 'build' ? [] : filesOf(path, root);
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
