/** Sets the engine up for a job, and says what it chose: instruction set, kernel rows, precision. */
import type { CpuOptimization } from '../../shared/domain/cpu-optimization.ts';
import { isas, type Isa } from '../../shared/domain/isa.ts';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import { computeEnvironment } from '../../shared/contracts/compute-messages.ts';
import type { TrainingSettings } from '../../shared/domain/training-settings.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { FloatDType } from './dtype.ts';
import { loadAddon } from './load-addon.ts';

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
export const multipliesBf16 = (isa: Isa): boolean => isa === 'avx512bf16' || isa === 'amx';

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

/** Sets the engine as a run's record says; the kernels it then has may differ on another machine. */
export function applyEngine({ isa, precision }: Pick<EngineChoice, 'isa' | 'precision'>, wanted: number): EngineChoice {
  threads.wanted = wanted;
  loadAddon().configure({ isa, threads: threadsNow() });
  return { isa, precision, kernels: chosenKernels() };
}

/** Sets the engine as a run's record says, as far as this machine and `LATHE_ISA` allow; where they do not, the kernels differ from the record's. */
export function repeatEngine({ isa, precision }: Pick<EngineChoice, 'isa' | 'precision'>, wanted: number): EngineChoice {
  const allowed = allowedIsa();
  return applyEngine({ isa: isas.indexOf(isa) <= isas.indexOf(allowed) ? isa : allowed, precision }, wanted);
}

export const chosenKernels = (): Record<string, string> =>
  Object.fromEntries(
    loadAddon()
      .listKernels()
      .filter(({ chosen }) => chosen)
      .map(({ op, name }) => [op, name]),
  );

export const activationType = (precision: RunChoices['precision']): FloatDType => (precision === 'bf16' ? 'bf16' : 'f32');
