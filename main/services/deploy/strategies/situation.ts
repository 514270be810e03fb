/** What a strategy is decided from: the target as it is, what is asked, and what answers now. Plain data, so that strategies are pure. */
import type { DeploymentConfig } from '../../../../shared/domain/deployment-config.ts';
import type { Mover, PlannedStep } from '../../../store/rollout-plan.ts';
import type { TargetDriver } from '../target-driver.ts';

export interface Situation {
  readonly target: string;
  readonly alias: string;
  /** What the new version is called on the servers. */
  readonly servedAs: string;
  /** In the order in which they are gone through. */
  readonly servers: readonly string[];
  readonly config: DeploymentConfig;
  /** Who answers the alias, by server; null: nobody. */
  readonly previous: Readonly<Record<string, string | null>>;
  /** Versions of the alias in memory that answer nobody, by server. */
  readonly idle: Readonly<Record<string, readonly string[]>>;
  /** Something shares traffic out by weight before the servers. */
  readonly hasProxy: boolean;
  /** A split of the alias stands there, left by an earlier deployment: two versions answer it. */
  readonly isSplit: boolean;
  readonly minAvailable: number;
  readonly callsOf: TargetDriver['callsOf'];
}

export interface Rollout {
  readonly mover: Mover;
  readonly steps: readonly PlannedStep[];
  /** Brings back what was there, from wherever the steps have come to. */
  readonly back: readonly PlannedStep[];
  /** What is worth knowing. */
  readonly notes: readonly string[];
}

export const canaryAlias = (alias: string): string => `${alias}-canary`;
