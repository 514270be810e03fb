/** Loads the addon binary that `npm run build:native` made. */
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Addon } from './addon.ts';

let loaded: Addon | undefined;

/** Where the addon is: `LATHE_ADDON`, else the build folder beside its sources. */
export const addonPath = (): string => process.env['LATHE_ADDON'] ?? fileURLToPath(new URL('../native/build/lathe.node', import.meta.url));

/** The addon, loaded once a process. Throws ADDON_MISSING. */
export function loadAddon(): Addon {
  if (loaded !== undefined) return loaded;
  const path = addonPath();
  if (!existsSync(path)) throw new AppError('ADDON_MISSING', { reason: `${path} does not exist` });
  try {
    loaded = createRequire(import.meta.url)(path) as Addon;
  } catch (cause) {
    throw new AppError('ADDON_MISSING', { reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
  return loaded;
}
