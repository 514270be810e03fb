/** One act of putting a version behind an alias on a target: its states, its steps, and what served when. */
import { z } from 'zod';
import { WireError } from '../errors/wire-error.ts';
import { Actor } from './actor.ts';
import { DeploymentConfig, Strategy } from './deployment-config.ts';
import { DeploymentEnvironment } from './target.ts';

const text = z.string();
const moment = z.iso.datetime();

export const deploymentStates = ['running', 'waiting', 'rolling_back', 'done', 'rolled_back', 'refused', 'failed', 'abandoned'] as const;
/**
 * `waiting`: for a word, its `question` says which · `refused`: nothing was touched · `failed`: it could not be brought back by itself,
 * its error says how things stand · `abandoned`: a user ended it where it stood.
 */
export const DeploymentState = z.enum(deploymentStates);
export type DeploymentState = z.infer<typeof DeploymentState>;

export const deploymentIsActive = (state: DeploymentState): boolean => state === 'running' || state === 'waiting' || state === 'rolling_back';

export const stepKinds = [
  'check_target',
  'check_gate',
  'deliver',
  /** The version before leaves the memory, where there may be one alone. */
  'unload',
  'load',
  'validate',
  'switch',
  'shift',
  'watch',
  'retire',
  /** The version before comes back into memory. */
  'reload',
  'switch_back',
  'withdraw',
] as const;
export const StepKind = z.enum(stepKinds);
export type StepKind = z.infer<typeof StepKind>;

export const StepState = z.enum(['waiting', 'running', 'done', 'failed', 'skipped']);
export type StepState = z.infer<typeof StepState>;

export const DeploymentStep = z.object({
  position: z.int().min(0),
  kind: StepKind,
  /** Which of the target's servers; null: all, or none of them. */
  server: z.string().nullable(),
  /** What it does, for people. */
  words: text,
  /** The calls that it makes, as `POST /models/apply`. */
  calls: z.array(text),
  /** Percent of the traffic that the new version has after it; null: it moves none. */
  traffic: z.number().min(0).max(100).nullable(),
  state: StepState,
  started: moment.nullable(),
  ended: moment.nullable(),
  /** What it found, by name. */
  evidence: z.record(z.string(), z.json()),
  problem: text.nullable(),
});
export type DeploymentStep = z.infer<typeof DeploymentStep>;

export const Deployment = z.object({
  deployment: text,
  name: text,
  version: text,
  target: text,
  environment: DeploymentEnvironment,
  /** The public name. */
  alias: text,
  /** What this version is called on the servers. */
  served_as: text,
  strategy: Strategy,
  state: DeploymentState,
  /** Percent of the alias' traffic that the new version has. */
  traffic: z.number().min(0).max(100),
  /** What is asked, while it waits. */
  question: text.nullable(),
  created: moment,
  ended: moment.nullable(),
  actor: Actor,
  /** Who served the alias before, by server: what a rollback goes back to. null: nobody. */
  previous: z.record(z.string(), z.string().nullable()),
  error: WireError.omit({ stack: true }).nullable(),
  revision: z.int().min(1),
});
export type Deployment = z.infer<typeof Deployment>;

export const DeploymentDetails = Deployment.extend({ config: DeploymentConfig, steps: z.array(DeploymentStep) });
export type DeploymentDetails = z.infer<typeof DeploymentDetails>;

/** A request that was made to look how a side does. */
export const DeploymentSample = z.object({
  at: moment,
  server: text,
  side: z.enum(['new', 'previous']),
  ok: z.boolean(),
  /** Until the first text, and until the end. */
  first_ms: z.number().min(0).nullable(),
  total_ms: z.number().min(0),
  problem: text.nullable(),
});
export type DeploymentSample = z.infer<typeof DeploymentSample>;

/** What answered under an alias, from when to when; only added to. */
export const Serving = z.object({
  target: text,
  server: text,
  alias: text,
  name: text.nullable(),
  version: text.nullable(),
  served_as: text,
  /** Percent of the traffic. */
  share: z.number().min(0).max(100),
  from: moment,
  /** null: still. */
  to: moment.nullable(),
  deployment: text.nullable(),
  strategy: Strategy.nullable(),
  actor: Actor.nullable(),
  reason: text,
});
export type Serving = z.infer<typeof Serving>;

/** How what a target has differs from what was left there. */
export const DriftFinding = z.object({
  target: text,
  server: text,
  what: z.enum(['alias_moved', 'alias_gone', 'alias_unknown', 'config_changed', 'config_gone', 'not_loaded', 'unreachable']),
  subject: text,
  expected: text.nullable(),
  found: text.nullable(),
  words: text,
  at: moment,
});
export type DriftFinding = z.infer<typeof DriftFinding>;
