/** Handlers of the calls about targets and deployments. */
import type { DeploymentCallName, TargetCallName } from '../../shared/contracts/deployment-calls.ts';
import type { Deployments } from '../services/deploy/deployments.ts';
import type { Targets } from '../services/deploy/targets.ts';
import type { HandlersOf } from './handlers.ts';

export interface DeploymentServices {
  readonly targets: Targets;
  readonly deployments: Deployments;
}

export const deploymentHandlers = ({ targets, deployments }: DeploymentServices): HandlersOf<TargetCallName | DeploymentCallName> => ({
  'targets.list': () => targets.list(),
  'targets.save': ({ target }, caller) => targets.save(target, caller),
  'targets.remove': ({ target }, caller) => targets.remove(target, caller),
  'targets.check': ({ target }, caller) => targets.check(target, caller),
  'deployments.plan': (input) => deployments.plan(input),
  'deployments.start': (input, caller) => deployments.start(input, caller),
  'deployments.list': (input) => deployments.list(input),
  'deployments.get': ({ deployment }) => deployments.get(deployment),
  'deployments.samples': (input) => deployments.samples(input),
  'deployments.confirm': ({ deployment }, caller) => deployments.confirm(deployment, caller),
  'deployments.pause': ({ deployment }, caller) => deployments.pause(deployment, caller),
  'deployments.rollback': (input, caller) => deployments.rollback(input, caller),
  'deployments.abandon': (input, caller) => deployments.abandon(input, caller),
  'deployments.history': (input) => deployments.history(input),
});
