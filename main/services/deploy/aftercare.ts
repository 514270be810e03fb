/** What is left to do when deployments are done: versions that nobody needs any more leave the memory in time, and targets are looked at again and again. */
import { durationMs } from '../../../shared/domain/duration.ts';
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import type { Target } from '../../../shared/domain/target.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { Logger } from '../../platform/logger.ts';
import type { StoredDeployment } from '../../store/deployment-rows.ts';
import type { DeploymentBook } from './deployment-book.ts';
import { stepActs } from './steps/step-acts.ts';
import type { OpenTarget, StepServices } from './steps/step-act.ts';
import type { Targets } from './targets.ts';

export interface AftercareParts {
  readonly book: DeploymentBook;
  readonly services: StepServices;
  readonly targets: Targets;
  readonly open: (target: Target) => Promise<OpenTarget>;
  readonly log: Logger;
  readonly self: Actor;
  /** How often targets are looked at. */
  readonly driftMs?: number;
  readonly everyMs?: number;
}

const everyMs = 60_000;
const driftMs = 15 * 60_000;

export class Aftercare {
  readonly #parts: AftercareParts;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void> = Promise.resolve();
  #lookedAt = -Infinity;

  constructor(parts: AftercareParts) {
    this.#parts = parts;
  }

  /** At once, and from then on. */
  begin(): void {
    const look = (): void => void (this.#work = this.#work.then(() => this.look()));
    look();
    this.#timer = setInterval(look, this.#parts.everyMs ?? everyMs);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#closing.abort();
    await this.#work;
  }

  /** One look: never throws. */
  async look(): Promise<void> {
    const { services, targets, log, self } = this.#parts;
    for (const { deployment, step } of services.store.deployments.openRetirements())
      if (this.#isDue(deployment) && !this.#closing.signal.aborted) await this.#retire(deployment, step);
    const now = services.clock.upMs();
    if (now - this.#lookedAt < (this.#parts.driftMs ?? driftMs)) return;
    this.#lookedAt = now;
    for (const { target } of services.store.targets.list()) {
      if (this.#closing.signal.aborted) return;
      await targets
        .check(target.name, { actor: self })
        .catch((error: unknown) => log.warn('a target was not looked at', { target: target.name, problem: toAppError(error).message }));
    }
  }

  #isDue({ ended, config }: StoredDeployment): boolean {
    return ended !== null && this.#parts.services.clock.now().getTime() >= Date.parse(ended) + durationMs(config.keep_previous);
  }

  async #retire(deployment: StoredDeployment, step: DeploymentStep): Promise<void> {
    const { services, book, open, log } = this.#parts;
    const { deployment: id, target: name } = deployment;
    const { signal } = this.#closing;
    try {
      const target = await open(services.store.targets.get(name).target);
      const begun: DeploymentStep = { ...step, state: 'running', started: book.time() };
      const context = { deployment, step: begun, target, services, signal, note: () => undefined, sample: () => undefined };
      const { evidence } = await stepActs.retire.run(context);
      book.step(id, { step: { ...begun, state: 'done', ended: book.time(), evidence } });
    } catch (error) {
      if (signal.aborted) return;
      const { message } = toAppError(error);
      log.warn('a version was not retired', { deployment: id, server: step.server, problem: message });
      book.step(id, { step: { ...step, problem: `${message}; tried again later` } });
    }
  }
}
