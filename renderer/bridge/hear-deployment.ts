/** Keeps what the page knows of targets and deployments in step: what an event carries is put in its place, what follows from it is asked anew. */
import type { QueryClient } from '@tanstack/react-query';
import type { CoreEvent, OutputOf } from '../../shared/contracts/calls.ts';
import type { Deployment, DeploymentSample, DeploymentStep } from '../../shared/domain/deployment.ts';

type DeploymentEvent = Extract<CoreEvent, { event: `deployment.${string}` | `target.${string}` }>;

export function hearDeployment(event: DeploymentEvent, queries: QueryClient): void {
  switch (event.event) {
    case 'target.changed':
    case 'target.removed':
      for (const call of ['targets.list', 'deployments.plan']) ask(queries, call);
      return undefined;
    case 'deployment.changed':
      return changed(event.data, queries);
    case 'deployment.stepped':
      return stepped(event.data, queries);
    case 'deployment.sampled':
      return sampled(event.data, queries);
  }
}

const ask = (queries: QueryClient, call: string): void => void queries.invalidateQueries({ queryKey: [call] });

/** A deployment that begins or ends makes its target busy or free; wherever traffic moved, something else answers. */
function changed(deployment: Deployment, queries: QueryClient): void {
  const id = deployment.deployment;
  queries.setQueriesData<OutputOf<'deployments.get'>>(
    { queryKey: ['deployments.get', { deployment: id }] },
    (details) => details && (details.revision > deployment.revision ? details : { ...details, ...deployment }),
  );
  for (const call of ['deployments.list', 'deployments.history', 'deployments.plan', 'targets.list']) ask(queries, call);
}

/** A way back brings steps that were not there before. */
export const withStep = (steps: readonly DeploymentStep[], step: DeploymentStep): DeploymentStep[] =>
  [...steps.filter(({ position }) => position !== step.position), step].toSorted((a, b) => a.position - b.position);

const stepped = ({ deployment, step }: { readonly deployment: string; readonly step: DeploymentStep }, queries: QueryClient): void =>
  void queries.setQueriesData<OutputOf<'deployments.get'>>(
    { queryKey: ['deployments.get', { deployment }] },
    (details) => details && { ...details, steps: withStep(details.steps, step) },
  );

/** New ones join those that are known, each once. */
export function joinedSamples(known: readonly DeploymentSample[], more: readonly DeploymentSample[]): DeploymentSample[] {
  const keyOf = ({ at, server, side }: DeploymentSample): string => `${at} ${server} ${side}`;
  const keys = new Set(known.map(keyOf));
  return [...known, ...more.filter((each) => !keys.has(keyOf(each)))];
}

const sampled = ({ deployment, samples }: { readonly deployment: string; readonly samples: readonly DeploymentSample[] }, queries: QueryClient): void =>
  void queries.setQueriesData<OutputOf<'deployments.samples'>>(
    { queryKey: ['deployments.samples', { deployment }] },
    (known) => known && { samples: joinedSamples(known.samples, samples) },
  );
