/** The deployments of the store, with every change told and allowed: what the runner and the services write through. */
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import { Deployment, type DeploymentDetails, type DeploymentSample, type DeploymentStep, type Serving } from '../../../shared/domain/deployment.ts';
import type { DeploymentUpdate, NewDeployment, StoredDeployment } from '../../store/deployment-rows.ts';
import type { OutboxFact } from '../../store/outbox-rows.ts';
import type { Store } from '../../store/store.ts';
import type { Ledger } from '../ledger.ts';
import { requireRevision } from '../revision.ts';

export interface DeploymentBookParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

/** Who asked for a change; null: it happened by itself. */
export type Asked = { readonly actor: Actor; readonly action: string; readonly reason?: string; readonly revision?: number | undefined } | null;

/** What answers an alias on a server now; nothing: nobody. */
export interface AnswersNow {
  readonly server: string;
  readonly alias: string;
  readonly by: readonly Pick<Serving, 'name' | 'version' | 'served_as' | 'share' | 'deployment' | 'strategy'>[];
}

export interface StepChange {
  readonly step: DeploymentStep;
  readonly changes?: DeploymentUpdate;
  readonly answers?: readonly AnswersNow[];
  readonly reason?: string;
}

export class DeploymentBook {
  readonly #parts: DeploymentBookParts;

  constructor(parts: DeploymentBookParts) {
    this.#parts = parts;
  }

  time(): string {
    return this.#parts.now().toISOString();
  }

  get(id: string): StoredDeployment {
    return this.#parts.store.deployments.get(id);
  }

  /** `answers`: what was found on the servers and nobody had written down. Throws DEPLOYMENT_BUSY. */
  add(deployment: NewDeployment, { steps, answers, asked }: { steps: readonly DeploymentStep[]; answers: readonly AnswersNow[]; asked: NonNullable<Asked> }) {
    const { store, ledger } = this.#parts;
    return ledger.record(() => {
      store.deployments.insert(deployment, steps);
      const stored = store.deployments.get(deployment.deployment);
      this.#answer(stored, answers, 'found there');
      const { name, version, target, alias, strategy, served_as, state } = stored;
      const after = { name, version, target, alias, strategy, served_as, state };
      return { result: stored, fact: this.#fact(stored, { asked, before: null, after }) };
    });
  }

  /** Throws PRECONDITION_FAILED, DEPLOYMENT_BUSY. */
  change(id: string, changes: DeploymentUpdate, asked: Asked = null): StoredDeployment {
    const { store, ledger } = this.#parts;
    return ledger.record(() => {
      const before = store.deployments.get(id);
      requireRevision({ subject: `Deployment ${id}`, revision: before.revision }, asked);
      const stored = store.deployments.update(id, changes);
      const after = { state: stored.state, ...(asked?.reason === undefined ? {} : { reason: asked.reason }) };
      return { result: stored, fact: this.#fact(stored, { asked, before: { state: before.state }, after }) };
    });
  }

  /** A step as it stands, what has become of the deployment by it, and what answers since: all or nothing. */
  step(id: string, { step, changes, answers = [], reason = '' }: StepChange): void {
    const { store, ledger } = this.#parts;
    ledger.record(() => {
      store.deployments.putStep(id, step);
      const stepped: CoreEvent = { event: 'deployment.stepped', data: { deployment: id, step } };
      const stored = changes === undefined ? store.deployments.get(id) : store.deployments.update(id, changes);
      const moved = this.#answer(stored, answers, reason);
      const changed = changes === undefined ? { audit: null, outbox: [], events: [] } : this.#fact(stored, { asked: null, before: null, after: null });
      const audit = moved.length === 0 ? null : movedFact(stored, moved, reason);
      return { result: null, fact: { audit, outbox: changed.outbox, events: [stepped, ...changed.events] } };
    });
  }

  /** All or nothing; what it tells is told afterwards. */
  together<Result>(act: () => Result): Result {
    return this.#parts.ledger.record(() => ({ result: act(), fact: { audit: null, outbox: [], events: [] } }));
  }

  /** It goes on at this moment; nobody is told. */
  seen(id: string): void {
    this.#parts.store.unflushedTransaction(() => this.#parts.store.deployments.seen(id, this.time()));
  }

  sample(id: string, samples: readonly DeploymentSample[]): void {
    const { store, ledger } = this.#parts;
    ledger.record(() => {
      store.deployments.addSamples(id, samples);
      return { result: null, fact: { audit: null, outbox: [], events: [{ event: 'deployment.sampled', data: { deployment: id, samples: [...samples] } }] } };
    });
  }

  /** As callers see it. */
  details(deployment: StoredDeployment): DeploymentDetails {
    return { ...shownDeployment(deployment), config: deployment.config, steps: [...this.#parts.store.deployments.steps(deployment.deployment)] };
  }

  /** Returns those places where something else answers than what was written down. */
  #answer({ target, actor }: StoredDeployment, answers: readonly AnswersNow[], reason: string): readonly AnswersNow[] {
    const { store } = this.#parts;
    const at = this.time();
    return answers.filter(({ server, alias, by }) => {
      const open = store.servings.open(target, alias).filter((each) => each.server === server);
      if (sameAnswers(open, by)) return false;
      store.servings.end({ target, server, alias }, at);
      for (const each of by) store.servings.add({ target, server, alias, ...each, from: at, actor, reason });
      return true;
    });
  }

  #fact(stored: StoredDeployment, { asked, before, after }: { asked: Asked; before: unknown; after: unknown }) {
    const subject = `deployment ${stored.deployment}`;
    const audit = asked === null ? null : { actor: asked.actor, action: asked.action, subject, before, after };
    const changed: CoreEvent = { event: 'deployment.changed', data: shownDeployment(stored) };
    return { audit, outbox: [deploymentFact(stored)], events: [changed] };
  }
}

type Answering = AnswersNow['by'][number];

function sameAnswers(open: readonly Serving[], by: readonly Answering[]): boolean {
  const keys = (each: readonly Pick<Serving, 'served_as' | 'share'>[]): string => JSON.stringify(each.map((s) => `${s.served_as} ${s.share}`).sort());
  return keys(open) === keys(by);
}

/** Whoever began the deployment moves the traffic, whichever step does. */
function movedFact({ actor, target, deployment, strategy }: StoredDeployment, moved: readonly AnswersNow[], reason: string) {
  const places = moved.map(({ server, alias, by }) => ({ server, alias, by: by.map(({ served_as, share }) => ({ served_as, share })) }));
  return { actor, action: 'deployments.moved', subject: `target ${target}`, before: null, after: { deployment, strategy, places, reason } };
}

export const shownDeployment = (stored: StoredDeployment): Deployment => Deployment.parse(stored);

/** What HANA is told of a deployment: no paths of this machine, no prompts. */
export function deploymentFact(stored: StoredDeployment): OutboxFact {
  const { deployment: id, name, version, target, environment, alias, strategy, state, traffic, created, ended, error } = stored;
  const payload = { deployment: id, name, version, target, environment, alias, strategy, state, traffic, created, ended, error: error?.code ?? null };
  return { entity: 'deployment', id, schema: 1, payload };
}
