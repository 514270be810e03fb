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
    const entry = /** @type {{ main: (args: readonly string[]) => Promise<number> }} */ (await import(new URL('main.ts', import.meta.url).href));
    process.exitCode = await entry.main(args);
  },
});
