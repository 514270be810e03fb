/** What can be done with targets: servers by a name, what they are, and what differs from what was left there. */
import type { CoreEvent, OutputOf } from '../../../shared/contracts/calls.ts';
import type { KnownTarget } from '../../../shared/contracts/deployment-calls.ts';
import type { ServerReport, Target } from '../../../shared/domain/target.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTarget } from '../../store/target-rows.ts';
import type { Caller } from '../caller.ts';
import type { Fact, Ledger } from '../ledger.ts';
import { requireRevision } from '../revision.ts';
import { findDrift } from './drift.ts';
import type { OpenTarget } from './steps/step-act.ts';
import type { TargetDriver } from './target-driver.ts';

export interface TargetsParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly open: (target: Target) => Promise<OpenTarget>;
  readonly now: () => Date;
  readonly log: Logger;
  /** What a server has from an earlier Lathe becomes known. */
  readonly adopt: (target: Target, opened: OpenTarget, caller: Pick<Caller, 'actor'>) => Promise<void>;
}

const patienceMs = 20_000;

export class Targets {
  readonly #parts: TargetsParts;

  constructor(parts: TargetsParts) {
    this.#parts = parts;
  }

  list(): OutputOf<'targets.list'> {
    return { targets: this.#parts.store.targets.list().map((each) => this.#known(each)) };
  }

  /** Throws DEPLOY_TARGET_BUSY, PRECONDITION_FAILED. */
  save(target: Target, { actor, revision }: Caller): KnownTarget {
    const { store, ledger } = this.#parts;
    return ledger.record(() => {
      const before = store.targets.find(target.name);
      if (before !== null) {
        requireRevision({ subject: `Target ${target.name}`, revision: before.revision }, { revision });
        this.#requireIdle(target.name);
      }
      store.targets.put(target);
      const audit = { actor, action: 'targets.save', subject: `target ${target.name}`, before: before?.target ?? null, after: target };
      const result = this.#known(store.targets.get(target.name));
      return { result, fact: { audit, ...changed(result) } };
    });
  }

  /** What it serves goes on; its history stays. Throws DEPLOY_TARGET_UNKNOWN, DEPLOY_TARGET_BUSY. */
  remove(name: string, { actor, revision }: Caller): null {
    const { store, ledger } = this.#parts;
    return ledger.record(() => {
      const { target, revision: has } = store.targets.get(name);
      requireRevision({ subject: `Target ${name}`, revision: has }, { revision });
      this.#requireIdle(name);
      store.targets.remove(name);
      const audit = { actor, action: 'targets.remove', subject: `target ${name}`, before: target, after: null };
      return { result: null, fact: { audit, outbox: [], events: [{ event: 'target.removed', data: { target: name } }] } };
    });
  }

  /** Throws DEPLOY_TARGET_UNKNOWN, SECRET_*. */
  async check(name: string, caller: Pick<Caller, 'actor'>): Promise<KnownTarget> {
    const { store, ledger, open, adopt, log } = this.#parts;
    const { target } = store.targets.get(name);
    const opened = await open(target);
    const reports = await Promise.all([...opened.drivers.values()].map((driver) => this.#report(driver)));
    await adopt(target, opened, caller).catch((error: unknown) => log.warn('nothing was adopted', { target: name, problem: toAppError(error).message }));
    const drift = await findDrift(target, opened, this.#parts);
    return ledger.record(() => {
      store.targets.setFindings(name, { reports: [...reports], drift: [...drift] });
      const result = this.#known(store.targets.get(name));
      return { result, fact: { audit: null, ...changed(result) } };
    });
  }

  async #report(driver: TargetDriver): Promise<ServerReport> {
    try {
      return await driver.check({ signal: AbortSignal.timeout(patienceMs) });
    } catch (error) {
      const { message, remedy } = toAppError(error);
      return failedReport(driver.server, { at: this.#parts.now().toISOString(), problem: `${message}. ${remedy}` });
    }
  }

  #known({ target, reports, drift, revision }: StoredTarget): KnownTarget {
    const active = this.#parts.store.deployments.active().flatMap((each) => (each.target === target.name ? [each.deployment] : []));
    return { target, reports, drift, active, revision };
  }

  #requireIdle(name: string): void {
    const busy = this.#parts.store.deployments.active().find((each) => each.target === name);
    if (busy !== undefined) throw new AppError('DEPLOY_TARGET_BUSY', { target: name, deployment: busy.deployment });
  }
}

const changed = (known: KnownTarget): Pick<Fact, 'outbox' | 'events'> => {
  const event: CoreEvent = { event: 'target.changed', data: known };
  return { outbox: [], events: [event] };
};

const failedReport = (server: string, { at, problem }: { readonly at: string; readonly problem: string }): ServerReport => ({
  ...{ server, at, state: 'failed', version: null, auth: null, distributed: null },
  can: { install: false, alias: false, score: false, patch: false, resources: false },
  ...{ memory_free_bytes: null, memory_total_bytes: null, models_bytes: null, loaded: [], aliases: [], artifact_address: null, round_trip_ms: null },
  problems: [problem],
});
