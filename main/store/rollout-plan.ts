/** What the steps of a deployment need besides their rows: enough to go on, or back, with nothing but this and the servers. */
import { z } from 'zod';
import { DeploymentStep } from '../../shared/domain/deployment.ts';
import { TrafficSplit } from '../../shared/domain/traffic-split.ts';

const text = z.string();

/** A step that nobody has begun. */
export const PlannedStep = DeploymentStep.pick({ kind: true, server: true, words: true, calls: true, traffic: true });
export type PlannedStep = z.infer<typeof PlannedStep>;

/** What gives a share of the traffic to a version: the alias alone, `lathe proxy`, one server after another, an alias for a cohort. */
export const Mover = z.enum(['alias', 'proxy', 'servers', 'cohort']);
export type Mover = z.infer<typeof Mover>;

export const RolloutPlan = z.object({
  /** `name@version`. */
  label: text,
  /** The adapter as the registry has it; null: nothing here knows it, as of what was found on a server. */
  adapter: text.nullable(),
  base: z.object({ name: text, path: text.nullable(), file: text.nullable(), bytes: z.number().nullable(), sha256: text.nullable() }),
  mover: Mover,
  /** The split that stood before. */
  split: TrafficSplit.nullable(),
  /** Servers on which the version before was in memory. */
  loaded: z.array(text),
  back: z.array(PlannedStep),
});
export type RolloutPlan = z.infer<typeof RolloutPlan>;
