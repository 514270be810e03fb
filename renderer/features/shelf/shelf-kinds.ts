/** The two shelves: their addresses and their calls. */
import { embeddedModelName, type ShelfKind } from '../../../shared/domain/shelf-entry.ts';

export const shelfCalls = {
  model: { list: 'models.list', get: 'models.get', check: 'models.check', remove: 'models.remove' },
  dataset: { list: 'datasets.list', get: 'datasets.get', check: 'datasets.check', remove: 'datasets.remove' },
} as const;

export const shelfPath = (kind: ShelfKind): string => (kind === 'model' ? '/models' : '/datasets');

export const itemPath = (kind: ShelfKind, name: string): string => `${shelfPath(kind)}/${encodeURIComponent(name)}`;

/** Where a run with it is begun; `reference` is its name, or a path. */
export const newRunPath = (kind: ShelfKind, reference: string): string => `/runs/new?${kind === 'model' ? 'model' : 'data'}=${encodeURIComponent(reference)}`;

/** Names that nothing on a shelf may have, though nothing there has them. */
export const reservedNames: Readonly<Record<ShelfKind, readonly string[]>> = { model: [embeddedModelName], dataset: [] };
