/** How the steps of a deployment stand. Pure. */
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';

const closed = (step: DeploymentStep): boolean => step.state === 'done' || step.state === 'skipped';

/** The next one; those of a way back are not among them. */
export const openStep = (steps: readonly DeploymentStep[]): DeploymentStep | undefined => steps.find((step) => !closed(step));

export const isBegun = ({ state }: DeploymentStep): boolean => state !== 'waiting' && state !== 'skipped';

/** Something has been touched on a server, or may have been. */
export const isTouching = (steps: readonly DeploymentStep[]): boolean =>
  steps.some((step) => isBegun(step) && step.kind !== 'check_target' && step.kind !== 'check_gate');

/** It moves traffic. */
export const isMove = ({ kind }: DeploymentStep): boolean => kind === 'switch' || kind === 'shift';

/** Nothing but clearing away is left. */
export const isAftercare = (steps: readonly DeploymentStep[], { position }: DeploymentStep): boolean =>
  steps.filter((step) => step.position >= position).every(({ kind }) => kind === 'retire');

/** What a step waits for, when its deployment waits for a word. */
export const waitsFor = ({ evidence }: DeploymentStep): 'accept' | 'retry' | 'begin' | null => {
  const { waits_for: wait } = evidence;
  return wait === 'accept' || wait === 'retry' || wait === 'begin' ? wait : null;
};
