/** Takes a deployment from step to step. What it has done and means to do is in the store before it does it, so that whoever comes after it goes on, or back. */
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import { deploymentIsActive } from '../../../shared/domain/deployment.ts';
import { durationMs } from '../../../shared/domain/duration.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../../shared/errors/wire-error.ts';
import type { StoredDeployment } from '../../store/deployment-rows.ts';
import { watchBreaks } from './breaks.ts';
import { GoingBack } from './going-back.ts';
import type { RunnerParts, Said } from './runner-parts.ts';
import { isAftercare, isMove, isTouching, openStep } from './step-states.ts';
import { stepActs } from './steps/step-acts.ts';
import type { Evidence, OpenTarget, StepContext } from './steps/step-act.ts';

const beatMs = 5_000;
const retryMs = 5_000;

interface Going {
  readonly close: AbortController;
  /** Of the step that is at work. */
  step: AbortController;
  ended: Promise<void>;
  isAgain: boolean;
  /** Since the last look at what is there: how long nobody was there, and why. */
  break: { readonly ms: number; readonly why: string } | null;
  /** When the server at hand answered no more. */
  lostAt: number | null;
}

export class DeploymentRunner {
  readonly #parts: RunnerParts;
  readonly #going = new Map<string, Going>();
  #isClosing = false;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  get isBusy(): boolean {
    return this.#going.size > 0;
  }

  /** What an earlier host left; called once. */
  recover(): void {
    const { services, log } = this.#parts;
    for (const { deployment, state, seen } of services.store.deployments.active()) {
      const ms = Math.max(0, services.clock.now().getTime() - Date.parse(seen));
      log.warn('a deployment had lost its host', { deployment, state, ms });
      this.wake(deployment, { ms, why: 'Lathe was not running' });
    }
  }

  /** Goes on with a deployment that may go on. Calling it once too often costs nothing. */
  wake(id: string, pause: Going['break'] = null): void {
    const going = this.#going.get(id);
    if (this.#isClosing) return;
    if (going !== undefined) {
      going.isAgain = true;
      return;
    }
    const { clock } = this.#parts.services;
    const fresh: Going = { close: new AbortController(), step: new AbortController(), ended: Promise.resolve(), isAgain: false, break: pause, lostAt: null };
    this.#going.set(id, fresh);
    const stopWatching = watchBreaks({
      clock,
      everyMs: this.#parts.beatMs ?? beatMs,
      onBeat: () => this.#quietly(id, () => this.#parts.book.seen(id)),
      onBreak: (ms) => this.#quietly(id, () => this.#noteBreak(id, fresh, ms)),
    });
    const isHeld = this.#parts.keepsAwake();
    if (isHeld) this.#parts.awake.hold();
    fresh.ended = this.#go(id, fresh).finally(() => {
      stopWatching();
      if (isHeld) this.#parts.awake.release();
      this.#going.delete(id);
      if (fresh.isAgain) this.wake(id);
    });
  }

  /** The step that is at work ends at once: what is to be done next has changed. */
  interrupt(id: string): void {
    this.#going.get(id)?.step.abort();
    this.wake(id);
  }

  /** Steps end where they are; the store knows how far they were. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const { close, step } of this.#going.values()) {
      close.abort();
      step.abort();
    }
    await Promise.all([...this.#going.values()].map(({ ended }) => ended));
  }

  /** Resolves when nothing goes on with it at the moment. */
  async settled(id: string): Promise<void> {
    for (let going = this.#going.get(id); going !== undefined; going = this.#going.get(id)) await going.ended;
  }

  async #go(id: string, going: Going): Promise<void> {
    const { book, log } = this.#parts;
    try {
      while (!this.#isClosing) {
        going.isAgain = false;
        const deployment = book.get(id);
        if (!deploymentIsActive(deployment.state) || deployment.state === 'waiting') return;
        going.step = new AbortController();
        if (deployment.state === 'rolling_back') await this.#goBack(deployment, going);
        else await this.#goOn(deployment, going);
      }
    } catch (error) {
      // Only what is no step's: a store that cannot be written. The next host finds it as it stands.
      log.error('a deployment cannot go on', { deployment: id, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }

  async #goOn(deployment: StoredDeployment, going: Going): Promise<void> {
    const { services } = this.#parts;
    const steps = services.store.deployments.steps(deployment.deployment);
    const step = openStep(steps);
    if (step === undefined || isAftercare(steps, step)) {
      this.#finish(deployment);
      return;
    }
    try {
      const target = await this.#parts.open(services.store.targets.get(deployment.target).target);
      if (going.break !== null && !(await this.#mend(deployment, { steps, target, going }))) return;
      if (this.#asksFirst(deployment, step)) return;
      await this.#do(deployment, { step, target, going });
      going.break = null;
      going.lostAt = null;
    } catch (error) {
      await this.#failed(deployment, { step, error, going });
    }
  }

  /** Marks it before and after; what it says is kept with it. */
  async #do(deployment: StoredDeployment, { step, target, going }: { step: DeploymentStep; target: OpenTarget; going: Going }): Promise<void> {
    const { book } = this.#parts;
    const id = deployment.deployment;
    const begun: DeploymentStep = { ...step, state: 'running', started: book.time(), ended: null, problem: null };
    book.step(id, { step: begun, changes: { seen: book.time() } });
    const context = this.#context(deployment, { step: begun, target, signal: going.step.signal });
    const { evidence, answers = [], question } = await stepActs[step.kind].run(context);
    const kept = { ...context.kept(), ...evidence };
    const now = book.get(id);
    // Asked to go back meanwhile: what it did is done, and the way back begins.
    const asks = question !== undefined && now.state === 'running';
    const done: DeploymentStep = asks
      ? { ...begun, state: 'waiting', evidence: { ...kept, waits_for: 'accept' } }
      : { ...begun, state: 'done', ended: book.time(), evidence: kept };
    const changes = {
      seen: book.time(),
      ...(step.traffic === null ? {} : { traffic: step.traffic }),
      ...(asks ? { state: 'waiting' as const, question } : {}),
    };
    book.step(id, { step: done, changes, answers, reason: `${deployment.strategy} by ${id}` });
  }

  /** After a break: what was left there still has to be there; what is not is done anew. Returns whether the step at hand may begin. */
  async #mend(
    deployment: StoredDeployment,
    { steps, target, going }: { steps: readonly DeploymentStep[]; target: OpenTarget; going: Going },
  ): Promise<boolean> {
    const { book } = this.#parts;
    this.#requireInTime(deployment, going);
    for (const step of steps.filter(({ state }) => state === 'done')) {
      const act = stepActs[step.kind];
      if (act.holds === undefined || (await act.holds(this.#context(deployment, { step, target, signal: going.step.signal })))) continue;
      book.step(deployment.deployment, { step: { ...step, state: 'waiting', problem: 'it had to be done again after a break' } });
    }
    going.break = null;
    return false;
  }

  /** Throws DEPLOYMENT_OVERDUE. */
  #requireInTime(deployment: StoredDeployment, { break: pause }: Going): void {
    const { services } = this.#parts;
    if (pause === null || pause.ms <= durationMs(deployment.config.rollback_timeout)) return;
    if (!isTouching(services.store.deployments.steps(deployment.deployment))) return;
    throw new AppError('DEPLOYMENT_OVERDUE', { deployment: deployment.deployment, minutes: Math.round(pause.ms / 60_000), why: pause.why });
  }

  /** Somebody wants to be asked before traffic moves. */
  #asksFirst(deployment: StoredDeployment, step: DeploymentStep): boolean {
    if (!deployment.config.confirm_steps || !isMove(step) || 'confirmed_by' in step.evidence) return false;
    const { book } = this.#parts;
    const question = `${step.words}?`;
    book.step(deployment.deployment, { step: { ...step, evidence: { ...step.evidence, waits_for: 'begin' } }, changes: { state: 'waiting', question } });
    return true;
  }

  async #failed(deployment: StoredDeployment, { step, error, going }: { step: DeploymentStep; error: unknown; going: Going }): Promise<void> {
    const { book, services, log } = this.#parts;
    const id = deployment.deployment;
    if (this.#isClosing) return;
    const now = book.get(id);
    const current = services.store.deployments.steps(id).find(({ position }) => position === step.position) ?? step;
    const end = (problem: string): DeploymentStep => ({ ...current, state: 'failed', ended: book.time(), problem });
    if (now.state === 'rolling_back') {
      book.step(id, { step: end('ended: it is taken back') });
      return;
    }
    // What ended it is not its own: the next look at the deployment says what is to be done.
    if (!deploymentIsActive(now.state) || (going.step.signal.aborted && now.state !== 'waiting')) return;
    const failure = toAppError(error);
    if (failure.code === 'INTERNAL')
      log.error('a step failed by a bug', { deployment: id, step: step.kind, stack: error instanceof Error ? (error.stack ?? '') : '' });
    const steps = services.store.deployments.steps(id);
    const problem = `${failure.message}. ${failure.remedy}`;
    if (!isTouching(steps)) {
      book.step(id, { step: end(problem), changes: { state: 'refused', question: null, ended: book.time(), error: wire(failure) } });
      return;
    }
    if (isAppError(failure, 'REMOTE_UNREACHABLE') && (await this.#waitForServer(deployment, { step: current, failure, going }))) return;
    if (deployment.config.auto_rollback) this.#takeBack(id, { step: end(problem), failure });
    else {
      const asking = { ...end(problem), evidence: { ...current.evidence, waits_for: 'retry' } };
      book.step(id, { step: asking, changes: { state: 'waiting', question: `${failure.message}. Try again? Or take it back.` } });
    }
  }

  /** It, or the network of this machine, may come back. Returns false where that took too long. */
  async #waitForServer(deployment: StoredDeployment, { step, failure, going }: { step: DeploymentStep; failure: AppError; going: Going }): Promise<boolean> {
    const { book, services } = this.#parts;
    const pause = this.#parts.retryMs ?? retryMs;
    going.lostAt ??= services.clock.upMs();
    if (services.clock.upMs() - going.lostAt + pause > durationMs(deployment.config.rollback_timeout)) return false;
    book.step(deployment.deployment, { step: { ...step, state: 'running', problem: `${failure.message}; trying again` } });
    await services.clock.wait(pause, going.step.signal);
    going.break = { ms: services.clock.upMs() - going.lostAt, why: failure.message };
    return true;
  }

  #takeBack(id: string, { step, failure }: { step: DeploymentStep; failure: AppError }): void {
    const { book, log } = this.#parts;
    log.warn('a deployment goes back', { deployment: id, code: failure.code, problem: failure.message });
    book.step(id, { step, changes: { state: 'rolling_back', question: null, error: wire(failure) }, reason: failure.message });
  }

  async #goBack(deployment: StoredDeployment, going: Going): Promise<void> {
    const { book, services, log, open, onEnd } = this.#parts;
    const back = new GoingBack({
      ...{ book, services, log, open, onEnd },
      context: (of, said) => this.#context(of, said),
      retryMs: this.#parts.retryMs ?? retryMs,
    });
    await back.run(deployment, going.close.signal);
  }

  /** The new version is where it shall be; what is left is to clear away, later. */
  #finish(deployment: StoredDeployment): void {
    const { book, onEnd, log } = this.#parts;
    const { deployment: id } = deployment;
    onEnd(deployment, 'done');
    book.change(id, { state: 'done', question: null, ended: book.time() });
    log.info('a deployment is done', { deployment: id });
  }

  /** On a timer, where nobody hears of a store that cannot be written. */
  #quietly(id: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#parts.log.warn('a deployment cannot be marked', { deployment: id, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** A step that was at work goes on by itself; where it took too long for that it ends, and the next look finds the break. */
  #noteBreak(id: string, going: Going, ms: number): void {
    this.#parts.log.warn('a deployment stood still', { deployment: id, ms });
    going.break = { ms, why: 'the machine slept, or this process was stopped' };
    const found = this.#parts.services.store.deployments.find(id);
    if (found?.state === 'running' && ms > durationMs(found.config.rollback_timeout)) going.step.abort();
  }

  #context(deployment: StoredDeployment, { step, target, signal }: Said): StepContext & { readonly kept: () => Evidence } {
    const { book, services } = this.#parts;
    const id = deployment.deployment;
    let noted: Evidence = step.evidence;
    const note = (evidence: Evidence): void => {
      noted = { ...noted, ...evidence };
      book.step(id, { step: { ...step, evidence: noted } });
    };
    return { deployment, step, target, services, signal, note, sample: (samples) => book.sample(id, samples), kept: () => noted };
  }
}

const wire = (error: AppError): NonNullable<StoredDeployment['error']> => {
  const { code, facts } = toWireError(error);
  return { code, facts };
};
