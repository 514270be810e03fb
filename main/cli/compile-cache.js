// Keeps compiled code between starts: most of what a start takes is reading TypeScript. Plain JavaScript, since it comes before all of it.
import module from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the code it was made from, and whoever may write there may change that as well. */
const folder = resolve(join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules', '.cache', 'lathe-compiled'));

/** For this process and, by the environment, for those that it starts. Where the folder cannot be written nothing is kept, and nothing fails. */
export function keepCompiledCode() {
  if (process.env['NODE_COMPILE_CACHE'] !== undefined || process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return;
  module.enableCompileCache(folder);
  process.env['NODE_COMPILE_CACHE'] = folder;
}
