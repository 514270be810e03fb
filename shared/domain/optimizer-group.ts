/** Trained tensors that share a learning rate and a weight decay. */
import { z } from 'zod';

export const OptimizerGroup = z.object({
  group: z.string(),
  /** At the top of the schedule. */
  learning_rate: z.number(),
  weight_decay: z.number(),
});
export type OptimizerGroup = z.infer<typeof OptimizerGroup>;
