/** Every call with an input that is right, in an order in which it is. A new call needs a place here; `every-call.test.ts` says so. */
import { availableParallelism } from 'node:os';
import { projectFiles } from '../../main/platform/project-files.ts';
import type { CallName, InputOf } from '../../shared/contracts/calls.ts';

export type RightCall = { readonly [N in CallName]: { readonly name: N; readonly input: InputOf<N>; readonly waitFor?: string } }[CallName];

const start = (steps: number, threads = 1): InputOf<'runs.start'> => ({
  config: { model: 'lathe-base', data: { path: 'support' }, training: { max_steps: steps, warmup_steps: 1 }, cpu_optimization: { num_workers: threads } },
  name: 'made by a test',
});

/** Of the right shape; nobody opens it. */
const sealed = { iv: 'abcd', tag: 'abcd', data: 'abcd' };

/** Words in capitals are exchanged for ids and folders of the three runs that are started. `waitFor`: a run, and the state that it must have come to before. */
export const rightCalls: readonly RightCall[] = [
  { name: 'host.status', input: {} },
  { name: 'host.about', input: {} },
  { name: 'host.logs', input: { level: 'warn', run: 'nobody' } },
  { name: 'host.diagnose', input: {} },
  { name: 'help.list', input: {} },
  { name: 'help.get', input: { id: 'values' } },
  { name: 'files.list', input: { dir: 'HOME', kind: 'data' } },
  { name: 'runs.plan', input: { config: start(10).config } },
  { name: 'runs.start', input: start(100_000) },
  { name: 'runs.start', input: start(100_001, availableParallelism()) },
  // It waits, since it wants every core.
  { name: 'runs.setPriority', input: { run: 'OTHER', priority: 5 } },
  { name: 'runs.stop', input: { run: 'OTHER', force: true } },
  { name: 'runs.list', input: { text: 'support', limit: 10 } },
  { name: 'runs.pause', input: { run: 'RUN' }, waitFor: 'RUN running' },
  { name: 'runs.continue', input: { run: 'RUN' } },
  { name: 'runs.get', input: { run: 'RUN' } },
  { name: 'runs.status', input: { run: 'RUN' } },
  { name: 'runs.metrics', input: { run: 'RUN', limit: 10 } },
  { name: 'runs.sparklines', input: { runs: ['RUN', 'OTHER'], points: 10 } },
  { name: 'runs.lines', input: { run: 'RUN', limit: 10 } },
  { name: 'runs.stop', input: { run: 'RUN', force: true } },
  { name: 'runs.resume', input: { run: 'RUN', cpu_optimization: { num_workers: 1 } }, waitFor: 'RUN ended' },
  { name: 'runs.stop', input: { run: 'RUN', force: true } },
  { name: 'runs.adopt', input: { dir: 'FOLDER' }, waitFor: 'RUN ended' },
  { name: 'runs.remove', input: { run: 'RUN' } },
  { name: 'runs.start', input: start(2) },
  { name: 'registry.register', input: { name: 'support', run: 'DONE', tags: ['first'] }, waitFor: 'DONE done' },
  { name: 'registry.register', input: { name: 'support', base: 'lathe-base', description: 'a note' } },
  { name: 'registry.import', input: { name: 'taken', path: 'ADAPTER', model: 'lathe-base' } },
  {
    name: 'chat.generate',
    input: { side: { model: 'lathe-base', adapter: 'DONE' }, messages: [{ role: 'user', content: 'Where is it?' }], max_tokens: 1 },
  },
  { name: 'chat.stop', input: { chat: 'nobody' } },
  { name: 'chat.close', input: {} },
  { name: 'registry.list', input: { text: 'support', limit: 10 } },
  { name: 'registry.get', input: { name: 'support', version: 'first' } },
  { name: 'registry.card', input: { name: 'support', version: 'first' } },
  { name: 'registry.next', input: { name: 'support' } },
  { name: 'registry.update', input: { name: 'support', version: 'first', description: 'said otherwise', metadata: { model: 'somebody/else' } } },
  { name: 'registry.setState', input: { name: 'support', version: 'first', state: 'candidate' } },
  { name: 'registry.tag', input: { name: 'support', version: 'first', tag: 'tried' } },
  { name: 'registry.untag', input: { name: 'support', tag: 'tried', reason: 'it was' } },
  { name: 'registry.history', input: { name: 'support', tag: 'tried' } },
  { name: 'registry.compare', input: { model1: { name: 'support', version: 'first' }, model2: { name: 'taken' } } },
  { name: 'registry.lineage', input: { name: 'support', version: 'first' } },
  { name: 'registry.verify', input: { name: 'support', version: 'first' } },
  { name: 'registry.export', input: { name: 'support', version: 'first', dir: 'EXPORT' } },
  { name: 'registry.remove', input: { name: 'taken' } },
  { name: 'registry.ofRun', input: { run: 'DONE' } },
  { name: 'models.add', input: { name: 'base', path: projectFiles.embeddedModel } },
  { name: 'models.list', input: { text: 'base' } },
  { name: 'models.get', input: { name: 'base' } },
  { name: 'models.check', input: { name: 'base' } },
  { name: 'models.remove', input: { name: 'base', force: true } },
  { name: 'models.inspect', input: { path: 'lathe-base' } },
  { name: 'datasets.preview', input: { path: 'support', model: 'lathe-base', show: 2 } },
  { name: 'datasets.add', input: { name: 'rows', path: projectFiles.demoTest, model: 'lathe-base' } },
  { name: 'datasets.list', input: {} },
  { name: 'datasets.get', input: { name: 'rows' } },
  { name: 'datasets.check', input: { name: 'rows' } },
  { name: 'datasets.remove', input: { name: 'rows' } },
  {
    name: 'secrets.put',
    input: { name: 'planted', sealed, lock: { kdf: { name: 'scrypt', salt: 'abcd', cost: 1 << 15, block: 8, lanes: 1 }, check: sealed } },
  },
  { name: 'secrets.list', input: {} },
  { name: 'secrets.remove', input: { name: 'planted' } },
  { name: 'settings.list', input: {} },
  { name: 'settings.set', input: { name: 'max_restarts', value: 3 } },
  { name: 'sync.status', input: {} },
  { name: 'audit.list', input: { limit: 10 } },
  { name: 'audit.verify', input: {} },
  { name: 'tokens.create', input: { name: 'for a test', role: 'viewer' } },
  { name: 'tokens.list', input: {} },
  { name: 'tokens.revoke', input: { token: 'for a test' } },
  { name: 'store.backup', input: { to: 'BACKUP' } },
];
