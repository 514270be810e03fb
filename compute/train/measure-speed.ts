/** How fast this machine trains this model with these choices: a few real rows, forward and backward, timed. */
import type { RunChoices } from '../../shared/domain/run-record.ts';
import { layoutRows } from '../data/layout-rows.ts';
import { loaderStart } from '../data/loader.ts';
import { activationType } from '../tensor/engine-setup.ts';
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
    dtype: activationType(choices.precision),
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
