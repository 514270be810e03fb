/** Brings back what was there before a deployment, server by server, again and again until it stands or has taken too long. */
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import { durationMs } from '../../../shared/domain/duration.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../../shared/errors/wire-error.ts';
import type { StoredDeployment } from '../../store/deployment-rows.ts';
import type { RunnerParts, Said } from './runner-parts.ts';
import { stepActs } from './steps/step-acts.ts';
import type { Evidence, OpenTarget, StepContext } from './steps/step-act.ts';

export interface GoingBackParts extends Pick<RunnerParts, 'book' | 'services' | 'log' | 'open' | 'onEnd'> {
  readonly context: (deployment: StoredDeployment, said: Said) => StepContext & { readonly kept: () => Evidence };
  readonly retryMs: number;
}

export class GoingBack {
  readonly #parts: GoingBackParts;

  constructor(parts: GoingBackParts) {
    this.#parts = parts;
  }

  async run({ deployment: id }: StoredDeployment, signal: AbortSignal): Promise<void> {
    const { services, retryMs } = this.#parts;
    this.#begin(id);
    for (;;) {
      const problems = await this.#round(id, signal);
      if (signal.aborted) return;
      if (problems.length === 0) {
        this.#end(id, null);
        return;
      }
      if (this.#isOverdue(id)) {
        this.#end(id, new AppError('ROLLBACK_INCOMPLETE', { deployment: id, problem: problems.join('; ') }));
        return;
      }
      await services.clock.wait(retryMs, signal);
    }
  }

  /** Its steps come behind the others, once; what was not begun never will be. */
  #begin(id: string): void {
    const { book, services } = this.#parts;
    const { store } = services;
    const { plan } = book.get(id);
    const steps = store.deployments.steps(id);
    if (steps.some(isBack)) return;
    book.together(() => {
      for (const step of steps) {
        if (step.state === 'waiting') book.step(id, { step: { ...step, state: 'skipped' } });
        if (step.state === 'running')
          book.step(id, { step: { ...step, state: 'failed', ended: book.time(), problem: step.problem ?? 'ended: it is taken back' } });
      }
      plan.back.forEach((planned, i) => {
        const evidence = { way: 'back', began: book.time() };
        book.step(id, { step: { ...planned, position: steps.length + i, state: 'waiting', started: null, ended: null, evidence, problem: null } });
      });
    });
  }

  /**
   * Every step that is open, in order; one that fails keeps the later ones of its server from being tried, and those that are of no server:
   * they need what comes before them on all. Returns what went wrong.
   */
  async #round(id: string, signal: AbortSignal): Promise<readonly string[]> {
    const { services, open } = this.#parts;
    const deployment = this.#parts.book.get(id);
    let target: OpenTarget;
    try {
      target = await open(services.store.targets.get(deployment.target).target);
    } catch (error) {
      return [toAppError(error).message];
    }
    const problems: string[] = [];
    const held = new Set<string>();
    for (const step of services.store.deployments.steps(id).filter((each) => isBack(each) && each.state !== 'done')) {
      if (signal.aborted) return problems;
      if (step.server === null ? problems.length > 0 : held.has(step.server)) continue;
      const problem = await this.#do(deployment, { step, target, signal });
      if (problem === null) continue;
      problems.push(problem);
      if (step.server !== null) held.add(step.server);
    }
    return problems;
  }

  async #do(deployment: StoredDeployment, { step, target, signal }: Said): Promise<string | null> {
    const { book, log } = this.#parts;
    const id = deployment.deployment;
    const begun: DeploymentStep = { ...step, state: 'running', started: step.started ?? book.time(), problem: null };
    book.step(id, { step: begun, changes: { seen: book.time() } });
    const context = this.#parts.context(deployment, { step: begun, target, signal });
    try {
      const { evidence, answers = [] } = await stepActs[step.kind].run(context);
      const done: DeploymentStep = { ...begun, state: 'done', ended: book.time(), evidence: { ...context.kept(), ...evidence } };
      const changes = { seen: book.time(), ...(step.traffic === null ? {} : { traffic: step.traffic }) };
      book.step(id, { step: done, changes, answers, reason: `${id} was taken back: ${reasonOf(deployment)}` });
      return null;
    } catch (error) {
      if (signal.aborted) return null;
      const { message, code } = toAppError(error);
      log.warn('a step back failed', { deployment: id, step: step.kind, server: step.server, code, problem: message });
      book.step(id, { step: { ...begun, state: 'failed', problem: message } });
      return message;
    }
  }

  #isOverdue(id: string): boolean {
    const { services, book } = this.#parts;
    const { config } = book.get(id);
    const began = services.store.deployments.steps(id).find(isBack)?.evidence['began'];
    const ms = services.clock.now().getTime() - Date.parse(typeof began === 'string' ? began : '');
    return ms > durationMs(config.rollback_timeout);
  }

  #end(id: string, error: AppError | null): void {
    const { book, onEnd, log } = this.#parts;
    const left = error === null ? {} : { error: { code: error.code, facts: toWireError(error).facts } };
    if (error === null) onEnd(book.get(id), 'rolled_back');
    book.change(id, { state: error === null ? 'rolled_back' : 'failed', question: null, ended: book.time(), ...left });
    log[error === null ? 'info' : 'error']('a deployment was taken back', { deployment: id, problem: error?.message ?? null });
  }
}

/** It belongs to the way back. */
export const isBack = ({ evidence }: DeploymentStep): boolean => evidence['way'] === 'back';

function reasonOf({ error }: StoredDeployment): string {
  if (error === null) return 'it was asked for';
  return error.code === 'ROLLBACK_ASKED' ? String(error.facts['reason']) : new AppError(error.code, error.facts as never).message;
}
