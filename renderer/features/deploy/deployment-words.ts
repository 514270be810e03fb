/** What a deployment is called, and how far it is. Pure. */
import type { Deployment, DeploymentStep } from '../../../shared/domain/deployment.ts';

export const deploymentTitle = ({ name, version }: Pick<Deployment, 'name' | 'version'>): string => `${name}@${version}`;
export const deploymentPath = (deployment: string): string => `/deploy/${deployment}`;
/** The form that deploys, with what is known already. */
export function deployPath({ model, target }: { readonly model?: string; readonly target?: string }): string {
  const query = new URLSearchParams({ ...(model !== undefined && { model }), ...(target !== undefined && { target }) }).toString();
  return query === '' ? '/deploy/new' : `/deploy/new?${query}`;
}

/** As it is shown: once a deployment is over nothing is to come or at work any more. */
export function shownState({ state }: Pick<DeploymentStep, 'state'>, isOver: boolean): DeploymentStep['state'] | 'cut' {
  if (!isOver) return state;
  return state === 'running' ? 'cut' : state === 'waiting' ? 'skipped' : state;
}

export const endedSteps = (steps: readonly DeploymentStep[]): number => steps.filter(({ state }) => state === 'done' || state === 'skipped').length;

/** The list that goes back comes behind the one that goes forward, once it is begun. */
export const splitSteps = (steps: readonly DeploymentStep[]): { readonly forward: readonly DeploymentStep[]; readonly back: readonly DeploymentStep[] } => ({
  forward: steps.filter((step) => !isBack(step)),
  back: steps.filter(isBack),
});

const isBack = ({ evidence }: DeploymentStep): boolean => evidence['way'] === 'back';

/** What answered before, whichever server; null: nobody. */
export function previousOf({ previous }: Pick<Deployment, 'previous'>): string | null {
  const names = [...new Set(Object.values(previous).filter((each) => each !== null))];
  return names.length === 0 ? null : names.join(', ');
}
