/** Where the shell's parts lie, in a checkout and in a packed app. What other processes load lies outside the archive. */
import { join } from 'node:path';

/** The project's folder, or the archive: this file's bundle lies two levels in. */
const root = join(import.meta.dirname, '..', '..');
const outside = root.replace(/app\.asar$/, 'app.asar.unpacked');

export const places = {
  page: join(root, 'dist', 'page'),
  preload: join(root, 'dist', 'preload', 'preload.cjs'),
  icon: join(root, 'resources', 'icons', 'lathe.png'),
  coreEntry: join(outside, 'dist', 'core', 'core-process.js'),
  /** Only what lies there is started as a process. */
  computeEntries: join(outside, 'dist', 'compute'),
} as const;
