#!/usr/bin/env node
// The `lathe` command: sees to Node 24 and the native engine, then hands over to main.ts.
import { fileURLToPath } from 'node:url';
import { keepCompiledCode } from './compile-cache.js';
import { withEngine } from './with-engine.js';

/** Help and the doctor work on a machine that cannot build the engine; the doctor says what is missing. */
const worksWithoutEngine = new Set(['help', 'doctor']);

const args = process.argv.slice(2);
const asksForHelp = args.length === 0 || args.some((arg) => ['--help', '-h', '--version', '-V'].includes(arg));

await withEngine(fileURLToPath(import.meta.url), args, {
  needsEngine: !asksForHelp && !worksWithoutEngine.has(args[0] ?? 'help'),
  run: async () => {
    keepCompiledCode();
    if (args[0] === 'serve' && !asksForHelp) await buildPage();
    const entry = /** @type {{ main: (args: readonly string[]) => Promise<number> }} */ (await import(new URL('main.ts', import.meta.url).href));
    process.exitCode = await entry.main(args);
  },
});

/** Without the page a host still answers programs, and says where the page would be. */
async function buildPage() {
  try {
    const { ensureBuilt } = await import('./build-page.js');
    await ensureBuilt('page');
  } catch (error) {
    process.stderr.write(`lathe: The page could not be built (${error instanceof Error ? error.message.split('\n')[0] : String(error)}); it is not served.\n`);
  }
}
