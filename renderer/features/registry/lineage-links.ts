/** Where a node of the graph of origins leads to in the page. */
import type { LineageNode } from '../../../shared/contracts/registry-calls.ts';
import { parseVersionText } from '../../../shared/domain/version.ts';
import { versionPath } from './version-path.ts';

/** What there is under a name; nothing else has a page of its own. */
export interface Shelves {
  readonly models: ReadonlySet<string>;
  readonly datasets: ReadonlySet<string>;
}

/** null: nowhere, for it is not here. */
export function lineageLink({ kind, label, facts }: Pick<LineageNode, 'kind' | 'label' | 'facts'>, { models, datasets }: Shelves): string | null {
  switch (kind) {
    case 'version':
      return versionPath(parseVersionText(label));
    case 'run':
      return `/runs/${encodeURIComponent(label)}`;
    case 'base_model':
      return models.has(label) ? `/models/${encodeURIComponent(label)}` : null;
    case 'dataset':
      return datasets.has(label) ? `/datasets/${encodeURIComponent(label)}` : null;
    case 'adapter':
      return typeof facts['run'] === 'string' ? `/runs/${encodeURIComponent(facts['run'])}` : null;
    case 'benchmark':
      return '/benchmarks';
    case 'deployment':
      return '/deploy';
  }
}
