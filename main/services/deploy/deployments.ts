/** What can be done with deployments. Whoever asks, through whichever door, comes here. */
import { existsSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { DeployRequest, DeploymentPlan } from '../../../shared/contracts/deployment-calls.ts';
import { deploymentIsActive, type DeploymentDetails, type DeploymentStep } from '../../../shared/domain/deployment.ts';
import { parseVersionText } from '../../../shared/domain/version.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { toWireError } from '../../../shared/errors/wire-error.ts';
import type { StoredDeployment } from '../../store/deployment-rows.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import type { Caller } from '../caller.ts';
import type { Registry } from '../registry/registry.ts';
import { requireRevision } from '../revision.ts';
import type { DeploymentBook } from './deployment-book.ts';
import { makePlan, type PlanParts } from './deployment-plan.ts';
import type { DeploymentRunner } from './deployment-runner.ts';
import { isBack } from './going-back.ts';
import { openStep, waitsFor } from './step-states.ts';

export interface DeploymentsParts extends PlanParts {
  readonly registry: Registry;
  readonly book: DeploymentBook;
  readonly runner: DeploymentRunner;
}

export class Deployments {
  readonly #parts: DeploymentsParts;

  constructor(parts: DeploymentsParts) {
    this.#parts = parts;
  }

  async plan(request: DeployRequest): Promise<DeploymentPlan> {
    return (await makePlan(request, await this.#version(request), this.#parts)).shown;
  }

  /** Throws what stands in the way: VERSION_NOT_APPROVED, DEPLOYMENT_REFUSED, STRATEGY_CANNOT, DEPLOYMENT_BUSY, REMOTE_*. */
  async start(request: DeployRequest, caller: Caller): Promise<DeploymentDetails> {
    const { book, runner } = this.#parts;
    const version = isFolder(request.model) ? await this.#import(request, caller) : await this.#version(request);
    const { refusals, shown, rollout, steps, found, deployment } = await makePlan(request, version, this.#parts);
    const [refusal] = refusals;
    if (refusal !== undefined) throw refusal;
    const { name, target, environment, alias, served_as, config, previous } = shown;
    const created = book.time();
    const stored = book.add(
      {
        ...{ deployment, name, version: version.version, target, environment, alias, served_as, config, previous, created, seen: created },
        ...{ strategy: config.strategy, state: 'running', traffic: 0, question: null, ended: null, actor: caller.actor, plan: rollout, error: null },
      },
      { steps, answers: found, asked: { actor: caller.actor, action: 'deployments.start' } },
    );
    runner.wake(deployment);
    return book.details(stored);
  }

  list(filter: ParsedInputOf<'deployments.list'>): OutputOf<'deployments.list'> {
    const { deployments, next } = this.#parts.store.deployments.list(filter);
    return { deployments: [...deployments], next };
  }

  get(id: string): DeploymentDetails {
    const { book } = this.#parts;
    return book.details(book.get(id));
  }

  samples({ deployment, limit }: ParsedInputOf<'deployments.samples'>): OutputOf<'deployments.samples'> {
    const { store, book } = this.#parts;
    return { samples: [...store.deployments.samples(book.get(deployment).deployment, limit)] };
  }

  /** Throws DEPLOYMENT_STATE, PRECONDITION_FAILED. */
  confirm(id: string, { actor, revision }: Caller): DeploymentDetails {
    const { book, store, runner } = this.#parts;
    const before = this.#require(id, ['waiting'], 'go on');
    book.together(() => {
      const step = openStep(store.deployments.steps(id));
      if (step !== undefined) book.step(id, { step: said(step, actor.user, book.time()) });
      book.change(
        id,
        { state: 'running', question: null, seen: book.time() },
        { actor, action: 'deployments.confirm', revision, reason: before.question ?? '' },
      );
    });
    runner.wake(id, { ms: 0, why: 'it waited for a word' });
    return this.get(id);
  }

  /** The step that is at work comes to its end. Throws DEPLOYMENT_STATE, PRECONDITION_FAILED. */
  pause(id: string, { actor, revision }: Caller): DeploymentDetails {
    const { book } = this.#parts;
    this.#require(id, ['running'], 'be held');
    const question = `${actor.user} holds it. Go on?`;
    return book.details(book.change(id, { state: 'waiting', question }, { actor, action: 'deployments.pause', revision }));
  }

  /** Throws DEPLOYMENT_STATE, DEPLOYMENT_BUSY, PRECONDITION_FAILED. */
  rollback({ deployment: id, reason }: ParsedInputOf<'deployments.rollback'>, { actor, revision }: Caller): DeploymentDetails {
    const { book, runner, store } = this.#parts;
    const before = this.#require(id, ['running', 'waiting', 'done', 'failed'], 'be taken back');
    if (before.state === 'done') this.#requireAnswering(before);
    const { code, facts } = toWireError(new AppError('ROLLBACK_ASKED', { deployment: id, reason }));
    book.together(() => {
      requireRevision({ subject: `Deployment ${id}`, revision: before.revision }, { revision });
      for (const step of store.deployments.steps(id).filter(isBack)) if (step.state !== 'done') book.step(id, { step: again(step, book.time()) });
      const changes = { state: 'rolling_back', question: null, ended: null, seen: book.time(), error: { code, facts } } as const;
      book.change(id, changes, { actor, action: 'deployments.rollback', reason });
    });
    runner.interrupt(id);
    return this.get(id);
  }

  /** Throws DEPLOYMENT_STATE, PRECONDITION_FAILED. */
  async abandon({ deployment: id, reason }: ParsedInputOf<'deployments.abandon'>, { actor, revision }: Caller): Promise<DeploymentDetails> {
    const { book, runner } = this.#parts;
    this.#require(id, ['running', 'waiting', 'rolling_back'], 'be abandoned');
    book.change(id, { state: 'abandoned', question: null, ended: book.time() }, { actor, action: 'deployments.abandon', revision, reason });
    runner.interrupt(id);
    await runner.settled(id);
    return this.get(id);
  }

  history(filter: ParsedInputOf<'deployments.history'>): OutputOf<'deployments.history'> {
    return { servings: [...this.#parts.store.servings.list(filter)] };
  }

  async #version({ model }: DeployRequest): Promise<StoredVersion> {
    if (isFolder(model))
      throw new AppError('INPUT_INVALID', { where: 'model', problem: 'is a folder; name a version (name@1.2.0), or import it first: `lathe registry import`' });
    return this.#parts.registry.findHere(parseVersionText(model));
  }

  /** A draft of its own name; what it is worth is for somebody to say. */
  async #import({ model: path, alias }: DeployRequest, caller: Caller): Promise<StoredVersion> {
    const { registry, store } = this.#parts;
    const name = alias ?? nameOf(path);
    const words = { name, version: null, description: `imported from ${basename(path)} to be deployed`, tags: [], metadata: {}, parameters: {}, metrics: {} };
    const made = await registry.import({ ...words, path, model: null }, caller);
    return store.versions.get({ name: made.name, version: made.version });
  }

  #require(id: string, states: readonly StoredDeployment['state'][], change: string): StoredDeployment {
    const found = this.#parts.book.get(id);
    if (!states.includes(found.state)) throw new AppError('DEPLOYMENT_STATE', { deployment: id, state: words(found.state), change });
    return found;
  }

  /** Taking back what is no longer there would take back what came after it. */
  #requireAnswering({ deployment, target, alias }: StoredDeployment): void {
    const open = this.#parts.store.servings.open(target, alias);
    const later = open.find((each) => each.deployment !== null && each.deployment !== deployment && each.deployment > deployment);
    const change = later === undefined ? 'be taken back: it answers nowhere' : `be taken back: ${String(later.deployment)} came after it`;
    const isThere =
      open.some((each) => each.deployment === deployment) ||
      this.#parts.store.servings
        .list({ target, alias: `${alias}-canary`, at: null, limit: 1 })
        .some((each) => each.deployment === deployment && each.to === null);
    if (!isThere || later !== undefined) throw new AppError('DEPLOYMENT_STATE', { deployment, state: 'done', change });
  }
}

export const isFolder = (model: string): boolean => isAbsolute(model) && existsSync(model);

const words = (state: StoredDeployment['state']): string => (deploymentIsActive(state) ? state.replace('_', ' ') : state.replace('_', ' '));

/** As a name may be written: lower case, dashes. */
const nameOf = (path: string): string =>
  basename(path)
    .toLowerCase()
    .replace(/[.]gguf$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 64) || 'adapter';

/** What somebody's word makes of the step that waits for it. */
function said(step: DeploymentStep, user: string, at: string): DeploymentStep {
  const { waits_for: _, ...evidence } = step.evidence;
  const confirmed = { ...evidence, confirmed_by: user };
  switch (waitsFor(step)) {
    case 'accept':
      return { ...step, state: 'done', ended: at, evidence: confirmed };
    case 'begin':
      return { ...step, evidence: confirmed };
    case 'retry':
      return { ...step, state: 'waiting', problem: null, ended: null, evidence };
    case null:
      return step;
  }
}

const again = (step: DeploymentStep, at: string): DeploymentStep => ({ ...step, state: 'waiting', problem: null, evidence: { ...step.evidence, began: at } });
