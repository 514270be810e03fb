/** What a kind of step is: it finds out what is there, does what is missing, and says what it found. */
import type { DeploymentSample, DeploymentStep } from '../../../../shared/domain/deployment.ts';
import type { StoredDeployment } from '../../../store/deployment-rows.ts';
import type { Store } from '../../../store/store.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { AnswersNow } from '../deployment-book.ts';
import type { DeploymentGate } from '../deployment-gate.ts';
import type { LocalAnswers } from '../validation/local-answers.ts';
import type { RolloutClock } from '../rollout-clock.ts';
import type { Artifact, TargetDriver } from '../target-driver.ts';
import type { TrafficSplitter } from '../traffic-splitter.ts';

export type Evidence = DeploymentStep['evidence'];

/** The servers of a target, spoken to. */
export interface OpenTarget {
  readonly drivers: ReadonlyMap<string, TargetDriver>;
  readonly splitter: TrafficSplitter | null;
}

export interface StepServices {
  readonly store: Store;
  readonly clock: RolloutClock;
  readonly gate: DeploymentGate;
  readonly local: LocalAnswers;
  /** The adapter as GGUF, made anew where its file is gone. */
  readonly artifact: (deployment: StoredDeployment) => Promise<Artifact>;
}

export interface StepContext {
  readonly deployment: StoredDeployment;
  readonly step: DeploymentStep;
  readonly target: OpenTarget;
  readonly services: StepServices;
  readonly signal: AbortSignal;
  /** Shown at once, kept with the step. */
  readonly note: (evidence: Evidence) => void;
  readonly sample: (samples: readonly DeploymentSample[]) => void;
}

export interface StepEnd {
  readonly evidence: Evidence;
  /** What answers from now on. */
  readonly answers?: readonly AnswersNow[];
  /** It cannot be said whether this is good: somebody has to. */
  readonly question?: string;
}

export interface StepAct {
  run(context: StepContext): Promise<StepEnd>;
  /** Whether what it left there still is; asked after a break. Throws ALIAS_MOVED where somebody else decided otherwise. */
  holds?(context: StepContext): Promise<boolean>;
}

/** The server that the step is about. */
export function serverOf({ step, target }: StepContext): TargetDriver {
  const driver = target.drivers.get(step.server ?? '');
  if (driver === undefined)
    throw new AppError('DEPLOYMENT_REFUSED', { version: '', target: step.server ?? '', problem: 'that server is no longer part of it' });
  return driver;
}

export const previousOn = ({ deployment }: Pick<StepContext, 'deployment'>, server: string): string | null => deployment.previous[server] ?? null;
