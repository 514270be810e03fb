#!/usr/bin/env node
// Stands in for fpm, which electron-builder calls for a .deb and which is fetched from the network: takes the same arguments and lets the system's dpkg-deb do the work.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What stands alone; every other flag has a value. */
const switches = new Set(['--force', '--debug']);

/**
 * @param {readonly string[]} args
 * @returns {{ options: Map<string, string[]>, mappings: (readonly [from: string, to: string])[] }}
 */
function readArguments(args) {
  const options = new Map();
  const mappings = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (switches.has(arg)) continue;
    if (arg.startsWith('-')) options.set(arg, [...(options.get(arg) ?? []), args[(at += 1)] ?? '']);
    else mappings.push(/** @type {const} */ ([arg.slice(0, arg.lastIndexOf('=')), arg.slice(arg.lastIndexOf('=') + 1)]));
  }
  return { options, mappings };
}

/** @param {string} folder */
const bytesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/**
 * @param {Map<string, string[]>} options
 * @param {number} bytes
 */
function controlFile(options, bytes) {
  const one = (/** @type {string} */ name) => options.get(name)?.[0] ?? '';
  const [synopsis = '', ...description] = one('--description').split('\n');
  const fields = {
    Package: one('--name'),
    Version: one('--version'),
    License: one('--license'),
    Vendor: one('--vendor'),
    Architecture: one('--architecture'),
    Maintainer: one('--maintainer'),
    'Installed-Size': String(Math.ceil(bytes / 1_024)),
    Depends: (options.get('-d') ?? []).join(', '),
    Recommends: (options.get('--deb-recommends') ?? []).join(', '),
    Section: one('--category') || 'default',
    Priority: one('--deb-priority'),
    Homepage: one('--url'),
    Description: [synopsis, ...description.map((line) => ` ${line.trim() || '.'}`)].join('\n'),
  };
  return Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

/** @param {readonly string[]} args */
function build(args) {
  const { options, mappings } = readArguments(args);
  const target = options.get('-t')?.[0];
  const output = options.get('--package')?.[0];
  if (target !== 'deb' || output === undefined) throw new Error('this makes .deb packages only');
  const tree = mkdtempSync(join(tmpdir(), 'lathe-deb-'));
  try {
    // What is made private here is everybody's there.
    chmodSync(tree, 0o755);
    for (const [from, to] of mappings) {
      mkdirSync(join(tree, dirname(to)), { recursive: true });
      cpSync(from, join(tree, to), { recursive: true, verbatimSymlinks: true });
    }
    const bytes = bytesIn(tree);
    mkdirSync(join(tree, 'DEBIAN'));
    writeFileSync(join(tree, 'DEBIAN', 'control'), controlFile(options, bytes));
    for (const [flag, name] of /** @type {const} */ ([
      ['--after-install', 'postinst'],
      ['--after-remove', 'postrm'],
    ])) {
      const script = options.get(flag)?.[0];
      if (script === undefined) continue;
      copyFileSync(script, join(tree, 'DEBIAN', name));
      chmodSync(join(tree, 'DEBIAN', name), 0o755);
    }
    const compression = process.env['ELECTRON_BUILDER_COMPRESSION_LEVEL'] === undefined ? '-Zxz' : '-Zgzip';
    execFileSync('dpkg-deb', ['--root-owner-group', compression, '--build', tree, output], { stdio: ['ignore', 'ignore', 'inherit'] });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

try {
  build(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`deb-by-dpkg: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
