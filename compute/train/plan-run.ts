/**
 * Decides how a run will be computed so that it fits: panels kept where they are worth their memory; else weights as they are stored; else
 * smaller micro-batches of the same optimizer step; else recomputed activations; else it is refused with what would fit (docs/adr/0007).
 */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plan } from '../../shared/contracts/run-events.ts';
import { fitWarmup } from '../../shared/domain/resolve-training-config.ts';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import type { TrainingRequest } from '../../shared/domain/training-config.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { formatBytes } from '../../shared/text/format.ts';
import type { ModelSource } from '../formats/model-source.ts';
import type { EngineChoice } from '../tensor/engine-setup.ts';
import { heaviestMicroBatch } from './heaviest-micro-batch.ts';
import { measureMemory, type MemoryChoices, type MemoryNeed } from './memory-plan.ts';
import { optimizerGroups } from './parameter-groups.ts';
import type { RunData } from './run-data.ts';

const MEGABYTE = 2 ** 20;
/** Tokens of a micro-batch beyond which products run no faster, while activations go on growing. */
const ENOUGH_TOKENS = 1024;
/** Below this products lose what they are fast by. */
const FEW_TOKENS = 256;
/** Panels spare laying weights out for each micro-batch; a large model's are not worth their memory. */
const WORTHWHILE_PANELS = 2 ** 30;
/** A part of the free memory is left to everybody else. */
const USABLE_SHARE = 0.9;

export interface PlanInput {
  readonly source: ModelSource;
  readonly request: TrainingRequest;
  readonly data: RunData;
  readonly engine: EngineChoice;
  /** An existing folder on the disk the run folder will be on. */
  readonly diskPath: string;
}

export interface RunPlan {
  readonly choices: RunChoices;
  readonly need: MemoryNeed;
  readonly limitBytes: number;
  readonly fits: boolean;
  readonly wouldFit: string | null;
  readonly notes: readonly string[];
}

interface Candidate extends MemoryChoices {
  readonly note: string | null;
}

/** From fastest to smallest. */
function* candidates(input: PlanInput): Generator<Candidate> {
  const {
    request: { config },
    data,
    engine: { precision },
  } = input;
  const { cpu_optimization: cpu, training } = config;
  const packing = cpu.use_vectorization;
  const whole = training.batch_size * training.max_seq_length;
  const { longestRow } = heaviestMicroBatch(data, { packing, microTokens: whole, steps: totalSteps(input), seed: training.seed });
  const enough = packing ? Math.min(whole, Math.max(ENOUGH_TOKENS, longestRow)) : whole;
  const recompute = training.gradient_checkpointing === 'on';
  const base = { precision, packing, micro_tokens: enough, recompute_activations: recompute };
  if (cpu.cache_optimization && training.mode === 'lora') yield { ...base, panels: 'packed', note: null };
  yield { ...base, panels: 'stored', note: null };
  let smallest: Candidate = { ...base, panels: 'stored', note: null };
  for (let micro = Math.floor(enough / 2); packing && micro >= Math.max(longestRow, FEW_TOKENS); micro = Math.floor(micro / 2)) {
    const note = `Micro-batches are cut to ${micro} tokens at the same effective batch so that the run fits into memory.`;
    smallest = { ...smallest, micro_tokens: micro, note };
    yield smallest;
  }
  if (recompute || training.gradient_checkpointing === 'off') return;
  const note = 'Activations are recomputed in the backward pass so that the run fits into memory.';
  yield { ...smallest, recompute_activations: true, note: smallest.note === null ? note : `${smallest.note} ${note}` };
}

const totalSteps = ({ request: { config }, data }: PlanInput): number => {
  const steps = data.loader.stepsPerEpoch * config.training.max_epochs;
  return Math.min(steps, config.training.max_steps ?? steps);
};

/** Chooses; the engine must hold no tensors yet, since candidates are run dry. Throws INT8_WITHOUT_ADAPTER. */
export function chooseForRun(input: PlanInput): RunPlan {
  const { source, request, data, engine } = input;
  const { config } = request;
  if (engine.precision === 'int8' && config.training.mode === 'full') throw new AppError('INT8_WITHOUT_ADAPTER', {});
  const limits = memoryLimits(request);
  const steps = totalSteps(input);
  const { warmupSteps, note: warmupNote } = fitWarmup(request, steps);
  let last: { candidate: Candidate; need: MemoryNeed; fits: boolean } | undefined;
  for (const candidate of candidates(input)) {
    const shape = heaviestMicroBatch(data, { packing: candidate.packing, microTokens: candidate.micro_tokens, steps, seed: config.training.seed });
    const need = measureMemory(source, config, candidate, shape);
    if (candidate.panels === 'packed' && need.panelBytes > WORTHWHILE_PANELS) continue;
    last = { candidate, need, fits: need.totalBytes <= limits.total && need.activationBytes <= limits.activations };
    if (last.fits) break;
  }
  if (last === undefined) throw new Error('a plan has at least one candidate');
  const { note, ...memory } = last.candidate;
  const choices = { ...engine, ...memory, warmup_steps: warmupSteps, total_steps: steps };
  const notes = [...request.notes, ...last.need.notes, warmupNote, last.fits ? note : null].filter((text) => text !== null);
  const limitBytes = limits.activations < last.need.activationBytes ? limits.activations + (last.need.totalBytes - last.need.activationBytes) : limits.total;
  return { choices, need: last.need, limitBytes, fits: last.fits, wouldFit: last.fits ? null : whatWouldFit(input, last.candidate, limits), notes };
}

interface Limits {
  readonly total: number;
  readonly activations: number;
}

function memoryLimits({ config }: TrainingRequest): Limits {
  const free = Math.floor(process.availableMemory() * USABLE_SHARE) + process.memoryUsage.rss();
  const pool = config.cpu_optimization.memory_pool_size;
  return { total: free, activations: pool === null ? Infinity : pool * MEGABYTE };
}

/**
 * A resumed run is computed as it began, or its bits would be others. Throws RUN_DOES_NOT_FIT where that is more than is free;
 * returns what there is to say where it is more than memory_pool_size.
 */
export function checkResumed({ source, request, data }: Omit<PlanInput, 'engine' | 'diskPath'>, choices: RunChoices): string | null {
  const limits = memoryLimits(request);
  const micro = { packing: choices.packing, microTokens: choices.micro_tokens, steps: choices.total_steps, seed: request.config.training.seed };
  const need = measureMemory(source, request.config, choices, heaviestMicroBatch(data, micro));
  if (need.totalBytes > limits.total) {
    const fits = 'Free memory and resume again; a resumed run is computed as it began.';
    throw new AppError('RUN_DOES_NOT_FIT', { needBytes: formatBytes(need.totalBytes), haveBytes: formatBytes(limits.total), fits });
  }
  if (need.activationBytes <= limits.activations) return null;
  return `memory_pool_size is passed over: the run is computed as it began, and its activations take ${formatBytes(need.activationBytes)}.`;
}

/** Tries shorter rows with everything else at its smallest, as long as they leave something to learn. */
function whatWouldFit(input: PlanInput, smallest: MemoryChoices, limits: Limits): string {
  const { source, data, request } = input;
  const { config } = request;
  let shortest: { readonly flags: string; readonly need: MemoryNeed } | null = null;
  for (let length = config.training.max_seq_length; length >= 8; length = Math.floor(length / 2)) {
    const learnt = data.rowsLearntWithin(length);
    if (learnt === 0) break;
    const micro = { packing: smallest.packing, microTokens: length, steps: totalSteps(input), seed: config.training.seed };
    const shape = heaviestMicroBatch(cutRows(data, length), micro);
    const need = measureMemory(source, config, { ...smallest, recompute_activations: true }, shape);
    const flags = `--batch-size 1 --max-seq-length ${length} --gradient-checkpointing on`;
    if (need.totalBytes <= limits.total && need.activationBytes <= limits.activations) {
      const rest = learnt === data.epoch.rows ? '' : `; ${learnt} of ${data.epoch.rows} rows then have something to learn`;
      return `With ${flags} it needs ${formatBytes(need.totalBytes)} and fits${rest}.`;
    }
    shortest = { flags, need };
  }
  return shortest === null ? 'Use a smaller or more strongly quantised model, or free memory.' : whatIsMissing(shortest, limits);
}

const cutRows = (data: RunData, length: number): RunData => ({
  ...data,
  lengthOf: (row) => Math.min(length, data.lengthOf(row)),
  holdout: data.holdout.map(({ tokens, graded }) => ({ tokens: tokens.subarray(0, length), graded: graded.subarray(0, length) })),
});

function whatIsMissing({ flags, need }: { readonly flags: string; readonly need: MemoryNeed }, limits: Limits): string {
  const isPoolAlone = need.totalBytes <= limits.total;
  const remedy = isPoolAlone
    ? `raise --memory-pool-size to ${Math.ceil(need.activationBytes / MEGABYTE)}`
    : 'use a smaller or more strongly quantised model, or free memory';
  return `No setting fits: even with ${flags} it needs ${formatBytes(need.totalBytes)}, and shorter rows leave nothing to learn; ${remedy}.`;
}

/** The plan as the user sees it. */
export function describePlan(plan: RunPlan, { data, request: { config }, diskPath }: PlanInput, secondsPerToken: number): Plan {
  const { choices, need } = plan;
  const holdoutTokens = data.holdout.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const tokensPerStep = data.epoch.tokens / data.loader.stepsPerEpoch;
  const evaluations = data.holdout.length === 0 ? 0 : Math.ceil(choices.total_steps / config.training.eval_steps);
  // Scoring is the forward pass alone: about a third of a training pass; in floats, about two thirds of one whose products are int8.
  const scoring = choices.precision === 'int8' ? 2 / 3 : 1 / 3;
  const seconds = secondsPerToken * (tokensPerStep * choices.total_steps + evaluations * holdoutTokens * scoring);
  const disk = statfsSync(nearestFolder(diskPath));
  return {
    fits: plan.fits,
    memory: { parts: [...need.parts], total_bytes: need.totalBytes, limit_bytes: plan.limitBytes },
    disk: { needed_bytes: diskBytes(need.trainedParameters, config.training.save_total_limit), free_bytes: disk.bavail * disk.bsize },
    time: { seconds, seconds_per_step: secondsPerToken * tokensPerStep, tokens_per_second: secondsPerToken === 0 ? 0 : 1 / secondsPerToken },
    steps: choices.total_steps,
    rows: data.epoch.rows,
    holdout_rows: data.holdout.length,
    tokens: data.epoch.tokens,
    graded_tokens: data.epoch.gradedTokens,
    parameters: need.parameters,
    trained_parameters: need.trainedParameters,
    lora: config.lora,
    optimizer: optimizerGroups(config),
    choices,
    would_fit: plan.wouldFit,
  };
}

/** Kept checkpoints, the best one and the one being written, each with weights and two moments; and the adapter. */
const diskBytes = (trainedParameters: number, kept: number): number => 4 * trainedParameters * (3 * (kept + 2) + 1);

/** The run folder is not made yet when a run is only planned. */
const nearestFolder = (path: string): string => (existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path)));
