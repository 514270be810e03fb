/** Works out what a deployment would do: what is asked, what is there, which steps that makes, and what stands in the way. Changes nothing. */
import { randomBytes } from 'node:crypto';
import type { DeployRequest, DeploymentPlan } from '../../../shared/contracts/deployment-calls.ts';
import { deploymentDefaults, type DeploymentConfig } from '../../../shared/domain/deployment-config.ts';
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import type { Target } from '../../../shared/domain/target.ts';
import type { TrafficSplit } from '../../../shared/domain/traffic-split.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import type { PlannedStep, RolloutPlan } from '../../store/rollout-plan.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import type { Shelves } from '../shelves.ts';
import type { AnswersNow } from './deployment-book.ts';
import type { DeploymentGate } from './deployment-gate.ts';
import { planRollout } from './strategies/plan-rollout.ts';
import type { Rollout, Situation } from './strategies/situation.ts';
import type { OpenTarget } from './steps/step-act.ts';
import type { ServerState } from './target-driver.ts';
import { planOfVersion, type VersionPlan } from './version-source.ts';

export interface PlanParts {
  readonly store: Store;
  readonly shelves: Shelves;
  readonly gate: DeploymentGate;
  readonly open: (target: Target) => Promise<OpenTarget>;
  readonly now: () => Date;
}

export interface Planned {
  readonly shown: DeploymentPlan;
  readonly deployment: string;
  /** What stands in the way; the first is what is thrown. */
  readonly refusals: readonly AppError[];
  readonly rollout: RolloutPlan;
  readonly steps: readonly DeploymentStep[];
  /** What answers the alias and is in no history yet. */
  readonly found: readonly AnswersNow[];
}

/** How long a plan waits for a server. */
const patienceMs = 20_000;

/** Throws DEPLOY_TARGET_UNKNOWN, DEPLOY_TARGET_UNCLEAR. */
export function targetOf({ target, environment }: Pick<DeployRequest, 'target' | 'environment'>, store: Store): Target {
  if (target !== null) {
    const found = store.targets.get(target).target;
    if (environment !== null && found.environment !== environment)
      throw new AppError('DEPLOY_TARGET_UNCLEAR', { problem: `${target} is of the environment ${found.environment}, not ${environment}` });
    return found;
  }
  const fitting = store.targets.list().flatMap((each) => (environment === null || each.target.environment === environment ? [each.target] : []));
  const [only] = fitting;
  const where = environment === null ? 'in all' : `in ${environment}`;
  if (only === undefined) throw new AppError('DEPLOY_TARGET_UNCLEAR', { problem: `there is none ${where}` });
  if (fitting.length > 1) throw new AppError('DEPLOY_TARGET_UNCLEAR', { problem: `there are ${fitting.map(({ name }) => name).join(', ')} ${where}` });
  return only;
}

export async function makePlan(request: DeployRequest, version: StoredVersion, parts: PlanParts): Promise<Planned> {
  const target = targetOf(request, parts.store);
  const config: DeploymentConfig = { ...deploymentDefaults, ...defined(request.config) };
  const alias = request.alias ?? version.name;
  const id = randomBytes(4).toString('hex');
  const deployment = `dep-${stamp(parts.now())}-${id}`;
  const servedAs = `${version.name}-${version.version}-${id}`;
  const refusals: AppError[] = [];
  const attempt = async <Result>(act: () => Promise<Result> | Result): Promise<Result | null> => {
    try {
      return await act();
    } catch (error) {
      refusals.push(toAppError(error));
      return null;
    }
  };
  const judged = await attempt(() => parts.gate.judge({ name: version.name, version: version.version, target: target.name, config }));
  const source = await attempt(() => planOfVersion(version, { shelves: parts.shelves, target: target.name }));
  const opened = await attempt(() => parts.open(target));
  const there = opened === null ? null : await attempt(() => lookThere(opened, alias));
  const situation = there === null || opened === null ? null : situationOf({ target, config, alias, servedAs, opened, there, store: parts.store });
  const rollout = situation === null ? null : await attempt(() => planRollout(situation));
  const busy = parts.store.deployments.active().find((each) => each.target === target.name && each.alias === alias);
  if (busy !== undefined) refusals.push(new AppError('DEPLOYMENT_BUSY', { deployment: busy.deployment, alias, target: target.name }));
  const steps = (rollout?.steps ?? []).map(asStep);
  const notes = [...(judged?.question == null ? [] : [judged.question]), ...(rollout?.notes ?? [])];
  const { name, environment } = target;
  const previous = { ...(situation?.previous ?? {}) };
  return {
    deployment,
    refusals,
    steps,
    rollout: rolloutPlan(source, { rollout, there, alias, label: `${version.name}@${version.version}`, base: version.record.base_model.name }),
    found: there === null ? [] : await found({ there, opened, alias, store: parts.store, target: name }),
    shown: {
      ...{ name: version.name, version: version.version, target: name, environment, alias, served_as: servedAs, config, steps, previous, notes },
      refusals: refusals.map(({ message, remedy }) => `${message}. ${remedy}`),
    },
  };
}

interface There {
  readonly states: ReadonlyMap<string, ServerState>;
  readonly split: TrafficSplit | null;
}

async function lookThere({ drivers, splitter }: OpenTarget, alias: string): Promise<There> {
  const signal = AbortSignal.timeout(patienceMs);
  const states = await Promise.all([...drivers].map(async ([server, driver]) => [server, await driver.state({ signal })] as const));
  const split = splitter === null ? null : await splitter.find(alias, { signal });
  return { states: new Map(states), split: split?.split ?? null };
}

interface Seen {
  readonly target: Target;
  readonly config: DeploymentConfig;
  readonly alias: string;
  readonly servedAs: string;
  readonly opened: OpenTarget;
  readonly there: There;
  readonly store: Store;
}

function situationOf({ target, config, alias, servedAs, opened, there, store }: Seen): Situation {
  const servers = [...opened.drivers.keys()];
  const own = new Set(store.deployments.of(target.name, alias).map((each) => each.served_as));
  const answering = (server: string): string | null => there.states.get(server)?.aliases.get(alias) ?? null;
  const isSplit = there.split !== null;
  const inUse = new Set([...servers.map(answering), there.split?.new, there.split?.previous]);
  const idle = (server: string): readonly string[] => (there.states.get(server)?.loaded ?? []).filter((model) => own.has(model) && !inUse.has(model));
  const [driver] = opened.drivers.values();
  return {
    ...{ target: target.name, alias, servedAs, servers, config, isSplit, hasProxy: opened.splitter !== null },
    previous: Object.fromEntries(servers.map((server) => [server, answering(server)])),
    idle: Object.fromEntries(servers.map((server) => [server, idle(server)])),
    minAvailable: target.kind === 'localai' ? target.min_available : 0,
    callsOf: (act) => driver?.callsOf(act) ?? [],
  };
}

interface Made {
  readonly rollout: Rollout | null;
  readonly there: There | null;
  readonly alias: string;
  readonly label: string;
  readonly base: string;
}

function rolloutPlan(source: VersionPlan | null, { rollout, there, alias, label, base }: Made): RolloutPlan {
  const nothing: VersionPlan = { label, adapter: null, base: { name: base, path: null, file: null, bytes: null, sha256: null } };
  const loaded = [...(there?.states ?? [])].flatMap(([server, { loaded: models, aliases }]) => (models.includes(aliases.get(alias) ?? '') ? [server] : []));
  return { ...(source ?? nothing), mover: rollout?.mover ?? 'alias', split: there?.split ?? null, loaded, back: [...(rollout?.back ?? [])] };
}

interface Finding {
  readonly there: There;
  readonly opened: OpenTarget | null;
  readonly alias: string;
  readonly target: string;
  readonly store: Store;
}

/** Where the history knows nothing of who answers, what the server itself says of it. */
async function found({ there, opened, alias, target, store }: Finding): Promise<readonly AnswersNow[]> {
  const signal = AbortSignal.timeout(patienceMs);
  const known = new Set(store.servings.open(target, alias).map(({ server, served_as }) => `${server} ${served_as}`));
  const answers: AnswersNow[] = [];
  for (const [server, { aliases }] of there.states) {
    const model = aliases.get(alias);
    if (model === undefined || there.split !== null || known.has(`${server} ${model}`)) continue;
    const last = store.servings.lastOf(target, model);
    const label =
      last === null
        ? ((
            await opened?.drivers
              .get(server)
              ?.installed(model, { signal })
              .catch(() => null)
          )?.label ?? null)
        : null;
    const [name = null, version = null] = last === null ? (label?.split('@') ?? []) : [last.name, last.version];
    answers.push({
      server,
      alias,
      by: [{ name, version, served_as: model, share: 100, deployment: last?.deployment ?? null, strategy: last?.strategy ?? null }],
    });
  }
  return answers;
}

export const asStep = (step: PlannedStep, position: number): DeploymentStep => ({
  ...step,
  ...{ position, state: 'waiting', started: null, ended: null, evidence: {}, problem: null },
});

const stamp = (now: Date): string => {
  const digits = now.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}`;
};

const defined = <T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
