/** Which steps give a version its share of the traffic, by what a target has for it: a proxy, several servers, or an alias for a cohort. */
import type { Mover, PlannedStep } from '../../../store/rollout-plan.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { PlanSteps } from './plan-steps.ts';
import { canaryAlias, type Situation } from './situation.ts';

export interface Moves {
  readonly mover: Mover;
  readonly steps: readonly PlannedStep[];
  readonly notes: readonly string[];
}

/** Percent that so many of the servers make. */
export const partOf = (count: number, servers: number): number => Math.round((1000 * count) / servers) / 10;

/** How many servers may have it so that it never has more than this share. */
export const serversFor = (share: number, servers: number): number => Math.floor((share * servers) / 100 + 1e-9);

/** `shares` rise; each is watched. */
export function trafficMoves(situation: Situation, steps: PlanSteps, shares: readonly number[]): Moves {
  const { servers, previous, hasProxy, isSplit } = situation;
  const answering = new Set(servers.map((server) => previous[server] ?? null));
  const isFirst = [...answering].every((each) => each === null);
  const last = shares.at(-1) ?? 0;
  if (last === 0) return { mover: 'alias', steps: [], notes: ['traffic_shift is 0: the version is installed, loaded and validated, and nobody is led to it.'] };
  if (isFirst && last === 100) {
    const notes = shares.length > 1 ? [`Nobody answers ${situation.alias} yet, so that there is nothing to share with: it gets all of it at once.`] : [];
    return { mover: 'alias', steps: [...allAtOnce(servers, steps), steps.watch()], notes };
  }
  if (isFirst) throw cannot(situation, `nobody answers ${situation.alias} yet, so that ${last} % of it cannot be shared out`);
  if (isSplit || (hasProxy && (shares.length > 1 || last < 100))) return byProxy(situation, steps, { shares, answering });
  if (shares.length === 1 && last === 100) return { mover: 'alias', steps: [...allAtOnce(servers, steps), steps.watch()], notes: [] };
  return servers.length > 1 ? byServers(situation, steps, shares) : byCohort(situation, steps, last);
}

export const cannot = ({ config, target }: Situation, problem: string): AppError =>
  new AppError('STRATEGY_CANNOT', { strategy: config.strategy, target, problem });

/** Aliases of all servers, one after another. */
export const allAtOnce = (servers: readonly string[], steps: PlanSteps): readonly PlannedStep[] =>
  servers.map((server, i) => steps.switchTo(server, partOf(i + 1, servers.length)));

interface Shares {
  readonly shares: readonly number[];
  readonly answering: ReadonlySet<string | null>;
}

function byProxy(situation: Situation, steps: PlanSteps, { shares, answering }: Shares): Moves {
  if (answering.size > 1) throw cannot(situation, `its servers answer ${situation.alias} with different versions; bring them to one by blue_green first`);
  const moves = shares.flatMap((share) => {
    // The split names both versions, so that the aliases may move under it before it is taken away.
    const aliases = share === 100 ? situation.servers.map((server) => steps.switchTo(server, null)) : [];
    return [...aliases, steps.share(share), steps.watch()];
  });
  const notes = situation.isSplit ? [`${situation.alias} is shared between two versions now; the newer of them gets nothing from the first step on.`] : [];
  return { mover: 'proxy', steps: moves, notes };
}

function byServers(situation: Situation, steps: PlanSteps, shares: readonly number[]): Moves {
  const { servers } = situation;
  const moves: PlannedStep[] = [];
  let done = 0;
  for (const share of shares) {
    const upTo = serversFor(share, servers.length);
    if (upTo === done) continue;
    for (; done < upTo; done += 1) moves.push(steps.switchTo(servers[done] ?? '', partOf(done + 1, servers.length)));
    moves.push(steps.watch());
  }
  if (done === 0)
    throw cannot(
      situation,
      `one of ${servers.length} servers is ${partOf(1, servers.length)} %, more than ${shares.at(-1) ?? 0} %; \`lathe proxy\` gives any share`,
    );
  const words = `Without \`lathe proxy\` the shares are whole servers of ${servers.length}, never more than asked for.`;
  return { mover: 'servers', steps: moves, notes: [words] };
}

function byCohort(situation: Situation, steps: PlanSteps, last: number): Moves {
  const { servers, alias } = situation;
  const own = canaryAlias(alias);
  const trial = [steps.cohort(0), steps.watch()];
  const notes = [`Without \`lathe proxy\` one server gives no shares: those who shall try it ask for ${own}.`];
  if (last < 100) return { mover: 'cohort', steps: trial, notes: [...notes, `${alias} itself stays where it is.`] };
  return { mover: 'cohort', steps: [...trial, ...allAtOnce(servers, steps), steps.watch(), steps.cohort(100)], notes };
}
