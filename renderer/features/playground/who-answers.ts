/** Who can answer: the models at hand, the adapters that fit each, and who is asked first. */
import type { Run } from '../../../shared/contracts/run-calls.ts';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';

export interface KnownModel {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly sha256: string | null;
  readonly isEmbedded: boolean;
}

export interface KnownAdapter {
  /** As `chat.generate` takes it: a version, or a run's folder. */
  readonly id: string;
  readonly label: string;
  /** Whose adapter it is. */
  readonly run: string | null;
  readonly base: { readonly path: string | null; readonly name: string | null; readonly sha256: string | null };
}

export interface Side {
  /** Path of a known model. */
  readonly model: string;
  readonly adapter: string | null;
}

const fileName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;
const isPath = (model: string): boolean => /[/\\]/.test(model);

/** The one that comes with Lathe first, then the shelf, then what runs were made from and lies elsewhere; each file once. */
export function knownModels(embedded: string, items: readonly ShelfItem[], runs: readonly Run[]): readonly KnownModel[] {
  const first = { path: embedded, name: fileName(embedded).replace(/\.gguf$/, ''), sha256: null, isEmbedded: true };
  const shelf = items.map(({ path, name, sha256 }) => ({ path, name, sha256, isEmbedded: false }));
  const known = new Set([first, ...shelf].flatMap(({ path, name }) => [path, name]));
  const elsewhere = [...new Set(runs.map(({ model }) => model))].filter((model) => isPath(model) && !known.has(model));
  const all = [first, ...shelf, ...elsewhere.map((path) => ({ path, name: fileName(path), sha256: null, isEmbedded: false }))];
  return all.filter(({ path }, index) => all.findIndex((each) => each.path === path) === index);
}

/** Versions that hold an adapter, then runs that are done and have become none. */
export function knownAdapters(versions: readonly Version[], runs: readonly Run[], nameOfRun: (run: Run) => string): readonly KnownAdapter[] {
  const registered = new Set(versions.map(({ run }) => run));
  return [
    ...versions.flatMap(({ kind, name, version, run, base_model }) =>
      kind === 'adapter' ? [{ id: `${name}@${version}`, label: `${name}@${version}`, run, base: base_model }] : [],
    ),
    ...runs
      .filter(({ run, state }) => state === 'done' && !registered.has(run))
      .map((run) => ({ id: run.dir, label: nameOfRun(run), run: run.run, base: baseNamed(run.model) })),
  ];
}

const baseNamed = (model: string): KnownAdapter['base'] =>
  isPath(model) ? { path: model, name: null, sha256: null } : { path: null, name: model, sha256: null };

/** By the files where they are known by more than a name. */
export function fits({ base }: KnownAdapter, model: KnownModel): boolean {
  if (base.sha256 !== null && model.sha256 !== null) return base.sha256 === model.sha256;
  // The one that comes with Lathe lies elsewhere in another installation.
  if (base.path === null || model.isEmbedded) return base.path === model.path || base.name === model.name;
  return base.path === model.path;
}

/** The adapter that is wanted (a version, or a run's), else the newest, against its base; without any, the model that comes with Lathe. */
export function firstSides(models: readonly KnownModel[], adapters: readonly KnownAdapter[], wanted: string | null): readonly [Side, Side] {
  const found = adapters.find(({ id, run }) => wanted !== null && (id === wanted || run === wanted)) ?? adapters[0];
  const model = (found === undefined ? undefined : models.find((each) => fits(found, each))) ?? models[0];
  const path = model?.path ?? '';
  const isFit = found !== undefined && model !== undefined && fits(found, model);
  return [
    { model: path, adapter: null },
    { model: path, adapter: isFit ? found.id : null },
  ];
}

/** Another model for a side: an adapter that does not fit it is let go of. */
export function withModel(side: Side, model: KnownModel, adapters: readonly KnownAdapter[]): Side {
  const adapter = adapters.find(({ id }) => id === side.adapter);
  return { model: model.path, adapter: adapter !== undefined && fits(adapter, model) ? adapter.id : null };
}
