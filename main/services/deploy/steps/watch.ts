/** Looks how both sides do, for as long as a step is to be looked at; too many failures in a row end it at once. */
import type { DeploymentSample } from '../../../../shared/domain/deployment.ts';
import { durationMs } from '../../../../shared/domain/duration.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { TargetDriver } from '../target-driver.ts';
import { judgeSides, summarise, summaryOfProxy, type SideSummary } from '../validation/judge-sides.ts';
import { look, type Looked } from '../validation/look.ts';
import { previousOn, type Evidence, type StepAct, type StepContext, type StepEnd } from './step-act.ts';

/** Where no golden prompt says what to ask. */
const everydayPrompt = 'Name one colour of the rainbow.';
const everydayTokens = 16;

export const watch: StepAct = {
  run: async (context) => {
    const { deployment, services, signal, note, sample } = context;
    const { config } = deployment;
    const until = services.clock.upMs() + durationMs(config.step_pause);
    const rounds = new Rounds(context);
    for (;;) {
      const { samples, evidence } = await rounds.next();
      sample(samples);
      note(evidence);
      const left = until - services.clock.upMs();
      if (left <= 0) return rounds.end();
      await services.clock.wait(Math.min(left, durationMs(config.health_check_interval)), signal);
      signal.throwIfAborted();
    }
  },
};

/** Round after round over the servers that the new version answers on. */
class Rounds {
  readonly #context: StepContext;
  readonly #all: DeploymentSample[] = [];
  #count = 0;
  /** In a row. */
  #failed = 0;
  #away = 0;

  constructor(context: StepContext) {
    this.#context = context;
  }

  /** Throws HEALTH_FAILED, REMOTE_UNREACHABLE. */
  async next(): Promise<{ readonly samples: readonly DeploymentSample[]; readonly evidence: Evidence }> {
    const { deployment, target } = this.#context;
    const { config, plan } = deployment;
    const looked = (await Promise.all([...target.drivers.values()].map((driver) => this.#lookAt(driver)))).flat();
    const samples = looked.map((each) => each.sample);
    this.#all.push(...samples);
    this.#count += 1;
    this.#away = looked.length > 0 && looked.every(({ isAway }) => isAway) ? this.#away + 1 : 0;
    const bad = looked.find((each) => each.sample.side === 'new' && !each.sample.ok);
    this.#failed = bad === undefined ? 0 : this.#failed + 1;
    if (this.#away >= config.health_check_failures)
      throw new AppError('REMOTE_UNREACHABLE', { server: looked[0]?.sample.server ?? deployment.target, problem: 'no request reached it' });
    // All of them away may be this machine's own network; that is waited for elsewhere.
    const isBad = this.#failed >= config.health_check_failures && this.#away === 0 && !this.#beforeFailsToo(looked);
    if (isBad) {
      const problem = `${this.#failed} checks in a row failed (${bad?.sample.server ?? ''}: ${bad?.sample.problem ?? ''})`;
      throw new AppError('HEALTH_FAILED', { version: plan.label, target: deployment.target, problem });
    }
    return { samples, evidence: this.#evidence() };
  }

  /** Throws HEALTH_FAILED. */
  async end(): Promise<StepEnd> {
    const { deployment, target, signal } = this.#context;
    const { config, plan } = deployment;
    const proxied = plan.mover === 'proxy' ? await target.splitter?.find(deployment.alias, { signal }) : null;
    const own = judgeSides(this.#side('new') ?? nothing, this.#side('previous'), config);
    const users = proxied === null || proxied === undefined || proxied.new.requests === 0 ? null : proxied;
    const theirs = users === null ? own : judgeSides(summaryOfProxy(users.new), summaryOfProxy(users.previous), config);
    const worst = [own, theirs].find(({ verdict }) => verdict === 'fail') ?? [own, theirs].find(({ verdict }) => verdict === 'inconclusive') ?? own;
    const evidence = {
      ...this.#evidence(),
      verdict: worst.verdict,
      words: worst.words,
      ...(users === null ? {} : { users: { new: users.new, previous: users.previous } }),
    };
    if (worst.verdict === 'fail') throw new AppError('HEALTH_FAILED', { version: plan.label, target: deployment.target, problem: worst.words });
    return { evidence, ...(worst.verdict === 'inconclusive' ? { question: `It cannot be said whether ${plan.label} does well: ${worst.words}. Go on?` } : {}) };
  }

  async #lookAt(driver: TargetDriver): Promise<readonly Looked[]> {
    const { deployment, signal, services } = this.#context;
    const { alias, served_as, plan, config } = deployment;
    const golden = config.golden_prompts[this.#count % Math.max(1, config.golden_prompts.length)];
    const content = golden?.prompt ?? everydayPrompt;
    const state = await driver.state({ signal }).catch(() => null);
    const before = previousOn(this.#context, driver.server);
    const isLed = state?.aliases.get(alias) === served_as;
    const isHere = plan.mover === 'proxy' || isLed || plan.mover === 'cohort' || state === null;
    const sides = [
      // By the alias where it leads there: what users go through is what is looked at.
      ...(isHere ? [{ side: 'new' as const, model: isLed ? alias : served_as }] : []),
      ...(before !== null && state?.loaded.includes(before) === true ? [{ side: 'previous' as const, model: before }] : []),
    ];
    const looked: Looked[] = [];
    for (const { side, model } of sides) {
      const asked = { model, messages: [{ role: 'user' as const, content }], maxTokens: golden?.max_tokens ?? everydayTokens, temperature: 0 };
      looked.push(await look({ driver, side, asked, signal, now: services.clock.now }));
    }
    return looked;
  }

  #beforeFailsToo(looked: readonly Looked[]): boolean {
    const before = looked.filter(({ sample }) => sample.side === 'previous');
    return before.length > 0 && before.every(({ sample }) => !sample.ok);
  }

  #side(side: DeploymentSample['side']): SideSummary | null {
    const samples = this.#all.filter((each) => each.side === side);
    return samples.length === 0 ? null : summarise(samples);
  }

  #evidence(): Evidence {
    return { rounds: this.#count, new: { ...(this.#side('new') ?? nothing) }, previous: { ...(this.#side('previous') ?? nothing) } };
  }
}

const nothing: SideSummary = { requests: 0, failures: 0, p50_ms: null, p95_ms: null };
