/** The steps that strategies are made of, in words and calls. */
import type { StepKind } from '../../../../shared/domain/deployment.ts';
import type { PlannedStep } from '../../../store/rollout-plan.ts';
import type { TargetDriver } from '../target-driver.ts';
import { canaryAlias, type Situation } from './situation.ts';

type Act = Parameters<TargetDriver['callsOf']>[0];

export class PlanSteps {
  readonly #of: Situation;

  constructor(situation: Situation) {
    this.#of = situation;
  }

  checks(): readonly PlannedStep[] {
    const { target, servers } = this.#of;
    return [
      this.#step('check_target', {
        words: `Ask ${servers.length === 1 ? target : `the ${servers.length} servers of ${target}`} what is there`,
        acts: ['check'],
      }),
      this.#step('check_gate', { words: 'See whether the version may go there' }),
    ];
  }

  deliver(server: string): PlannedStep {
    return this.#step('deliver', { server, words: `Bring ${this.#of.servedAs} to ${server}`, acts: ['install'] });
  }

  load(server: string): PlannedStep {
    return this.#step('load', { server, words: `Load ${this.#of.servedAs} on ${server}`, acts: ['load'] });
  }

  unload(server: string): PlannedStep {
    return this.#step('unload', { server, words: `Take ${this.#before(server)} out of memory on ${server}: nobody answers from here on`, acts: ['unload'] });
  }

  validate(server: string): readonly PlannedStep[] {
    if (!this.#of.config.validation_enabled) return [];
    return [this.#step('validate', { server, words: `Prove on ${server} that ${this.#of.servedAs} answers, rightly and quickly`, acts: ['score', 'chat'] })];
  }

  switchTo(server: string, traffic: number | null): PlannedStep {
    const { alias, servedAs } = this.#of;
    return this.#step('switch', { server, traffic, words: `Lead ${alias} on ${server} to ${servedAs}`, acts: ['alias'] });
  }

  /** By the proxy; at 100 the split is taken away, since the alias itself leads there by then. */
  share(traffic: number): PlannedStep {
    const { alias, servedAs } = this.#of;
    const words = traffic === 100 ? `Take the split of ${alias} away: all of it goes to ${servedAs}` : `Give ${traffic} % of ${alias} to ${servedAs}`;
    return { ...this.#step('shift', { traffic, words }), calls: [traffic === 100 ? 'DELETE /splits' : 'PUT /splits'] };
  }

  /** An alias of its own for those who try it. */
  cohort(traffic: number): PlannedStep {
    const { alias, servedAs } = this.#of;
    const own = canaryAlias(alias);
    const words = traffic === 0 ? `Lead ${own} to ${servedAs}, for those who shall try it` : `Take ${own} away: ${alias} leads there too`;
    return this.#step('shift', { traffic, words, acts: ['alias'] });
  }

  watch(): PlannedStep {
    const { step_pause: pause, health_check_interval: interval } = this.#of.config;
    return this.#step('watch', { words: `Look for ${pause} how it does, every ${interval}`, acts: ['chat'] });
  }

  /** Room for the new version, before it is loaded. */
  makeRoom(server: string): readonly PlannedStep[] {
    const idle = this.#of.idle[server] ?? [];
    if (idle.length === 0) return [];
    return [this.#step('retire', { server, words: `Take ${idle.join(' and ')} out of memory on ${server}, which answer nobody`, acts: ['unload'] })];
  }

  /** When `keep_previous` has passed. */
  retire(server: string): readonly PlannedStep[] {
    const { previous, config } = this.#of;
    const before = previous[server] ?? null;
    if (before === null) return [];
    const words = `Take ${before} out of memory on ${server} after ${config.keep_previous}; it stays installed, for a way back`;
    return [this.#step('retire', { server, words, acts: ['unload', 'remove'] })];
  }

  shareBack(words: string): PlannedStep {
    return { ...this.#step('shift', { traffic: 0, words }), calls: ['PUT /splits'] };
  }

  cohortBack(): PlannedStep {
    return this.#step('shift', { traffic: 0, words: `Take ${canaryAlias(this.#of.alias)} away`, acts: ['alias'] });
  }

  reload(server: string): readonly PlannedStep[] {
    if ((this.#of.previous[server] ?? null) === null) return [];
    return [this.#step('reload', { server, words: `See that ${this.#before(server)} is loaded on ${server}`, acts: ['load'] })];
  }

  switchBack(server: string, traffic: number | null): PlannedStep {
    const { alias, previous } = this.#of;
    const before = previous[server] ?? null;
    const words = before === null ? `Take ${alias} away on ${server}` : `Lead ${alias} on ${server} back to ${before}`;
    return this.#step('switch_back', { server, traffic, words, acts: ['alias'] });
  }

  withdraw(server: string): PlannedStep {
    return this.#step('withdraw', { server, words: `Take ${this.#of.servedAs} off ${server}`, acts: ['unload', 'remove'] });
  }

  #before(server: string): string {
    return this.#of.previous[server] ?? 'nothing';
  }

  #step(kind: StepKind, { server = null, traffic = null, words, acts = [] }: Said): PlannedStep {
    return { kind, server, words, calls: acts.flatMap((act) => this.#of.callsOf(act)), traffic };
  }
}

interface Said {
  readonly server?: string | null;
  readonly traffic?: number | null;
  readonly words: string;
  readonly acts?: readonly Act[];
}
