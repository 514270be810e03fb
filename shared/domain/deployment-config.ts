/** The `deployment` block: how an approved version reaches a server, and when it is taken back. */
import { z } from 'zod';
import { Duration } from './duration.ts';

export const DeploymentConfig = z.strictObject({
  strategy: z.enum(['blue_green', 'canary', 'rolling', 'recreate']),
  max_instances: z.int().min(1).max(1000),
  /** Percent of the traffic that the new version gets. */
  traffic_shift: z.number().min(0).max(100),
  validation_enabled: z.boolean(),
  validation_timeout: Duration,
  min_accuracy: z.number().min(0).max(1),
  max_latency: Duration,
  auto_rollback: z.boolean(),
  rollback_timeout: Duration,
  health_check_interval: Duration,
});
export type DeploymentConfig = z.infer<typeof DeploymentConfig>;
