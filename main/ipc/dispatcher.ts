/** Binds the contract table to the services: role, schema, service, and an answer that is plain data. */
import { randomUUID } from 'node:crypto';
import { calls, isCallName, type CallName } from '../../shared/contracts/calls.ts';
import type { HostStatus } from '../../shared/contracts/host-calls.ts';
import { isAllowed } from '../../shared/domain/role.ts';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import type { Caller } from '../services/caller.ts';
import type { HandlersOf } from './handlers.ts';
import type { Benchmarks } from '../services/benchmarks/benchmarks.ts';
import { benchmarkHandlers } from './benchmark-handlers.ts';
import { chatHandlers } from './chat-handlers.ts';
import { deploymentHandlers, type DeploymentServices } from './deployment-handlers.ts';
import { deskHandlers, type DeskServices } from './desk-handlers.ts';
import { hanaHandlers, type HanaServices } from './hana-handlers.ts';
import { judgingHandlers, type JudgingServices } from './judging-handlers.ts';
import { keepingHandlers, type KeepingServices } from './keeping-handlers.ts';
import { scheduleHandlers } from './schedule-handlers.ts';
import { registryHandlers, type RegistryServices } from './registry-handlers.ts';
import type { Logger } from '../platform/logger.ts';
import type { Runs } from '../services/runs.ts';
import type { Schedules } from '../services/schedules/schedules.ts';
import type { Tokens } from '../services/tokens.ts';

export interface Services {
  readonly runs: Runs;
  readonly scoring: { readonly benchmarks: Benchmarks } & Pick<JudgingServices, 'comparisons'>;
  readonly schedules: Schedules;
  readonly tokens: Tokens;
  readonly versions: RegistryServices & Pick<JudgingServices, 'gates'>;
  readonly keeping: KeepingServices;
  readonly desk: DeskServices;
  readonly deploy: DeploymentServices;
  readonly hana: HanaServices;
  readonly status: () => HostStatus;
  readonly end: () => void;
}

type Handlers = HandlersOf<CallName>;

function handlersOf({ runs, versions, scoring, schedules, tokens, keeping, desk, deploy, hana, status, end }: Services): Handlers {
  return {
    'host.status': () => status(),
    'host.end': () => {
      end();
      return null;
    },
    'runs.start': (input, { actor }) => runs.start(input, actor),
    'runs.plan': (input) => desk.lookIns.plan(input),
    'runs.list': (input) => runs.list(input),
    'runs.get': ({ run }) => runs.get(run),
    'runs.status': ({ run }) => runs.status(run),
    'runs.metrics': (input) => runs.metrics(input),
    'runs.sparklines': (input) => runs.sparklines(input),
    'runs.lines': (input) => runs.lines(input),
    'runs.pause': ({ run }, caller) => runs.pause(run, caller),
    'runs.continue': ({ run }, caller) => runs.continue(run, caller),
    'runs.stop': (input, caller) => runs.stop(input, caller),
    'runs.resume': (input, caller) => runs.resume(input, caller),
    'runs.adopt': ({ dir }, { actor }) => runs.adopt(dir, actor),
    'runs.setPriority': (input, caller) => runs.setPriority(input, caller),
    'runs.remove': ({ run }, caller) => runs.remove(run, caller),
    'tokens.create': (input, { actor }) => tokens.create(input, actor),
    'tokens.list': () => tokens.list(),
    'tokens.revoke': ({ token }, { actor }) => tokens.revoke(token, actor),
    ...registryHandlers(versions),
    ...benchmarkHandlers(scoring.benchmarks),
    ...judgingHandlers({ ...versions, comparisons: scoring.comparisons }),
    ...keepingHandlers(keeping, desk.lookIns),
    ...deskHandlers(desk),
    ...chatHandlers(desk.chats),
    ...deploymentHandlers(deploy),
    ...scheduleHandlers(schedules),
    ...hanaHandlers(hana),
  };
}

/** A call that takes longer is logged: somebody waited for it. */
const slowMs = 100;

export class Dispatcher {
  readonly #handlers: Handlers;
  readonly #log: Logger;

  constructor(services: Services, log: Logger) {
    this.#handlers = handlersOf(services);
    this.#log = log;
  }

  /** `name` and `input` come from outside. Throws CHANNEL_UNKNOWN, ROLE_MISSING, INPUT_INVALID, and what the service throws. */
  async dispatch(name: string, input: unknown, caller: Caller): Promise<unknown> {
    if (!isCallName(name)) throw new AppError('CHANNEL_UNKNOWN', { name });
    const { role, input: schema } = calls[name];
    if (!isAllowed(caller.role, role)) throw new AppError('ROLE_MISSING', { action: name, needs: role, has: caller.role });
    const parsed = schema.safeParse(input);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new AppError('INPUT_INVALID', { where: [name, ...(issue?.path ?? [])].join('.'), problem: issue?.message ?? 'not in the contract' });
    }
    // The schema that parsed it is the handler's own.
    const handler = this.#handlers[name] as (given: unknown, by: Caller) => unknown;
    return this.#timed(name, () => handler(parsed.data, caller));
  }

  /** The lines that traces are made from: every call with its own id and its time, at debug; what was slow, as a warning. */
  async #timed(name: CallName, act: () => unknown): Promise<unknown> {
    const call = randomUUID();
    const start = performance.now();
    let outcome = 'ok';
    try {
      return await act();
    } catch (error) {
      outcome = isAppError(error) ? error.code : 'INTERNAL';
      throw error;
    } finally {
      const ms = Math.round(performance.now() - start);
      const fields = { call, name, outcome, ms };
      if (ms > slowMs) this.#log.warn('slow call', fields);
      else this.#log.debug('call answered', fields);
    }
  }
}
