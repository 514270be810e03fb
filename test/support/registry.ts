/** A registry over a store and folders of its own, and runs for it to register; no compute process. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import { resolveTrainingConfig } from '../../shared/domain/resolve-training-config.ts';
import { newRunId } from '../../shared/domain/run-id.ts';
import type { RunRecord } from '../../shared/domain/run-record.ts';
import { findPaths, type Paths } from '../../main/platform/paths.ts';
import type { Caller } from '../../main/services/caller.ts';
import { gateScores } from '../../main/services/benchmarks/gate-scores.ts';
import { Gates } from '../../main/services/benchmarks/gates.ts';
import { ComputeJobs } from '../../main/services/compute-jobs.ts';
import { EventHub } from '../../main/services/event-hub.ts';
import { Ledger } from '../../main/services/ledger.ts';
import { Registry } from '../../main/services/registry/registry.ts';
import { SharedArtifacts } from '../../main/services/registry/shared-artifacts.ts';
import { VersionBook } from '../../main/services/registry/version-book.ts';
import { Shelves } from '../../main/services/shelves.ts';
import { openStore, type Store } from '../../main/store/store.ts';
import type { StoredVersion } from '../../main/store/version-rows.ts';
import { keepingLogger } from './keeping-logger.ts';
import { stepEntry, writeRunFolder } from './run-folder.ts';

export const testCaller: Caller = { actor: { user: 'ada', host: 'here', token: null }, role: 'admin' };
export const trainerCaller: Caller = { actor: { user: 'bob', host: 'here', token: null }, role: 'trainer' };

/** Only the key of what a call answered. */
export const wordsOf = ({ name, version }: { readonly name: string; readonly version: string }) => ({ name, version });

export interface TestRegistry {
  readonly registry: Registry;
  readonly gates: Gates;
  readonly store: Store;
  readonly paths: Paths;
  readonly events: CoreEvent[];
}

export function testRegistry(home: string, { isConnected = false, database = 'lathe.db' } = {}): TestRegistry {
  const paths = findPaths({ LATHE_HOME: home });
  const log = keepingLogger();
  const store = openStore(join(home, database), log);
  const hub = new EventHub(log);
  const events: CoreEvent[] = [];
  hub.subscribe((event) => events.push(event));
  let ms = Date.UTC(2026, 0, 31);
  const now = (): Date => new Date((ms += 1_000));
  const ledger = new Ledger({ store, hub, now, isConnected: () => isConnected, onSealed: () => undefined });
  const book = new VersionBook({ store, ledger, now, folder: paths.registry });
  const refuse = () => Promise.reject(new Error('there is no engine here'));
  const compute = new ComputeJobs({ supervisor: undefined as never, engine: refuse, power: undefined as never });
  const gates = new Gates({ store, ledger, scores: gateScores(store.scores) });
  const artifacts = new SharedArtifacts({ store, place: () => null, log });
  const parts = { artifacts, paths, store, shelves: new Shelves(paths, home), compute, book, judge: (version: StoredVersion) => gates.evaluate(version) };
  return { registry: new Registry(parts), gates, store, paths, events };
}

interface MadeRun {
  readonly store: Store;
  readonly paths: Paths;
  readonly state?: 'done' | 'failed';
  readonly rank?: number;
  readonly loss?: number;
  readonly lineage?: RunRecord['lineage'];
}

/** A run folder with an adapter, and its row. */
export function madeRun({ store, paths, state = 'done', rank = 16, loss = 0.5, lineage = [] }: MadeRun): { readonly run: string; readonly dir: string } {
  const run = newRunId(new Date('2026-01-31T10:00:00.000Z'));
  const dir = writeRunFolder(join(paths.runs, run), { run, started: '2026-01-31T10:00:00.000Z', events: [stepEntry(1)] });
  const path = join(dir, 'run.yaml');
  const record = parse(readFileSync(path, 'utf8')) as RunRecord;
  record.config.lora.rank = rank;
  writeFileSync(path, stringify({ ...record, lineage }));
  const adapter = join(dir, 'adapter');
  mkdirSync(adapter);
  writeFileSync(join(adapter, 'adapter_config.json'), '{}');
  writeFileSync(join(adapter, 'adapter_model.safetensors'), `weights of rank ${rank}`);
  const request = resolveTrainingConfig({}, { model: '/models/m.gguf', dataPath: '/rows.jsonl', cores: 1 });
  const { config, explicit, notes } = request;
  store.runs.insert({ run, name: null, dir, priority: 0, created: record.started, queued: record.started, request: { config, explicit, notes } });
  const result = { run, adapter, steps: 9, final_loss: loss, eval_loss: 0.7, seconds: 1, tokens: 90, peak_rss_bytes: 1 };
  store.runs.update(run, { state, result });
  return { run, dir };
}
