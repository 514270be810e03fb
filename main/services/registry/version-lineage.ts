/** What versions were made from, as a graph: base model and data, the run, the adapters and runs it went on from, the version. */
import { relative, sep } from 'node:path';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Lineage, LineageNode } from '../../../shared/contracts/registry-calls.ts';
import { runFiles, type RunRecord } from '../../../shared/domain/run-record.ts';
import { versionText } from '../../../shared/domain/version.ts';
import type { VersionSource } from '../../../shared/domain/version-record.ts';
import type { Paths } from '../../platform/paths.ts';
import type { StoredRun } from '../../store/run-rows.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import { readRecord } from '../run-folders.ts';
import { datasetName, modelName } from './source-name.ts';
import { scoresOfVersion } from './version-scores.ts';

type Relation = Lineage['edges'][number]['relation'];

export function versionLineage(versions: readonly StoredVersion[], { store, paths, folder }: LineageParts): Lineage {
  const graph = new LineageGraph({ store, paths, folder });
  for (const version of versions) graph.addVersion(version);
  return graph.result();
}

export interface LineageParts {
  readonly store: Store;
  readonly paths: Paths;
  /** Holds one folder a name. */
  readonly folder: string;
}

class LineageGraph {
  readonly #parts: LineageParts;
  readonly #nodes = new Map<string, LineageNode>();
  readonly #edges = new Map<string, Lineage['edges'][number]>();

  constructor(parts: LineageParts) {
    this.#parts = parts;
  }

  result(): Lineage {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] };
  }

  addVersion({ name, version, state, record }: StoredVersion): string {
    const id = `version:${versionText({ name, version })}`;
    if (this.#nodes.has(id)) return id;
    this.#node({ id, kind: 'version', label: versionText({ name, version }), facts: { state, created: record.created, run: record.run } });
    this.#addScores(id, { name, version });
    this.#addDeployments(id, { name, version });
    const { run, base_model: base, dataset, lineage } = record;
    const made = run === null ? null : this.#addRun(run);
    if (made !== null) {
      this.#edge(made, id, 'registered_as');
      return id;
    }
    // Its run is not here, so what it came from is told by its own record.
    this.#edge(this.#addSource('base_model', base), id, 'base_of');
    if (dataset !== null) this.#edge(this.#addSource('dataset', dataset), id, 'data_of');
    this.#addAncestors(id, lineage);
    return id;
  }

  #addDeployments(id: string, { name, version }: { readonly name: string; readonly version: string }): void {
    for (const { deployment, target, environment, alias, state, traffic, created } of this.#parts.store.deployments.ofVersion(name, version)) {
      this.#node({
        id: `deployment:${deployment}`,
        kind: 'deployment',
        label: `${alias} at ${target}`,
        facts: { deployment, environment, state, traffic, created },
      });
      this.#edge(id, `deployment:${deployment}`, 'deployed_as');
    }
  }

  #addScores(id: string, key: { readonly name: string; readonly version: string }): void {
    for (const { score, benchmark, result } of scoresOfVersion(this.#parts.store, key)) {
      const [metric] = result.metrics;
      const facts = { score, items: result.items, metric: metric?.name ?? null, value: metric?.value ?? null, stderr: metric?.stderr ?? null };
      this.#node({ id: `benchmark:${score}`, kind: 'benchmark', label: benchmark, facts });
      this.#edge(id, `benchmark:${score}`, 'scored_by');
    }
  }

  /** null where neither store nor folder know of it. */
  #addRun(run: string): string | null {
    const id = `run:${run}`;
    if (this.#nodes.has(id)) return id;
    const stored = this.#parts.store.runs.find(run);
    if (stored === null || !existsSync(join(stored.dir, runFiles.record))) return null;
    const record = readRecord(stored.dir);
    this.#node({ id, kind: 'run', label: run, facts: runFacts(stored, record) });
    const { paths } = this.#parts;
    const { base_model: base, dataset } = record;
    this.#edge(this.#addSource('base_model', { name: modelName(base.path, paths), path: base.path, sha256: base.sha256 }), id, 'base_of');
    this.#edge(this.#addSource('dataset', { name: datasetName(dataset.path, paths), path: dataset.path, sha256: dataset.sha256 }), id, 'data_of');
    this.#addAncestors(id, record.lineage);
    return id;
  }

  /** Nearest first; each leads to the one before. */
  #addAncestors(id: string, lineage: RunRecord['lineage']): void {
    const [nearest, ...earlier] = lineage;
    if (nearest === undefined) return;
    const version = this.#registered(nearest.path);
    const run = version === null && nearest.run !== null ? this.#addRun(nearest.run) : null;
    const ancestor = version === null ? run : this.addVersion(version);
    if (ancestor !== null) return this.#edge(ancestor, id, 'continued_by');
    const adapter = `adapter:${nearest.sha256}`;
    this.#node({ id: adapter, kind: 'adapter', label: nearest.path, facts: { sha256: nearest.sha256, run: nearest.run } });
    this.#edge(adapter, id, 'continued_by');
    this.#addAncestors(adapter, earlier);
  }

  /** The version in whose folder the path lies. */
  #registered(path: string): StoredVersion | null {
    const [name = '', version = ''] = relative(this.#parts.folder, path).split(sep);
    return this.#parts.store.versions.find({ name, version });
  }

  #addSource(kind: 'base_model' | 'dataset', { name, path, sha256 }: VersionSource): string {
    const id = `${kind}:${sha256 ?? name}`;
    this.#node({ id, kind, label: name, facts: { sha256, path } });
    return id;
  }

  #node(node: LineageNode): void {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
  }

  #edge(from: string, to: string, relation: Relation): void {
    this.#edges.set(`${from} ${to} ${relation}`, { from, to, relation });
  }
}

const runFacts = ({ state, result }: StoredRun, { started, resumed }: RunRecord): LineageNode['facts'] => ({
  state,
  started,
  resumed: resumed.length,
  final_loss: result?.final_loss ?? null,
  eval_loss: result?.eval_loss ?? null,
});
