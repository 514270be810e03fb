/** What the runner and its way back work with. */
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import type { Target } from '../../../shared/domain/target.ts';
import type { Logger } from '../../platform/logger.ts';
import type { StoredDeployment } from '../../store/deployment-rows.ts';
import type { Awake } from '../../workers/keep-awake.ts';
import type { DeploymentBook } from './deployment-book.ts';
import type { OpenTarget, StepServices } from './steps/step-act.ts';

export interface RunnerParts {
  readonly book: DeploymentBook;
  readonly services: StepServices;
  readonly log: Logger;
  /** Throws SECRET_*. */
  readonly open: (target: Target) => Promise<OpenTarget>;
  /** Called before a deployment is marked as done or taken back; perhaps again after a crash. */
  readonly onEnd: (deployment: StoredDeployment, end: 'done' | 'rolled_back') => void;
  /** Held while a deployment is at work, not while it waits for a word. */
  readonly awake: Awake;
  readonly keepsAwake: () => boolean;
  readonly beatMs?: number;
  /** Between two tries at a server that does not answer. */
  readonly retryMs?: number;
}

/** A step that is taken, and where. */
export interface Said {
  readonly step: DeploymentStep;
  readonly target: OpenTarget;
  readonly signal: AbortSignal;
}
