/** What may be scored: models of the shelf, versions of the registry, the model that comes with Lathe, names that answer at targets, and whatever else was written. */
import type { KnownTarget } from '../../../shared/contracts/deployment-calls.ts';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import { deployedText } from '../../../shared/domain/deployed-name.ts';
import { versionText } from '../../../shared/domain/version.ts';

export interface Subject {
  /** As a request names it. */
  readonly id: string;
  readonly kind: 'demo' | 'model' | 'version' | 'deployed' | 'other';
  /** A version's base as a request would name it; null: it is none, or its base is not at hand. */
  readonly base: string | null;
  /** Name of the rows that it was trained on. */
  readonly dataset: string | null;
}

interface Known {
  /** Path of the model that comes with Lathe. */
  readonly demo: string | null;
  readonly models: readonly ShelfItem[];
  readonly versions: readonly Version[];
  readonly targets: readonly KnownTarget[];
}

/** `chosen`: those that nobody knows are listed last. */
export function subjectsOf({ demo, models, versions, targets }: Known, chosen: readonly string[]): readonly Subject[] {
  const onShelf = models.map(({ name }): Subject => ({ id: name, kind: 'model', base: null, dataset: null }));
  const isDemoOnShelf = models.some(({ path }) => path === demo);
  const own: readonly Subject[] = demo === null || isDemoOnShelf ? [] : [{ id: demo, kind: 'demo', base: null, dataset: null }];
  const made = versions
    .filter(({ kind, state }) => kind !== 'note' && state !== 'retired')
    .map((version): Subject => ({
      id: versionText(version),
      kind: 'version',
      base: baseOf(version, models),
      dataset: version.dataset?.name ?? null,
    }));
  const answering = targets.flatMap(({ target, reports }) => {
    const names = new Set(reports.flatMap(({ aliases }) => aliases.map(({ name }) => name)));
    return [...names].map((model): Subject => ({ id: deployedText({ target: target.name, model }), kind: 'deployed', base: null, dataset: null }));
  });
  const known = [...own, ...onShelf, ...made, ...answering];
  const ids = new Set(known.map(({ id }) => id));
  return [...known, ...chosen.filter((id) => !ids.has(id)).map((id): Subject => ({ id, kind: 'other', base: null, dataset: null }))];
}

/** By its hash or its place on the shelf, else where it lay when it was trained on. */
function baseOf({ base_model: { sha256, path } }: Version, models: readonly ShelfItem[]): string | null {
  const onShelf = models.find((model) => (sha256 !== null && model.facts['sha256'] === sha256) || (path !== null && model.path === path));
  return onShelf?.name ?? path;
}

/** Bases of chosen versions that are not chosen themselves: without them there is nothing to compare with. */
export const missingBases = (subjects: readonly Subject[], chosen: readonly string[]): readonly string[] => [
  ...new Set(subjects.flatMap(({ id, base }) => (base !== null && chosen.includes(id) && !chosen.includes(base) ? [base] : []))),
];
