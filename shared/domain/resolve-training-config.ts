/** From what the user wrote to a configuration with every value set. Pure: facts about the machine are arguments. */
import { cpuDefaults } from './cpu-optimization.ts';
import { dataDefaults } from './data-config.ts';
import { environmentDefaults } from './environment-config.ts';
import { loggingDefaults } from './logging-config.ts';
import { loraDefaults } from './lora-config.ts';
import { trainingDefaults } from './training-settings.ts';
import type { ResolvedTrainingConfig, TrainingConfigInput, TrainingRequest } from './training-config.ts';

/** `Base` with the keys of `over` that are set. */
function override<Base extends object>(base: Base, over: { readonly [Key in keyof Base]?: Base[Key] | undefined } | undefined): Base {
  const set = Object.entries(over ?? {}).filter(([, value]) => value !== undefined);
  return { ...base, ...(Object.fromEntries(set) as Partial<Base>) };
}

/** Flags over a file: the later wins, key by key. */
export function mergeInputs(file: TrainingConfigInput, flags: TrainingConfigInput): TrainingConfigInput {
  const blocks = new Set([...Object.keys(file), ...Object.keys(flags)]) as Set<keyof TrainingConfigInput>;
  const merged = [...blocks].map((block) => {
    const [low, high] = [file[block], flags[block]];
    return [block, typeof low === 'object' && typeof high === 'object' ? override(low, high as never) : (high ?? low)];
  });
  return Object.fromEntries(merged) as TrainingConfigInput;
}

const explicitKeys = (input: TrainingConfigInput): string[] =>
  Object.entries(input).flatMap(([block, value]) => {
    if (typeof value !== 'object') return value === undefined ? [] : [block];
    return Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [`${block}.${key}`]));
  });

/**
 * `model` and `dataPath` are given apart because the caller has already found them; `cores` is what this machine has.
 * More workers than cores are cut, and said.
 */
export function resolveTrainingConfig(input: TrainingConfigInput, found: { model: string; dataPath: string; cores: number }): TrainingRequest {
  const notes: string[] = [];
  const cpu = override(cpuDefaults(found.cores), input.cpu_optimization);
  if (cpu.num_workers > found.cores) {
    notes.push(`num_workers is cut from ${cpu.num_workers} to ${found.cores}, the cores of this machine.`);
    cpu.num_workers = found.cores;
  }
  const config: ResolvedTrainingConfig = {
    model: found.model,
    data: { ...override({ ...dataDefaults, path: found.dataPath }, input.data), path: found.dataPath },
    lora: override(loraDefaults, input.lora),
    training: override(trainingDefaults, input.training),
    cpu_optimization: cpu,
    logging: override(loggingDefaults, input.logging),
    environment: override(environmentDefaults, input.environment),
  };
  return { config, explicit: explicitKeys(input), notes };
}

/**
 * Warm-up steps of a run of `totalSteps`: an explicit value is obeyed; the default is cut to a tenth of the run where the
 * run is shorter than ten warm-ups, with a note that says so.
 */
export function fitWarmup(request: Pick<TrainingRequest, 'config' | 'explicit'>, totalSteps: number): { warmupSteps: number; note: string | null } {
  const wanted = request.config.training.warmup_steps;
  if (request.explicit.includes('training.warmup_steps') || totalSteps >= 10 * wanted) return { warmupSteps: wanted, note: null };
  const warmupSteps = Math.floor(totalSteps / 10);
  return { warmupSteps, note: `The warm-up is cut from ${wanted} to ${warmupSteps} steps, a tenth of this run's ${totalSteps}.` };
}
