/** Takes over what a server has from a Lathe that is no more: versions that it installed there become known, so that they can be taken back. */
import { deploymentDefaults } from '../../../shared/domain/deployment-config.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { Target } from '../../../shared/domain/target.ts';
import { parseVersionText } from '../../../shared/domain/version.ts';
import type { NewDeployment } from '../../store/deployment-rows.ts';
import type { RolloutPlan } from '../../store/rollout-plan.ts';
import type { Store } from '../../store/store.ts';
import type { AnswersNow, DeploymentBook } from './deployment-book.ts';
import { planRollout } from './strategies/plan-rollout.ts';
import type { OpenTarget } from './steps/step-act.ts';
import type { Installed, ServerState, TargetDriver } from './target-driver.ts';

export interface AdoptionParts {
  readonly store: Store;
  readonly book: DeploymentBook;
}

const patienceMs = 20_000;

interface Origin {
  readonly servedAs: string;
  readonly name: string;
  readonly version: string;
  /** Ids of deployments go by time. */
  readonly deployment: string;
}

interface FoundServer {
  readonly driver: TargetDriver;
  readonly state: ServerState;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** An alias that leads to a version of ours on a server of which the history knows nothing. */
export async function adopt(target: Target, opened: OpenTarget, { store, book, actor }: AdoptionParts & { readonly actor: Actor }): Promise<void> {
  const known = new Set(store.servings.open(target.name).map(({ server, alias }) => `${server} ${alias}`));
  const busy = new Set(store.deployments.active().flatMap((each) => (each.target === target.name ? [each.alias] : [])));
  const servers = await Promise.all([...opened.drivers.values()].map(lookAt));
  const aliases = new Set(
    servers.flatMap(({ state, driver }) => [...state.aliases.keys()].filter((alias) => !known.has(`${driver.server} ${alias}`) && !busy.has(alias))),
  );
  for (const alias of aliases) adoptAlias({ target, alias, servers }, { store, book, actor });
}

async function lookAt(driver: TargetDriver): Promise<FoundServer> {
  const signal = AbortSignal.timeout(patienceMs);
  const state = await driver.state({ signal });
  const origins = new Map<string, Origin>();
  for (const model of state.models) {
    const origin = originOf(model, await driver.installed(model, { signal }).catch(() => null));
    if (origin !== null) origins.set(model, origin);
  }
  return { driver, state, origins };
}

function originOf(servedAs: string, installed: Installed | null): Origin | null {
  const { label = null, correlation = null } = installed ?? {};
  if (label === null || correlation === null || !label.includes('@')) return null;
  return { servedAs, ...parseVersionText(label), deployment: correlation };
}

interface Place {
  readonly target: Target;
  readonly alias: string;
  readonly servers: readonly FoundServer[];
}

function adoptAlias({ target, alias, servers }: Place, { store, book, actor }: AdoptionParts & { readonly actor: Actor }): void {
  const answering = servers.flatMap(({ state, origins }) => {
    const origin = origins.get(state.aliases.get(alias) ?? '');
    return origin === undefined ? [] : [origin];
  });
  const [newest] = answering.toSorted((a, b) => (a.deployment < b.deployment ? 1 : -1));
  if (newest === undefined || store.deployments.find(newest.deployment) !== null) return;
  const { name, version, servedAs, deployment } = newest;
  const previous = Object.fromEntries(servers.map((each) => [each.driver.server, beforeOn(each, newest, alias)]));
  const { environment } = target;
  const at = book.time();
  const [first] = servers;
  const config = deploymentDefaults;
  const { back } = planRollout({
    ...{ target: target.name, alias, servedAs, config, previous, hasProxy: false, isSplit: false, minAvailable: 0, idle: {} },
    servers: servers.map(({ driver }) => driver.server),
    callsOf: (act) => first?.driver.callsOf(act) ?? [],
  });
  const base = { name: 'unknown', path: null, file: null, bytes: null, sha256: null };
  const loaded = servers.map(({ driver }) => driver.server);
  const plan: RolloutPlan = { label: `${name}@${version}`, adapter: null, base, mover: 'alias', split: null, loaded, back: [...back] };
  const adopted: NewDeployment = {
    ...{ deployment, name, version, target: target.name, environment, alias, served_as: servedAs, config, plan, previous, created: at, seen: at, ended: at },
    ...{ strategy: config.strategy, state: 'done', traffic: 100, question: null, actor, error: null },
  };
  const answers = servers.flatMap((each) => answerOn(each, alias));
  book.add(adopted, { steps: [], answers, asked: { actor, action: 'deployments.adopt' } });
}

/** The newest of ours for the same model that came before it; where another version answers the alias there, that one. */
function beforeOn({ state, origins }: FoundServer, newest: Origin, alias: string): string | null {
  const now = state.aliases.get(alias) ?? null;
  if (now !== newest.servedAs) return now;
  const earlier = [...origins.values()].filter(({ name, deployment }) => name === newest.name && deployment < newest.deployment);
  return earlier.toSorted((a, b) => (a.deployment < b.deployment ? 1 : -1))[0]?.servedAs ?? null;
}

function answerOn({ driver, state, origins }: FoundServer, alias: string): readonly AnswersNow[] {
  const model = state.aliases.get(alias);
  if (model === undefined) return [];
  const { name = null, version = null, deployment = null } = origins.get(model) ?? {};
  return [{ server: driver.server, alias, by: [{ name, version, served_as: model, share: 100, deployment, strategy: null }] }];
}
