// Runs a TypeScript program under Node 24 with the native engine built: `node main/cli/with-engine.js program.ts …`.
// Plain JavaScript, since it has to start on Node 20.
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AddonBuildError, ensureAddon } from './build-native.js';
import { hasNode24, runWithNode24 } from './node24.js';

/**
 * Calls `run` once this process is a Node 24 with a built engine; on an older Node it starts `script` again with the right
 * one instead. A failed build ends the process with the one-line error of ADDON_MISSING.
 * @param {string} script
 * @param {readonly string[]} args
 * @param {{ needsEngine?: boolean, run: () => Promise<unknown> }} what
 */
export async function withEngine(script, args, { needsEngine = true, run }) {
  if (!hasNode24()) {
    runWithNode24([script, ...args], { tie: true });
    return undefined;
  }
  endWithParent();
  try {
    // LATHE_ADDON names a binary that was built elsewhere.
    if (needsEngine && process.env['LATHE_ADDON'] === undefined) await ensureAddon();
  } catch (error) {
    if (!(error instanceof AddonBuildError)) throw error;
    process.exitCode = await reportMissing(error, args.includes('--json'));
    return undefined;
  }
  return run();
}

/** A program started by the wrapper must not run on alone when the wrapper is killed: two could then write one run folder. */
function endWithParent() {
  if (process.env['LATHE_TIED'] === undefined) return;
  delete process.env['LATHE_TIED'];
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
}

/**
 * @param {AddonBuildError} error
 * @param {boolean} json
 */
async function reportMissing(error, json) {
  const { AppError } = await import('../../shared/errors/app-error.ts');
  const missing = new AppError('ADDON_MISSING', { reason: error.reason }, { cause: error });
  if (json) process.stdout.write(`${JSON.stringify({ event: 'error', code: missing.code, message: missing.message, remedy: missing.remedy })}\n`);
  process.stderr.write(`lathe: ${missing.message}. ${missing.remedy}\n`);
  return missing.exitCode;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined) {
    process.stderr.write('usage: node main/cli/with-engine.js program.ts …\n');
    process.exit(2);
  }
  const run = () => {
    process.argv = [process.execPath, resolve(program), ...args];
    return import(pathToFileURL(resolve(program)).href);
  };
  await withEngine(fileURLToPath(import.meta.url), [program, ...args], { run });
}
