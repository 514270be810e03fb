/** Binds the contract table to the services: role, schema, service, and an answer that is plain data. */
import { calls, isCallName, type CallName } from '../../shared/contracts/calls.ts';
import type { HostStatus } from '../../shared/contracts/host-calls.ts';
import { isAllowed } from '../../shared/domain/role.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Caller } from '../services/caller.ts';
import type { HandlersOf } from './handlers.ts';
import { keepingHandlers, type KeepingServices } from './keeping-handlers.ts';
import { registryHandlers, type RegistryServices } from './registry-handlers.ts';
import type { Runs } from '../services/runs.ts';
import type { Tokens } from '../services/tokens.ts';

export interface Services {
  readonly runs: Runs;
  readonly tokens: Tokens;
  readonly versions: RegistryServices;
  readonly keeping: KeepingServices;
  readonly status: () => HostStatus;
  readonly end: () => void;
}

type Handlers = HandlersOf<CallName>;

function handlersOf({ runs, versions, tokens, keeping, status, end }: Services): Handlers {
  return {
    'host.status': () => status(),
    'host.end': () => {
      end();
      return null;
    },
    'runs.start': (input, { actor }) => runs.start(input, actor),
    'runs.list': (input) => runs.list(input),
    'runs.get': ({ run }) => runs.get(run),
    'runs.status': ({ run }) => runs.status(run),
    'runs.metrics': (input) => runs.metrics(input),
    'runs.lines': (input) => runs.lines(input),
    'runs.pause': ({ run }, { actor }) => runs.pause(run, actor),
    'runs.continue': ({ run }, { actor }) => runs.continue(run, actor),
    'runs.stop': (input, { actor }) => runs.stop(input, actor),
    'runs.resume': (input, { actor }) => runs.resume(input, actor),
    'runs.adopt': ({ dir }, { actor }) => runs.adopt(dir, actor),
    'runs.setPriority': (input, { actor }) => runs.setPriority(input, actor),
    'runs.remove': ({ run }, { actor }) => runs.remove(run, actor),
    'tokens.create': (input, { actor }) => tokens.create(input, actor),
    'tokens.list': () => tokens.list(),
    'tokens.revoke': ({ token }, { actor }) => tokens.revoke(token, actor),
    ...registryHandlers(versions),
    ...keepingHandlers(keeping),
  };
}

export class Dispatcher {
  readonly #handlers: Handlers;

  constructor(services: Services) {
    this.#handlers = handlersOf(services);
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
    return await handler(parsed.data, caller);
  }
}
