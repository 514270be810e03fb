/** Every view of the page: what is looked at in both themes, by the accessibility checker and in the pictures. */

export interface ViewRow {
  /** Of the picture and the test. */
  readonly name: string;
  /** Behind the #. `{model}` and `{dataset}` are names on the shelves, `{run}` is a run that is done, `{version}` is `name/version`, `{version@}` is `name@version`. */
  readonly path: string;
}

export const views: readonly ViewRow[] = [
  { name: 'home', path: '/' },
  { name: 'runs', path: '/runs' },
  { name: 'run', path: '/runs/{run}' },
  { name: 'new-run-model', path: '/runs/new?from={run}&step=model' },
  { name: 'new-run-data', path: '/runs/new?from={run}&step=data' },
  { name: 'new-run-recipe', path: '/runs/new?from={run}&step=recipe' },
  { name: 'new-run-check', path: '/runs/new?from={run}' },
  { name: 'runs-compared', path: '/runs/compare?runs={runs}' },
  { name: 'models', path: '/models' },
  { name: 'model', path: '/models/{model}' },
  { name: 'datasets', path: '/datasets' },
  { name: 'dataset', path: '/datasets/{dataset}' },
  { name: 'registry', path: '/registry' },
  { name: 'version', path: '/registry/{version}' },
  { name: 'version-lineage', path: '/registry/{version}?part=lineage' },
  { name: 'version-card', path: '/registry/{version}?part=card' },
  { name: 'version-files', path: '/registry/{version}?part=files' },
  { name: 'version-history', path: '/registry/{version}?part=history' },
  { name: 'version-new', path: '/registry/new?run={run}' },
  { name: 'versions-compared', path: '/registry/compare?a={version@}&b={version@}' },
  { name: 'benchmarks', path: '/benchmarks' },
  { name: 'deploy', path: '/deploy' },
  { name: 'playground', path: '/playground' },
  { name: 'settings-general', path: '/settings/general' },
  { name: 'settings-power', path: '/settings/power' },
  { name: 'settings-tokens', path: '/settings/tokens' },
  { name: 'settings-secrets', path: '/settings/secrets' },
  { name: 'settings-storage', path: '/settings/storage' },
  { name: 'settings-logs', path: '/settings/logs' },
  { name: 'settings-about', path: '/settings/about' },
  { name: 'help', path: '/help' },
  { name: 'help-page', path: '/help/errors' },
];

export interface Subjects {
  /** Names on the shelves. */
  readonly model: string;
  readonly dataset: string;
  /** Done, the newest first. */
  readonly runs: readonly string[];
  readonly version: { readonly name: string; readonly version: string };
}

export const addressOf = ({ path }: ViewRow, { model, dataset, runs, version }: Subjects): string =>
  `/#${path
    .replace('{model}', model)
    .replace('{dataset}', dataset)
    .replace('{runs}', runs.slice(0, 3).join(','))
    .replace('{run}', runs[0] ?? '')
    .replaceAll('{version@}', `${version.name}@${version.version}`)
    .replace('{version}', `${version.name}/${version.version}`)}`;
