/** The tag `production` of a name stands on the version that answers in production: it follows deployments there and back. */
import type { Registry } from '../registry/registry.ts';
import type { StoredDeployment } from '../../store/deployment-rows.ts';
import type { Store } from '../../store/store.ts';

export const productionTag = 'production';

/** Said again it changes nothing. A version that the registry has no more keeps its history and gets no tag. */
export function followProduction(
  deployment: StoredDeployment,
  end: 'done' | 'rolled_back',
  { registry, store }: { readonly registry: Registry; readonly store: Store },
): void {
  const { environment, name, version, target, traffic, previous, actor, deployment: id } = deployment;
  if (environment !== 'production') return;
  if (end === 'done') {
    if (traffic === 100) put({ name, version, reason: `${id} brought it to ${target}` });
    return;
  }
  // Only where it had come so far: else the tag has not moved.
  if (store.tags.versionOf(name, productionTag) !== version) return;
  const before = Object.values(previous).flatMap((model) => (model === null ? [] : [store.servings.lastOf(target, model)]));
  const known = before.find((each) => each?.name === name && each.version !== null);
  if (known?.version != null) put({ name, version: known.version, reason: `${id} was taken back from ${target}` });
  else if (before.length === 0) registry.untag({ name, tag: productionTag, reason: `${id} was taken back from ${target}` }, { actor, role: 'admin' });

  function put({ reason, ...key }: { readonly name: string; readonly version: string; readonly reason: string }): void {
    if (store.versions.has(key)) registry.tag({ ...key, tag: productionTag, reason }, { actor, role: 'admin' });
  }
}
