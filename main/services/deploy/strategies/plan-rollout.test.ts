/** Whatever the strategy, the servers and the settings: traffic never runs ahead, the order holds, and the way back brings back what was there. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deploymentDefaults, strategies } from '../../../../shared/domain/deployment-config.ts';
import { isAppError } from '../../../../shared/errors/app-error.ts';
import type { PlannedStep } from '../../../store/rollout-plan.ts';
import { planRollout } from './plan-rollout.ts';
import type { Rollout, Situation } from './situation.ts';

const situations = fc
  .record({
    strategy: fc.constantFrom(...strategies),
    count: fc.integer({ min: 1, max: 6 }),
    maxInstances: fc.integer({ min: 1, max: 4 }),
    shift: fc.oneof(fc.constant(100), fc.integer({ min: 0, max: 100 })),
    ladder: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 }),
    isFirst: fc.boolean(),
    hasProxy: fc.boolean(),
    validates: fc.boolean(),
    minAvailable: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ strategy, count, maxInstances, shift, ladder, isFirst, hasProxy, validates, minAvailable }): Situation => {
    const servers = Array.from({ length: count }, (_, i) => `s${i}`);
    return {
      ...{ target: 'desk', alias: 'bot', servedAs: 'new', servers, hasProxy, isSplit: false, minAvailable },
      config: { ...deploymentDefaults, strategy, max_instances: maxInstances, traffic_shift: shift, canary_steps: ladder, validation_enabled: validates },
      previous: Object.fromEntries(servers.map((server) => [server, isFirst ? null : 'old'])),
      idle: {},
      callsOf: (act) => [act],
    };
  });

/** null where the strategy says that it cannot. */
function planned(situation: Situation): Rollout | null {
  try {
    return planRollout(situation);
  } catch (error) {
    if (isAppError(error, 'STRATEGY_CANNOT')) return null;
    throw error;
  }
}

const forAll = (act: (situation: Situation, rollout: Rollout) => void): void =>
  fc.assert(
    fc.property(situations, (situation) => {
      const rollout = planned(situation);
      if (rollout !== null) act(situation, rollout);
    }),
    { numRuns: 500 },
  );

interface Model {
  readonly installed: Set<string>;
  readonly loaded: Set<string>;
  readonly aliases: Map<string, string | null>;
  share: number;
  isCohort: boolean;
}

const begin = ({ servers, previous }: Situation): Model => ({
  installed: new Set(),
  loaded: new Set(servers.flatMap((server) => (previous[server] === null ? [] : [`${server} old`]))),
  aliases: new Map(servers.map((server) => [server, previous[server] ?? null])),
  share: 0,
  isCohort: false,
});

/** What a step does, in the simplest words. */
function apply(
  model: Model,
  { kind, server, traffic }: PlannedStep,
  { mover, isBack, previous }: { mover: Rollout['mover']; isBack: boolean; previous: Situation['previous'] },
): void {
  const here = server ?? '';
  const old = previous[here] ?? null;
  if (kind === 'deliver') model.installed.add(here);
  if (kind === 'load') model.loaded.add(`${here} new`);
  if (kind === 'unload') model.loaded.delete(`${here} old`);
  if (kind === 'reload' && old !== null) model.loaded.add(`${here} old`);
  if (kind === 'switch') model.aliases.set(here, 'new');
  if (kind === 'switch_back') model.aliases.set(here, old);
  if (kind === 'shift' && mover === 'proxy') model.share = isBack ? 0 : (traffic ?? 0);
  if (kind === 'shift' && mover === 'cohort') model.isCohort = !isBack && traffic === 0;
  if (kind === 'withdraw') {
    model.installed.delete(here);
    model.loaded.delete(`${here} new`);
  }
}

const plain = ({ installed, loaded, aliases, share, isCohort }: Model) => ({
  installed: [...installed].sort(),
  loaded: [...loaded].sort(),
  aliases: [...aliases],
  share,
  isCohort,
});

describe('a rollout', () => {
  it('gives the new version never more traffic than is asked for, and always more than before', () =>
    forAll(({ config }, { steps }) => {
      const shares = steps.flatMap(({ traffic }) => (traffic === null ? [] : [traffic]));
      expect(shares.every((share) => share <= config.traffic_shift)).toBe(true);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    }));

  it('leads nobody to a version that is not loaded, nor to one that was not validated where it shall be', () =>
    forAll((situation, { steps }) => {
      const { config } = situation;
      const seen = new Set<string>();
      for (const { kind, server } of steps) {
        const ready = (on: string): boolean => seen.has(`load ${on}`) && (!config.validation_enabled || seen.has(`validate ${on}`));
        if (kind === 'switch') expect(ready(server ?? '')).toBe(true);
        if (kind === 'shift') expect(situation.servers.every(ready)).toBe(true);
        seen.add(`${kind} ${server ?? ''}`);
      }
    }));

  it('never has more versions in memory than it may, while it goes there', () =>
    forAll((situation, { steps, mover }) => {
      const model = begin(situation);
      for (const step of steps.filter(({ kind }) => kind !== 'retire')) {
        apply(model, step, { mover, isBack: false, previous: situation.previous });
        for (const server of situation.servers) {
          const here = [...model.loaded].filter((each) => each.startsWith(`${server} `));
          expect(here.length).toBeLessThanOrEqual(situation.config.max_instances);
        }
      }
    }));

  it('keeps so many servers answering as a rolling one is asked to', () =>
    forAll((situation, { steps, mover }) => {
      if (situation.config.strategy !== 'rolling') return;
      const model = begin(situation);
      const answering = (): number => situation.servers.filter((server) => model.loaded.has(`${server} ${model.aliases.get(server) ?? ''}`)).length;
      const least = Math.min(situation.minAvailable, answering());
      for (const step of steps) {
        apply(model, step, { mover, isBack: false, previous: situation.previous });
        expect(answering()).toBeGreaterThanOrEqual(least);
      }
    }));

  it('comes back to what was there from wherever it has come to', () =>
    forAll((situation, { steps, back, mover }) => {
      const { previous } = situation;
      const before = plain(begin(situation));
      for (let upTo = 0; upTo <= steps.length; upTo += 1) {
        const model = begin(situation);
        for (const step of steps.slice(0, upTo)) apply(model, step, { mover, isBack: false, previous });
        for (const step of back) apply(model, step, { mover, isBack: true, previous });
        expect(plain(model)).toEqual(before);
      }
    }));

  it('takes the traffic back before anything else, and the new version off last', () =>
    forAll((_, { back, mover }) => {
      const kinds = back.map(({ kind }) => kind);
      if (mover === 'proxy' || mover === 'cohort') expect(kinds[0]).toBe('shift');
      for (const [i, { kind, server }] of back.entries())
        if (kind === 'withdraw') expect(back.slice(0, i).some((each) => each.kind === 'switch_back' && each.server === server)).toBe(true);
    }));
});

describe('shares without a proxy', () => {
  const of = (count: number, config: Partial<Situation['config']>): Situation => ({
    ...{ target: 'desk', alias: 'bot', servedAs: 'new', hasProxy: false, isSplit: false, minAvailable: 1, idle: {}, callsOf: () => [] },
    servers: Array.from({ length: count }, (_, i) => `s${i}`),
    config: { ...deploymentDefaults, strategy: 'canary', ...config },
    previous: Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, 'old'])),
  });
  const shares = (situation: Situation) => planRollout(situation).steps.flatMap(({ kind, traffic }) => (traffic === null ? [] : [`${kind} ${traffic}`]));

  it('are whole servers', () => {
    expect(shares(of(3, {}))).toEqual(['switch 33.3', 'switch 66.7', 'switch 100']);
    expect(shares(of(4, { traffic_shift: 50 }))).toEqual(['switch 25', 'switch 50']);
    expect(() => planRollout(of(3, { traffic_shift: 20 }))).toThrow('one of 3 servers is 33.3 %');
  });

  it('are an alias for those who try it on one server', () => {
    expect(shares(of(1, {}))).toEqual(['shift 0', 'switch 100', 'shift 100']);
    expect(shares(of(1, { traffic_shift: 20 }))).toEqual(['shift 0']);
  });

  it('are any at a proxy', () => {
    expect(shares({ ...of(2, {}), hasProxy: true })).toEqual(['shift 10', 'shift 25', 'shift 50', 'shift 75', 'shift 100']);
  });
});
