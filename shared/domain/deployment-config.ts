/** The `deployment` block: how an approved version reaches a server, and when it is taken back. */
import { z } from 'zod';
import { Duration } from './duration.ts';

export const strategies = ['blue_green', 'canary', 'rolling', 'recreate'] as const;
export const Strategy = z.enum(strategies);
export type Strategy = z.infer<typeof Strategy>;

/** A prompt whose answer is known: it must hold each of `contains`, whatever the case. */
export const GoldenPrompt = z.strictObject({
  prompt: z.string().min(1).max(20_000),
  contains: z.array(z.string().min(1)).min(1).max(20),
  max_tokens: z.int().min(1).max(4_096).default(64),
});
export type GoldenPrompt = z.output<typeof GoldenPrompt>;

export const DeploymentConfig = z.strictObject({
  strategy: Strategy,
  /** Versions of one alias that are loaded at once. */
  max_instances: z.int().min(1).max(1000),
  /** Percent of the traffic that the (last) step gives to the new version. */
  traffic_shift: z.number().min(0).max(100),
  validation_enabled: z.boolean(),
  validation_timeout: Duration,
  /** On the gate's benchmark. */
  min_accuracy: z.number().min(0).max(1),
  /** Of the 95th percentile of whole answers. */
  max_latency: Duration,
  /** Share of requests that may fail. */
  max_error_rate: z.number().min(0).max(1),
  auto_rollback: z.boolean(),
  /** How long after a break (sleep, crash, network) a deployment may still go on; and how long its steps back may take. */
  rollback_timeout: Duration,
  health_check_interval: Duration,
  /** So many failed checks in a row count as a failure. */
  health_check_failures: z.int().min(1).max(100),
  /** Of a canary, in percent of the traffic; the last one is `traffic_shift`. */
  canary_steps: z.array(z.number().gt(0).max(100)).min(1).max(20),
  /** How long each canary step, and the watch after a switch, is looked at. */
  step_pause: Duration,
  /** Wait for a word before each step that moves traffic. */
  confirm_steps: z.boolean(),
  /** How long the version before stays loaded after the switch. */
  keep_previous: Duration,
  golden_prompts: z.array(GoldenPrompt).max(100),
});
export type DeploymentConfig = z.output<typeof DeploymentConfig>;

export const deploymentDefaults: DeploymentConfig = {
  strategy: 'blue_green',
  max_instances: 2,
  traffic_shift: 100,
  validation_enabled: true,
  validation_timeout: '5m',
  min_accuracy: 0,
  max_latency: '30s',
  max_error_rate: 0,
  auto_rollback: true,
  rollback_timeout: '10m',
  health_check_interval: '30s',
  health_check_failures: 3,
  canary_steps: [10, 25, 50, 75, 100],
  step_pause: '1m',
  confirm_steps: false,
  keep_previous: '1h',
  golden_prompts: [],
};
