/** How what a target has differs from what was left there. Shown, never put right: whoever changed it had a reason. */
import type { DriftFinding, Serving } from '../../../shared/domain/deployment.ts';
import type { Target } from '../../../shared/domain/target.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import type { Store } from '../../store/store.ts';
import type { OpenTarget } from './steps/step-act.ts';
import type { ServerState, TargetDriver } from './target-driver.ts';

export interface DriftParts {
  readonly store: Store;
  readonly now: () => Date;
}

const patienceMs = 20_000;

export async function findDrift({ name: target }: Target, opened: OpenTarget, { store, now }: DriftParts): Promise<readonly DriftFinding[]> {
  const at = now().toISOString();
  const busy = new Set(store.deployments.active().flatMap((each) => (each.target === target ? [each.alias] : [])));
  const open = store.servings.open(target).filter(({ alias }) => !busy.has(alias));
  const all = await Promise.all(
    [...opened.drivers.values()].map(async (driver) => {
      const own = open.filter(({ server }) => server === driver.server);
      const found = await onServer(driver, own, store);
      return found.map((finding) => ({ target, server: driver.server, at, ...finding }));
    }),
  );
  return all.flat();
}

type Finding = Omit<DriftFinding, 'target' | 'server' | 'at'>;

async function onServer(driver: TargetDriver, open: readonly Serving[], store: Store): Promise<readonly Finding[]> {
  const signal = AbortSignal.timeout(patienceMs);
  let state: ServerState;
  try {
    state = await driver.state({ signal });
  } catch (error) {
    const { message } = toAppError(error);
    return [{ what: 'unreachable', subject: driver.server, expected: null, found: null, words: `${message}, so that nothing is known of it.` }];
  }
  const shared = new Set(open.filter(({ share }) => share < 100).map(({ alias }) => alias));
  const findings = open.flatMap((serving) => [...aliasDrift(serving, state, shared.has(serving.alias)), ...modelDrift(serving, state)]);
  const changed = await Promise.all(
    open.filter(({ served_as }) => state.models.includes(served_as)).map((serving) => configDrift(driver, { serving, store, signal })),
  );
  return [...findings, ...changed.flat(), ...unknownAliases(open, { state, store })];
}

/** Under a split the proxy names both models, and the alias stays with the one before. */
function aliasDrift({ alias, served_as }: Serving, { aliases }: ServerState, isShared: boolean): readonly Finding[] {
  const found = aliases.get(alias) ?? null;
  if (isShared || found === served_as) return [];
  if (found === null) return [{ what: 'alias_gone', subject: alias, expected: served_as, found, words: `${alias} was taken away; it led to ${served_as}.` }];
  return [{ what: 'alias_moved', subject: alias, expected: served_as, found, words: `${alias} was led to ${found}; ${served_as} was left there.` }];
}

function modelDrift({ served_as, alias }: Serving, { models, loaded }: ServerState): readonly Finding[] {
  const of = { subject: served_as, expected: served_as, found: null };
  if (!models.includes(served_as)) return [{ ...of, what: 'config_gone', words: `${served_as}, which answered ${alias}, is no longer installed.` }];
  if (!loaded.includes(served_as)) return [{ ...of, what: 'not_loaded', words: `${served_as} is not in memory: the next request for ${alias} waits for it.` }];
  return [];
}

interface Config {
  readonly serving: Serving;
  readonly store: Store;
  readonly signal: AbortSignal;
}

async function configDrift(driver: TargetDriver, { serving, store, signal }: Config): Promise<readonly Finding[]> {
  const { served_as: subject, deployment } = serving;
  if (deployment === null || store.deployments.find(deployment)?.served_as !== subject) return [];
  const step = store.deployments.steps(deployment).find(({ kind, server }) => kind === 'deliver' && server === driver.server);
  const expected = step?.evidence['fingerprint'];
  if (typeof expected !== 'string') return [];
  const found = await driver.installed(subject, { signal }).catch(() => null);
  if (found === null || found.fingerprint === expected) return [];
  return [{ what: 'config_changed', subject, expected, found: found.fingerprint, words: `The settings of ${subject} are not those that were written there.` }];
}

/** Of versions that were brought from here; what else a server serves is its own affair. */
function unknownAliases(open: readonly Serving[], { state, store }: { readonly state: ServerState; readonly store: Store }): readonly Finding[] {
  const known = new Set(open.map(({ alias }) => alias));
  return [...state.aliases].flatMap(([alias, found]): readonly Finding[] => {
    if (known.has(alias) || !store.deployments.isOwn(found)) return [];
    return [
      {
        what: 'alias_unknown',
        subject: alias,
        expected: null,
        found,
        words: `${alias} leads to ${found}, which Lathe brought there; it was not led there from here.`,
      },
    ];
  });
}
