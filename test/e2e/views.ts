/** Every view of the page: what is looked at in both themes, by the accessibility checker and in the pictures. */

export interface ViewRow {
  /** Of the picture and the test. */
  readonly name: string;
  /** Behind the #. `{model}` and `{dataset}` are names on the shelves, `{run}` is a run that is done, `{deployment}` is one to this machine, `{version}` is `name/version`, `{version@}` is `name@version`, `{scores}` are scores of the base and of the version on one task, `{score}` and `{score2}` are the two. */
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
  { name: 'benchmark-new', path: '/benchmarks/new?models={version@}' },
  { name: 'benchmark-run', path: '/benchmarks/runs/{benchmark}' },
  { name: 'benchmark-comparison', path: '/benchmarks/compare?scores={scores}' },
  { name: 'benchmark-flips', path: '/benchmarks/flips?base={score}&other={score2}&direction=both' },
  { name: 'benchmark-items', path: '/benchmarks/scores/{score}' },
  { name: 'benchmark-trend', path: '/benchmarks/trend?name={name}' },
  { name: 'schedules', path: '/benchmarks/schedules' },
  { name: 'schedule', path: '/benchmarks/schedules/{schedule}' },
  { name: 'schedule-new', path: '/benchmarks/schedules/new' },
  { name: 'schedule-edit', path: '/benchmarks/schedules/{schedule}/edit' },
  { name: 'deploy', path: '/deploy' },
  { name: 'deployments', path: '/deploy?part=deployments' },
  { name: 'deploy-history', path: '/deploy?part=history' },
  { name: 'deploy-new', path: '/deploy/new?model={version@}' },
  { name: 'deploy-target-here', path: '/deploy/target?kind=embedded' },
  { name: 'deploy-target-servers', path: '/deploy/target?kind=localai' },
  { name: 'deployment', path: '/deploy/{deployment}' },
  { name: 'hana', path: '/hana' },
  { name: 'hana-conflicts', path: '/hana?part=conflicts' },
  { name: 'hana-others', path: '/hana?part=others' },
  { name: 'hana-connections', path: '/hana?part=connections' },
  { name: 'hana-connection', path: '/hana/connection' },
  { name: 'hana-rows', path: '/hana/rows' },
  { name: 'playground', path: '/playground' },
  { name: 'settings-general', path: '/settings/general' },
  { name: 'settings-power', path: '/settings/power' },
  { name: 'settings-gate', path: '/settings/gate' },
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
  readonly deployment: string;
  readonly version: { readonly name: string; readonly version: string };
  /** A benchmark run that is done, and two of its scores: of the base, and of the version on the same task. */
  readonly benchmark: string;
  readonly scores: readonly [base: string, tuned: string];
  readonly schedule: string;
}

export const addressOf = ({ path }: ViewRow, { model, dataset, runs, deployment, version, benchmark, scores, schedule }: Subjects): string =>
  `/#${path
    .replace('{model}', model)
    .replace('{dataset}', dataset)
    .replace('{runs}', runs.slice(0, 3).join(','))
    .replace('{deployment}', deployment)
    .replace('{run}', runs[0] ?? '')
    .replace('{benchmark}', benchmark)
    .replace('{scores}', scores.join(','))
    .replace('{score}', scores[0])
    .replace('{score2}', scores[1])
    .replace('{schedule}', schedule)
    .replace('{name}', version.name)
    .replaceAll('{version@}', `${version.name}@${version.version}`)
    .replace('{version}', `${version.name}/${version.version}`)}`;
