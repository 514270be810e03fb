/** Loads the addon binary that `npm run build:native` made. */
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../shared/errors/app-error.ts';
import { noTensor, type Addon, type GemmOptions, type TensorId } from './addon.ts';

let loaded: Addon | undefined;

/** Where the addon is: `LATHE_ADDON`, else the build folder beside its sources. */
export const addonPath = (): string => process.env['LATHE_ADDON'] ?? fileURLToPath(new URL('../native/build/lathe.node', import.meta.url));

/** The addon, loaded once a process. Throws ADDON_MISSING. */
export function loadAddon(): Addon {
  if (loaded !== undefined) return loaded;
  const path = addonPath();
  if (!existsSync(path)) throw new AppError('ADDON_MISSING', { reason: `${path} does not exist` });
  try {
    loaded = withOptions(createRequire(import.meta.url)(path) as NativeAddon);
  } catch (cause) {
    throw new AppError('ADDON_MISSING', { reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
  return loaded;
}

/** The addon as it is exported: products take their options as numbers, since C++ reads a record field by field, by name, and slowly. */
type NativeAddon = Omit<Addon, 'gemm'> & {
  readonly gemm: (...call: [c: TensorId, a: TensorId, b: TensorId, flags: number, alpha: number, a2: TensorId, b2: TensorId]) => void;
};

function withOptions(native: NativeAddon): Addon {
  const { gemm } = native;
  return Object.assign(native, {
    gemm(c: TensorId, a: TensorId, b: TensorId, options: GemmOptions): void {
      gemm(c, a, b, flagsOf(options), options.alpha ?? 1, options.a2 ?? noTensor, options.b2 ?? noTensor);
    },
  });
}

/** In the order of glue/gemm.cc. */
const flagsOf = ({ transposeA, transposeB, transposeC, accumulate, transposeB2 }: GemmOptions): number =>
  (transposeA === true ? 1 : 0) |
  (transposeB === true ? 2 : 0) |
  (transposeC === true ? 4 : 0) |
  (accumulate === true ? 8 : 0) |
  (transposeB2 === true ? 16 : 0);
