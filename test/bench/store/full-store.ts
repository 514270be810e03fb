/** A store as it is after years: runs, the steps of one long run, versions; each row as large as a real one. */
import type { Store } from '../../../main/store/store.ts';
import type { RunLogLine } from '../../../shared/contracts/run-events.ts';
import { planOf, stepEntry, testRequest } from '../../support/run-folder.ts';

export interface StoreSize {
  readonly runs: number;
  readonly steps: number;
  readonly versions: number;
}

/** The run that has the steps: the newest. */
export const longRun = 'run-with-steps';

const begin = Date.UTC(2026, 0, 1);
const at = (minute: number): string => new Date(begin + minute * 60_000).toISOString();
const versionsOfName = 100;

export function fillStore(store: Store, { runs, steps, versions }: StoreSize): void {
  store.transaction(() => {
    for (let i = 1; i < runs; i += 1) addRun(store, `run-${i}`, i);
    addRun(store, longRun, runs);
    store.runs.append(
      longRun,
      Array.from({ length: steps }, (_, i): RunLogLine => ({ at: at(runs), ...stepEntry(i + 1) })),
    );
    for (let i = 0; i < versions; i += 1) addVersion(store, i);
  });
}

function addRun(store: Store, run: string, i: number): void {
  const request = testRequest(`/models/base-${i % 7}.gguf`, { data: `/data/rows-${i % 31}.jsonl` });
  store.runs.insert({ run, name: `number ${i}`, dir: `/runs/${run}`, priority: 0, created: at(i), queued: at(i), request });
  store.runs.update(run, { state: i % 100 === 0 ? 'failed' : 'done', started: at(i), ended: at(i + 1), plan: planOf(1e9), steps: 9, attempt: 1 });
}

function addVersion(store: Store, i: number): void {
  const name = `model-${i % versionsOfName}`;
  const version = `1.${Math.floor(i / versionsOfName)}.0`;
  const { config } = testRequest('/models/base.gguf');
  const sha256 = i.toString(16).padStart(64, '0');
  store.versions.insert({
    state: i % 10 === 0 ? 'approved' : 'draft',
    dir: `/registry/${name}/${version}`,
    record: {
      ...{ name, version, kind: 'adapter', description: `Number ${i}.`, metadata: { team: `t${i % 7}` }, created: at(i), lathe: '0.1.0', origin: 'run' },
      ...{ created_by: { user: 'ada', host: 'here', token: null }, run: `run-${i + 1}`, base_model: { name: `base-${i % 5}`, path: null, sha256 } },
      ...{ dataset: { name: 'rows', path: null, sha256 }, lineage: [], evaluation: null, metrics: { final_loss: i / 1_000, eval_loss: 1 } },
      parameters: { lora: config.lora, training: config.training },
      artifacts: ['adapter/adapter_config.json', 'adapter/adapter_model.safetensors', 'adapter.gguf', 'card.md'].map((path) => ({ path, bytes: i, sha256 })),
    },
  });
  if (i % versionsOfName === i) store.tags.put(name, 'production', version);
}
