/** The public paths of deployments. */
import { z } from 'zod';
import { DeployRequest } from '../../shared/contracts/deployment-calls.ts';
import { DeploymentConfig } from '../../shared/domain/deployment-config.ts';
import { DeploymentDetails } from '../../shared/domain/deployment.ts';
import { asCall, route, type Given, type Route } from './route.ts';

const part = 'Deployment';
const ById = z.strictObject({ id: z.string().min(1).max(200) });

/** `model` a version (`name@1.2.0`), or `model_path` an adapter's folder, from an admin; the keys of the `deployment` block beside them. */
const Deploy = z
  .strictObject({
    model: DeployRequest.shape.model.optional(),
    model_path: DeployRequest.shape.model.optional(),
    target: DeployRequest.shape.target,
    environment: DeployRequest.shape.environment,
    alias: DeployRequest.shape.alias,
    ...DeploymentConfig.partial().shape,
  })
  .refine(({ model, model_path: path }) => (model === undefined) !== (path === undefined), { error: 'needs one of model and model_path', path: ['model'] });

const given = (deployment: DeploymentDetails): Given => ({ value: { id: deployment.deployment, ...deployment }, revision: deployment.revision });
const Shown = DeploymentDetails.extend({ id: z.string() });
const location = ({ deployment }: DeploymentDetails) => ({ location: `/v1/deployment/status/${encodeURIComponent(deployment)}` });

export const deploymentRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/deployment/deploy',
    part,
    ...asCall('deployments.start'),
    body: Deploy,
    status: 202,
    answer: Shown,
    handle: async ({ body, call }) => {
      const { model, model_path: path, target, environment, alias, ...config } = body;
      const started = await call('deployments.start', { model: model ?? path ?? '', target, environment, alias, config });
      return { ...given(started), headers: location(started) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/deployment/status/{id}',
    part,
    ...asCall('deployments.get'),
    params: ById,
    status: 200,
    answer: Shown,
    handle: async ({ params, call }) => given(await call('deployments.get', { deployment: params.id })),
  }),
  route({
    method: 'POST',
    path: '/v1/deployment/rollback/{id}',
    part,
    ...asCall('deployments.rollback'),
    params: ById,
    body: z.strictObject({ reason: z.string().trim().min(1).max(2_000).default('asked for over HTTP') }),
    status: 202,
    answer: Shown,
    handle: async ({ params, body, call }) => {
      const deployment = await call('deployments.rollback', { deployment: params.id, reason: body.reason });
      return { ...given(deployment), headers: location(deployment) };
    },
    isConditional: true,
  }),
];
