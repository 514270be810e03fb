/** Every call with an input that is right, in an order in which it is. A new call needs a place here; `every-call.test.ts` says so. */
import { availableParallelism } from 'node:os';
import type { CallName, InputOf } from '../../shared/contracts/calls.ts';

export type RightCall = { readonly [N in CallName]: { readonly name: N; readonly input: InputOf<N>; readonly waitFor?: string } }[CallName];

const start = (steps: number, threads = 1): InputOf<'runs.start'> => ({
  config: { model: 'lathe-base', data: { path: 'support' }, training: { max_steps: steps, warmup_steps: 1 }, cpu_optimization: { num_workers: threads } },
  name: 'made by a test',
});

/** Texts RUN, OTHER, FOLDER and BACKUP are exchanged for ids and folders. `waitFor` is the state that RUN must have come to before. */
export const rightCalls: readonly RightCall[] = [
  { name: 'host.status', input: {} },
  { name: 'runs.start', input: start(100_000) },
  { name: 'runs.start', input: start(100_001, availableParallelism()) },
  // It waits, since it wants every core.
  { name: 'runs.setPriority', input: { run: 'OTHER', priority: 5 } },
  { name: 'runs.stop', input: { run: 'OTHER', force: true } },
  { name: 'runs.list', input: { text: 'support', limit: 10 } },
  { name: 'runs.pause', input: { run: 'RUN' }, waitFor: 'running' },
  { name: 'runs.continue', input: { run: 'RUN' } },
  { name: 'runs.get', input: { run: 'RUN' } },
  { name: 'runs.status', input: { run: 'RUN' } },
  { name: 'runs.metrics', input: { run: 'RUN', limit: 10 } },
  { name: 'runs.lines', input: { run: 'RUN', limit: 10 } },
  { name: 'runs.stop', input: { run: 'RUN', force: true } },
  { name: 'runs.resume', input: { run: 'RUN', cpu_optimization: { num_workers: 1 } }, waitFor: 'ended' },
  { name: 'runs.stop', input: { run: 'RUN', force: true } },
  { name: 'runs.adopt', input: { dir: 'FOLDER' }, waitFor: 'ended' },
  { name: 'runs.remove', input: { run: 'RUN' } },
  { name: 'tokens.create', input: { name: 'for a test', role: 'viewer' } },
  { name: 'tokens.list', input: {} },
  { name: 'tokens.revoke', input: { token: 'for a test' } },
  { name: 'store.backup', input: { to: 'BACKUP' } },
];
