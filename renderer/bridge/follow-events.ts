/** Keeps what the page knows in step with what the core tells. */
import type { QueryClient } from '@tanstack/react-query';
import type { CoreEvent, OutputOf } from '../../shared/contracts/calls.ts';
import type { Run } from '../../shared/contracts/run-calls.ts';
import type { ShelfItem } from '../../shared/contracts/shelf-calls.ts';
import type { ShelfKind } from '../../shared/domain/shelf-entry.ts';
import type { CoreClient } from './core-client.ts';
import { hearChat, loseChats } from './chat-answers.ts';
import { benchmarkChanged, benchmarkScored } from './follow-benchmarks.ts';
import { invalidate } from './invalidate.ts';
import { hearDeployment } from './hear-deployment.ts';
import { appendLines, forgetSeries } from './run-series.ts';

/** Returns what ends it. */
export function followEvents(client: CoreClient, queries: QueryClient): () => void {
  const stopEvents = client.onEvent((event) => hear(event, queries));
  const stopConnection = client.onConnection((state) => {
    // Whatever was missed meanwhile: the store is asked.
    if (state === 'open') void queries.invalidateQueries();
    else loseChats();
  });
  return () => {
    stopEvents();
    stopConnection();
  };
}

function hear(event: CoreEvent, queries: QueryClient): void {
  switch (event.event) {
    case 'run.changed':
      return runChanged(event.data, queries);
    case 'run.logged':
      return appendLines(event.data.run, event.data.lines);
    case 'run.removed':
      forgetSeries(event.data.run);
      return invalidate(queries, 'runs.');
    case 'version.changed':
      shelvesUsed(queries);
      invalidate(queries, 'deployments.plan');
      return invalidate(queries, 'registry.');
    case 'version.removed':
      return versionRemoved(event.data, queries);
    case 'shelf.changed':
      return shelfChanged(event.data, queries);
    case 'shelf.removed':
      // What is asked of itself is not asked again: there is no answer any more.
      return invalidate(queries, `${shelfOf(event.data)}.list`);
    case 'benchmark.changed':
      return benchmarkChanged(event.data, queries);
    case 'benchmark.scored':
      return benchmarkScored(event.data, queries);
    case 'benchmark.removed':
      // What is asked of itself is not asked again: there is no answer any more.
      for (const call of ['benchmarks.list', 'benchmarks.scores', 'gates.evaluate']) invalidate(queries, call);
      return undefined;
    case 'schedule.changed':
      return invalidate(queries, 'schedules.');
    case 'schedule.removed':
      return invalidate(queries, 'schedules.list');
    case 'target.changed':
    case 'target.removed':
    case 'deployment.changed':
    case 'deployment.stepped':
    case 'deployment.sampled':
      return hearDeployment(event, queries);
    case 'hana.changed':
    case 'hana.removed':
      invalidate(queries, 'hana.');
      return invalidate(queries, 'sync.status');
    case 'sync.changed':
      return invalidate(queries, 'sync.');
    case 'chat.token':
    case 'chat.ended':
    case 'chat.failed':
      return hearChat(event);
    default:
      return undefined;
  }
}

/** What is asked of the version itself is not asked again: there is no answer any more. */
const versionRemoved = ({ name, version }: { readonly name: string; readonly version: string }, queries: QueryClient): void =>
  void queries.invalidateQueries({
    predicate: ({ queryKey: [call, input] }) => {
      const asked = input as { readonly name?: string; readonly version?: string } | undefined;
      return String(call).startsWith('registry.') && !(asked?.name === name && asked.version === version);
    },
  });

/** What stands on the shelves is used once more, whichever it is. */
function shelvesUsed(queries: QueryClient): void {
  for (const call of ['models.get', 'datasets.get']) invalidate(queries, call);
}

const shelfOf = ({ kind }: { readonly kind: ShelfKind }): string => (kind === 'model' ? 'models' : 'datasets');

/** Under a name that was free before, whatever is known of it is of something else. */
function shelfChanged(item: ShelfItem, queries: QueryClient): void {
  queries.removeQueries({ queryKey: [`${shelfOf(item)}.get`, { name: item.name }], type: 'inactive' });
  for (const call of ['list', 'get']) invalidate(queries, `${shelfOf(item)}.${call}`);
}

/** A run's figures change every second: they are put in their places, and only a change of state asks the core again. */
function runChanged(run: Run, queries: QueryClient): void {
  const lists = queries.getQueriesData<OutputOf<'runs.list'>>({ queryKey: ['runs.list'] });
  const before = lists.flatMap(([, list]) => list?.runs ?? []).find((each) => each.run === run.run);
  queries.setQueriesData<OutputOf<'runs.list'>>(
    { queryKey: ['runs.list'] },
    (list) => list && { ...list, runs: list.runs.map((each) => (each.run === run.run ? run : each)) },
  );
  queries.setQueriesData<OutputOf<'runs.get'>>({ queryKey: ['runs.get', { run: run.run }] }, (details) => details && { ...details, ...run });
  if (run.state === 'queued') shelvesUsed(queries);
  if (before?.state === run.state) return;
  invalidate(queries, 'runs.list');
  void queries.invalidateQueries({ queryKey: ['runs.get', { run: run.run }] });
}
