/** What a strategy does with a target, as a list of steps, and the list that brings back what was there. Pure. */
import type { Strategy } from '../../../../shared/domain/deployment-config.ts';
import type { PlannedStep } from '../../../store/rollout-plan.ts';
import { PlanSteps } from './plan-steps.ts';
import type { Rollout, Situation } from './situation.ts';
import { allAtOnce, cannot, partOf, serversFor, trafficMoves, type Moves } from './traffic-moves.ts';

type Forward = Moves & {
  /** The old one leaves the memory before the new one is loaded, and comes back only when that has left. */
  readonly isAlone: boolean;
  /** Servers that have the new version in the end. */
  readonly taken: readonly string[];
};

/** Throws STRATEGY_CANNOT. */
export function planRollout(situation: Situation): Rollout {
  const steps = new PlanSteps(situation);
  const { mover, steps: moves, notes, isAlone, taken } = strategies[situation.config.strategy](situation, steps);
  const isWhole = taken.length === situation.servers.length && situation.config.traffic_shift === 100;
  const retired = isWhole ? situation.servers.flatMap((server) => steps.retire(server)) : [];
  const unseen = situation.config.validation_enabled ? [] : ['validation_enabled is false: it is deployed unseen.'];
  return {
    mover,
    steps: [...steps.checks(), ...moves, ...retired],
    back: backOf(situation, steps, { mover, isAlone, taken }),
    notes: [...unseen, ...notes],
  };
}

const strategies: { readonly [S in Strategy]: (situation: Situation, steps: PlanSteps) => Forward } = {
  blue_green: (situation, steps) => beside(situation, steps, [situation.config.traffic_shift]),
  canary: (situation, steps) => beside(situation, steps, ladder(situation)),
  rolling,
  recreate,
};

/** Up to `traffic_shift`, which is the last one. */
function ladder({ config }: Situation): readonly number[] {
  const below = [...new Set(config.canary_steps)].sort((a, b) => a - b).filter((share) => share < config.traffic_shift);
  return [...below, config.traffic_shift];
}

/** The new version stands on every server before the first request goes there. */
function beside(situation: Situation, steps: PlanSteps, shares: readonly number[]): Forward {
  const { servers, previous, config } = situation;
  if (config.max_instances < 2 && servers.some((server) => (previous[server] ?? null) !== null))
    throw cannot(situation, 'max_instances 1 leaves no room beside the version before; recreate takes that one out first, with a gap');
  if (config.max_instances < 3 && situation.isSplit)
    throw cannot(situation, `two versions answer ${situation.alias} now, and a third needs max_instances 3; or take that split back first`);
  const moves = trafficMoves(situation, steps, shares);
  const prepared = [
    ...servers.flatMap((server) => steps.makeRoom(server)),
    ...servers.map((server) => steps.deliver(server)),
    ...servers.map((server) => steps.load(server)),
    ...servers.flatMap((server) => steps.validate(server)),
  ];
  return { ...moves, steps: [...prepared, ...moves.steps], isAlone: false, taken: servers };
}

/** Server by server, each whole before the next is touched. */
function rolling(situation: Situation, steps: PlanSteps): Forward {
  const { servers, config, minAvailable, isSplit, previous } = situation;
  if (isSplit) throw cannot(situation, `a split of ${situation.alias} stands at the proxy; take it back first`);
  const taken = servers.slice(0, serversFor(config.traffic_shift, servers.length));
  if (taken.length === 0) throw cannot(situation, `one of ${servers.length} servers is more than ${config.traffic_shift} %`);
  const isAlone = config.max_instances < 2 && servers.some((server) => (previous[server] ?? null) !== null);
  const answering = servers.length - (isAlone ? 1 : 0);
  if (answering < minAvailable)
    throw cannot(situation, `with max_instances 1 a server is away while it changes: ${answering} would answer, and min_available is ${minAvailable}`);
  const moves = taken.flatMap((server, i) => [
    ...steps.makeRoom(server),
    steps.deliver(server),
    ...(isAlone && (previous[server] ?? null) !== null ? [steps.unload(server)] : []),
    steps.load(server),
    ...steps.validate(server),
    steps.switchTo(server, partOf(i + 1, servers.length)),
    steps.watch(),
  ]);
  const notes = isAlone ? ['max_instances is 1: each server is away for as long as the new version takes to load.'] : [];
  return { mover: servers.length > 1 ? 'servers' : 'alias', steps: moves, notes, isAlone, taken };
}

function recreate(situation: Situation, steps: PlanSteps): Forward {
  const { servers, previous, config, isSplit } = situation;
  if (isSplit) throw cannot(situation, `a split of ${situation.alias} stands at the proxy; take it back first`);
  if (config.traffic_shift < 100) throw cannot(situation, 'the version before goes first, so that traffic_shift must be 100');
  const replaced = servers.filter((server) => (previous[server] ?? null) !== null);
  const moves = [
    ...servers.flatMap((server) => steps.makeRoom(server)),
    ...servers.map((server) => steps.deliver(server)),
    ...replaced.map((server) => steps.unload(server)),
    ...servers.map((server) => steps.load(server)),
    ...servers.flatMap((server) => steps.validate(server)),
    ...allAtOnce(servers, steps),
    steps.watch(),
  ];
  const notes = replaced.length === 0 ? [] : [`There is a gap: nobody answers ${situation.alias} well until the new version is loaded and validated.`];
  return { mover: 'alias', steps: moves, notes, isAlone: replaced.length > 0, taken: servers };
}

/** Traffic first, then the aliases, then what is left over. What a step finds as it was is left so. */
function backOf(situation: Situation, steps: PlanSteps, { mover, isAlone, taken }: Pick<Forward, 'mover' | 'isAlone' | 'taken'>): readonly PlannedStep[] {
  const servers = [...taken].reverse();
  const isShared = mover === 'proxy';
  const left = (i: number): number | null => (isShared ? null : partOf(taken.length - 1 - i, situation.servers.length));
  const before = isShared ? [steps.shareBack('Give all of the traffic back')] : mover === 'cohort' ? [steps.cohortBack()] : [];
  const after = isShared ? [steps.shareBack('Leave the split as it was')] : [];
  const aliases = isAlone
    ? servers.flatMap((server, i) => [steps.switchBack(server, left(i)), steps.withdraw(server), ...steps.reload(server)])
    : [
        ...servers.flatMap((server) => steps.reload(server)),
        ...servers.map((server, i) => steps.switchBack(server, left(i))),
        ...after,
        ...servers.map((server) => steps.withdraw(server)),
      ];
  return [...before, ...aliases];
}
