/** Calls about targets and deployments. */
import { z } from 'zod';
import { Deployment, DeploymentDetails, DeploymentSample, DeploymentState, DeploymentStep, DriftFinding, Serving } from '../domain/deployment.ts';
import { DeploymentConfig } from '../domain/deployment-config.ts';
import { DeploymentEnvironment, ServerReport, Target } from '../domain/target.ts';
import { call } from './call.ts';

const reference = z.string().min(1).max(200);
const byTarget = z.strictObject({ target: reference });
const byDeployment = z.strictObject({ deployment: reference });
const Reason = z.string().trim().min(1).max(2_000);

/** A target, and what was last found there. */
export const KnownTarget = z.object({
  target: Target,
  reports: z.array(ServerReport),
  drift: z.array(DriftFinding),
  /** The deployments that are going on there. */
  active: z.array(z.string()),
  revision: z.int().min(1),
});
export type KnownTarget = z.infer<typeof KnownTarget>;

export const DeployRequest = z.strictObject({
  /** A version of the registry: `name@1.2.0`, `name@tag`; or, by an admin, an adapter folder, which becomes a draft version first. */
  model: z.string().min(1).max(2_000),
  /** One of both: the only target of an environment needs no name. */
  target: reference.nullable().default(null),
  environment: DeploymentEnvironment.nullable().default(null),
  /** The public name; null: the model's name. */
  alias: z
    .string()
    .max(64)
    .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, { error: 'must be lower-case letters, digits, dots, dashes and underscores' })
    .nullable()
    .default(null),
  config: DeploymentConfig.partial().default({}),
});
export type DeployRequest = z.output<typeof DeployRequest>;

export const DeploymentPlan = z.object({
  name: z.string(),
  version: z.string(),
  target: z.string(),
  environment: DeploymentEnvironment,
  alias: z.string(),
  served_as: z.string(),
  config: DeploymentConfig,
  steps: z.array(DeploymentStep),
  /** What the alias answers with now, by server. */
  previous: z.record(z.string(), z.string().nullable()),
  /** Why it would be refused; empty: it would start. */
  refusals: z.array(z.string()),
  /** What is worth knowing. */
  notes: z.array(z.string()),
});
export type DeploymentPlan = z.infer<typeof DeploymentPlan>;

export const targetCalls = {
  'targets.list': call({
    does: 'the targets, with what was last found there',
    role: 'viewer',
    input: z.strictObject({}),
    output: z.object({ targets: z.array(KnownTarget) }),
  }),
  'targets.save': call({ does: 'make or change a target', role: 'admin', input: z.strictObject({ target: Target }), output: KnownTarget }),
  'targets.remove': call({ does: 'forget a target where nothing is going on; what it serves goes on', role: 'admin', input: byTarget, output: z.null() }),
  'targets.check': call({
    does: 'ask the servers of a target what they are and allow, and compare with what was left there; changes nothing',
    role: 'deployer',
    input: byTarget,
    output: KnownTarget,
  }),
} as const;
export type TargetCallName = keyof typeof targetCalls;

export const deploymentCalls = {
  'deployments.plan': call({
    does: 'what a deployment would do, call by call; changes nothing',
    role: 'deployer',
    input: DeployRequest,
    output: DeploymentPlan,
  }),
  'deployments.start': call({ does: 'deploy a version', role: 'deployer', input: DeployRequest, output: DeploymentDetails }),
  'deployments.list': call({
    does: 'deployments, newest first',
    role: 'viewer',
    input: z.strictObject({
      target: reference.nullable().default(null),
      alias: z.string().max(200).nullable().default(null),
      name: z.string().max(200).nullable().default(null),
      state: z.array(DeploymentState).nullable().default(null),
      limit: z.int().min(1).max(1_000).default(100),
      after: z.string().max(200).nullable().default(null),
    }),
    output: z.object({ deployments: z.array(Deployment), next: z.string().nullable() }),
  }),
  'deployments.get': call({ does: 'one deployment with its steps', role: 'viewer', input: byDeployment, output: DeploymentDetails }),
  'deployments.samples': call({
    does: 'how the sides did on the requests that were made to look',
    role: 'viewer',
    input: z.strictObject({ deployment: reference, limit: z.int().min(1).max(10_000).default(2_000) }),
    output: z.object({ samples: z.array(DeploymentSample) }),
  }),
  'deployments.confirm': call({ does: 'let a deployment that waits go on', role: 'deployer', input: byDeployment, output: DeploymentDetails }),
  'deployments.pause': call({ does: 'hold a deployment before its next step', role: 'deployer', input: byDeployment, output: DeploymentDetails }),
  'deployments.rollback': call({
    does: 'take a deployment back: one that goes on, or one that is done; the version before answers again',
    role: 'deployer',
    input: byDeployment.extend({ reason: Reason }),
    output: DeploymentDetails,
  }),
  'deployments.abandon': call({
    does: 'end a deployment where it stands, for a server that is gone for good',
    role: 'admin',
    input: byDeployment.extend({ reason: Reason }),
    output: DeploymentDetails,
  }),
  'deployments.history': call({
    does: 'what answered under an alias, and when',
    role: 'viewer',
    input: z.strictObject({
      target: reference.nullable().default(null),
      alias: z.string().max(200).nullable().default(null),
      /** What answered then. */
      at: z.iso.datetime().nullable().default(null),
      limit: z.int().min(1).max(1_000).default(200),
    }),
    output: z.object({ servings: z.array(Serving) }),
  }),
} as const;
export type DeploymentCallName = keyof typeof deploymentCalls;

export const deploymentEvents = {
  'target.changed': KnownTarget,
  'target.removed': z.object({ target: z.string() }),
  'deployment.changed': Deployment,
  'deployment.stepped': z.object({ deployment: z.string(), step: DeploymentStep }),
  'deployment.sampled': z.object({ deployment: z.string(), samples: z.array(DeploymentSample) }),
} as const;
