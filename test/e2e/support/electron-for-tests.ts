/** A real Electron for tests: the one that ELECTRON_OVERRIDE_DIST_PATH names, or one that a script beside the checkout puts into a cache, once. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findRuntime, projectRoot } from '../../../main/app/electron-runtime.js';

const script = join(projectRoot, '..', 'shared', 'tools', 'electron-runtime.sh');
const cache = join(homedir(), '.cache', 'lathe-test', 'electron');

/** `why`: there is none, and in continuous integration that is a failure where the script is there. */
export type Runtime = { readonly folder: string } | { readonly why: string };

export function electronForTests(): Runtime {
  if (process.platform !== 'linux') return { why: 'the windows of other systems are not driven here' };
  const named = findRuntime();
  if (named !== undefined) return withDisplay(named);
  if (existsSync(join(cache, 'electron')) && existsSync(join(cache, 'version'))) return withDisplay(cache);
  if (!existsSync(script)) return { why: 'no Electron on this machine (ELECTRON_OVERRIDE_DIST_PATH names one)' };
  try {
    execFileSync('bash', [script, cache], { stdio: ['ignore', 'ignore', 'pipe'], timeout: 600_000 });
  } catch (error) {
    return missing(`no Electron could be had: ${error instanceof Error ? error.message : String(error)}`);
  }
  return withDisplay(cache);
}

function withDisplay(folder: string): Runtime {
  if ((process.env['DISPLAY'] ?? '') !== '' || hasProgram('Xvfb')) return { folder };
  return missing('no display, and no Xvfb to make one');
}

function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name)));
}

function missing(why: string): Runtime {
  if (process.env['CI'] === 'true' && existsSync(script)) throw new Error(why);
  return { why };
}
