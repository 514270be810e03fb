/** How fast this machine trains this model with these choices: a few real rows, forward and backward, timed. */
import { cpus } from 'node:os';
import { z } from 'zod';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import { layoutRows } from '../data/layout-rows.ts';
import { loaderStart } from '../data/loader.ts';
import { statesOf } from '../formats/file-state.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { Remembered } from '../formats/remembered.ts';
import type { ResolvedTrainingConfig } from '../../shared/domain/training-config.ts';
import { trainingTypes } from '../tensor/engine-setup.ts';
import { accumulateGradients } from './gradients.ts';
import type { RunData } from './run-data.ts';
import type { Trainee } from './trainee.ts';

/** Enough for the kernels to be at their usual speed, few enough to be over soon. */
const TOKENS = 512;

/** Seconds that a token takes. Leaves the gradients at zero and everything else as it was. */
export function measureSecondsPerToken(
  { model, optimizer }: Trainee,
  data: RunData,
  choices: Pick<RunChoices, 'precision' | 'packing' | 'recompute_activations'>,
): number {
  const rows = data.loader.read(loaderStart).rows;
  const microTokens = Math.min(TOKENS, data.report.tokens);
  const [micro] = layoutRows(rows, { packing: choices.packing, microTokens, padId: data.padId });
  if (micro === undefined) return 0;
  const options = {
    ...trainingTypes(choices.precision),
    normaliser: Math.max(1, micro.gradedTokens),
    recompute: choices.recompute_activations,
    dropout: null,
  };
  const times = [0, 1].map(() => {
    const start = performance.now();
    accumulateGradients(model, micro, options);
    return (performance.now() - start) / 1000;
  });
  optimizer.zeroGrad();
  return Math.min(...times) / micro.tokens.length;
}

const Speed = z.strictObject({ at: z.number(), secondsPerToken: z.number().positive() });

/** What kept the machine busy then may be over: after a day it is timed again. */
const GOOD_FOR_MS = 24 * 3_600_000;

/** All that the speed depends on, but what else the machine is doing. */
export interface SpeedSituation {
  readonly source: ModelSource;
  readonly config: ResolvedTrainingConfig;
  readonly choices: RunChoices;
  readonly data: RunData;
}

export class KnownSpeeds {
  readonly #known: Remembered<typeof Speed>;

  constructor(cacheDirectory: string) {
    this.#known = new Remembered(cacheDirectory, 'speed-1', Speed);
  }

  /** Seconds a token as they were measured lately in this situation, or null. */
  recall(situation: SpeedSituation): number | null {
    const key = keyOf(situation);
    const found = key === null ? null : this.#known.recall(key);
    return found !== null && Math.abs(Date.now() - found.at) < GOOD_FOR_MS ? found.secondsPerToken : null;
  }

  remember(situation: SpeedSituation, secondsPerToken: number): void {
    const key = keyOf(situation);
    if (key !== null && secondsPerToken > 0) this.#known.remember(key, { at: Date.now(), secondsPerToken });
  }
}

function keyOf({ source, config, choices, data }: SpeedSituation): readonly unknown[] | null {
  const files = statesOf(source.files);
  const { isa, kernels, precision, panels, packing, micro_tokens, recompute_activations } = choices;
  const chosen = { isa, kernels, precision, panels, packing, micro_tokens, recompute_activations };
  const { lora, training, cpu_optimization: cpu } = config;
  return files === null ? null : [files, data.fingerprint, lora, training.mode, cpu.num_workers, chosen, cpus()[0]?.model ?? ''];
}
