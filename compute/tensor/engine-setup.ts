/** Sets the engine up for a job, and says what it chose: instruction set, kernel rows, precision. */
import type { CpuOptimization } from '../../shared/domain/cpu-optimization.ts';
import { isas, type Isa } from '../../shared/domain/isa.ts';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import { computeEnvironment } from '../../shared/contracts/compute-messages.ts';
import type { TrainingSettings } from '../../shared/domain/training-settings.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { FloatDType } from './dtype.ts';
import { loadAddon } from './load-addon.ts';
import type { Products } from './panels.ts';

export interface EngineChoice {
  readonly isa: Isa;
  readonly kernels: RunChoices['kernels'];
  readonly precision: RunChoices['precision'];
}

const isIsa = (name: string): name is Isa => isas.some((isa) => isa === name);

/** The best instruction set under `LATHE_ISA`. Throws ISA_UNKNOWN. */
export function allowedIsa(): Isa {
  const best = loadAddon().bestIsa();
  const cap = process.env[computeEnvironment.isa];
  if (cap === undefined || cap === '') return best;
  if (!isIsa(cap)) throw new AppError('ISA_UNKNOWN', { isa: cap, known: isas.join(', ') });
  return isas.indexOf(cap) < isas.indexOf(best) ? cap : best;
}

/** Whether this instruction set multiplies bf16 itself, so that bf16 activations are the faster ones. */
export const multipliesBf16 = (isa: Isa): boolean => isa === 'neonbf16' || isa === 'avx512bf16' || isa === 'amx';

/** What the engine needs to know; the rest of the block is for others. */
type EngineCpu = Pick<CpuOptimization, 'num_workers' | 'use_simd'> & Partial<CpuOptimization>;

/** Chooses for this machine and sets the engine so. */
export function setUpEngine(cpu: EngineCpu, precision: TrainingSettings['precision']): EngineChoice {
  const isa = cpu.use_simd ? allowedIsa() : 'ref';
  const chosen = precision === 'auto' ? (multipliesBf16(isa) ? 'bf16' : 'fp32') : precision;
  return applyEngine({ isa, precision: chosen }, cpu.num_workers);
}

/** As set up, and how many of them are left to the user for now. */
const threads = { wanted: 1, spared: 0 };
const threadsNow = (): number => Math.max(1, threads.wanted - threads.spared);

/** Leaves so many threads to others from the next kernel on; one always computes. Work is cut by shape, so that no bit changes. */
export function spareThreads(count: number): void {
  if (count === threads.spared) return;
  threads.spared = count;
  loadAddon().configure({ threads: threadsNow() });
}

/** Sets the engine as a run's record says. Throws INT8_UNSUPPORTED. The kernels it then has may differ on another machine. */
export function applyEngine({ isa, precision }: Pick<EngineChoice, 'isa' | 'precision'>, wanted: number): EngineChoice {
  threads.wanted = wanted;
  loadAddon().configure({ isa, threads: threadsNow() });
  if (precision === 'int8') requireInt8(isa);
  return { isa, precision, kernels: chosenKernels(precision) };
}

/** Sets the engine as a run's record says, as far as this machine and `LATHE_ISA` allow; where they do not, the kernels differ from the record's. */
export function repeatEngine({ isa, precision }: Pick<EngineChoice, 'isa' | 'precision'>, wanted: number): EngineChoice {
  const allowed = allowedIsa();
  return applyEngine({ isa: isas.indexOf(isa) <= isas.indexOf(allowed) ? isa : allowed, precision }, wanted);
}

/** Plain int8 products are far slower than any in floats: they are for who asked for plain kernels. */
function requireInt8(isa: Isa): void {
  const addon = loadAddon();
  const rows = addon.listKernels().filter(({ op }) => op === int8Op);
  if (isa === 'ref' || rows.some((row) => row.chosen && row.isa !== 'ref')) return;
  throw new AppError('INT8_UNSUPPORTED', { isa, needs: rows.flatMap(({ needs }) => (needs === '' ? [] : [needs])).join(' or ') });
}

const int8Op = 'gemm_int8';

/** The row of every op that such a run uses: int8 products are no part of the others. */
const chosenKernels = (precision: RunChoices['precision']): Record<string, string> =>
  Object.fromEntries(
    loadAddon()
      .listKernels()
      .filter(({ op, chosen }) => chosen && (precision === 'int8' || op !== int8Op))
      .map(({ op, name }) => [op, name]),
  );

/** Activations of an int8 run are f32, as in an fp32 run: only products with frozen weights differ. */
export const activationType = (precision: RunChoices['precision']): FloatDType => (precision === 'bf16' ? 'bf16' : 'f32');

/** What a training pass computes in. Evaluation and generation take `dtype` alone and multiply in floats, so that an int8 run is judged as an fp32 run is. */
export const trainingTypes = (precision: RunChoices['precision']): { readonly dtype: FloatDType; readonly products: Products } => ({
  dtype: activationType(precision),
  products: precision === 'int8' ? 'int8' : 'float',
});
