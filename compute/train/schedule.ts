/** Learning rate by step, as transformers' schedules have it: a linear warm-up from 0, then linear, cosine or constant. */
import type { TrainingSettings } from '../../shared/domain/training-settings.ts';

export interface Schedule {
  readonly peak: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
  readonly shape: TrainingSettings['schedule'];
}

/** `step` counts the optimizer steps already done, so the first step of a warm-up has rate 0. */
export function learningRateAt(step: number, { peak, warmupSteps, totalSteps, shape }: Schedule): number {
  if (step < warmupSteps) return (peak * step) / Math.max(1, warmupSteps);
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  switch (shape) {
    case 'constant':
      return peak;
    case 'linear':
      return peak * (1 - progress);
    case 'cosine':
      return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
  }
}
