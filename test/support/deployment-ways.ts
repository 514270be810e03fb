/** The strategies, each with a target that it needs. */
import type { DeploymentConfig } from '../../shared/domain/deployment-config.ts';

export interface Way {
  /** As a target may be called. */
  readonly name: string;
  readonly servers: number;
  readonly config: Partial<DeploymentConfig>;
  readonly hasProxy: boolean;
}

export const ways: readonly Way[] = [
  { name: 'blue-green', servers: 1, config: {}, hasProxy: false },
  { name: 'canary-by-proxy', servers: 1, config: { strategy: 'canary', canary_steps: [20, 60] }, hasProxy: true },
  { name: 'canary-by-servers', servers: 2, config: { strategy: 'canary', canary_steps: [50] }, hasProxy: false },
  { name: 'rolling', servers: 3, config: { strategy: 'rolling' }, hasProxy: false },
];
