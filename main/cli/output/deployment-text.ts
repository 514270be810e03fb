/** Deployments, their steps, targets and history, as people read them. */
import type { DeploymentPlan, KnownTarget } from '../../../shared/contracts/deployment-calls.ts';
import type { Deployment, DeploymentDetails, DeploymentStep, Serving } from '../../../shared/domain/deployment.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { table } from './table.ts';

const marks: { readonly [State in DeploymentStep['state']]: string } = { waiting: ' ', running: '>', done: '+', failed: '!', skipped: '-' };

export function stepLines({ state, words, traffic, problem }: DeploymentStep): readonly string[] {
  const share = traffic === null || state !== 'done' ? '' : ` (${traffic} % of the traffic)`;
  return [`${marks[state]} ${words}${share}`, ...(problem === null ? [] : [`    ${problem}`])];
}

export function planLines(plan: DeploymentPlan): readonly string[] {
  const { name, version, target, environment, alias, served_as, steps, refusals, notes, previous } = plan;
  const before = [...new Set(Object.values(previous))].map((each) => each ?? 'nobody').join(', ');
  const calls = steps.reduce((sum, step) => sum + step.calls.length, 0);
  return [
    `${name}@${version} to ${target} (${environment}) as ${served_as}, for ${alias}; now ${before === '' ? 'nobody' : before}`,
    ...steps.flatMap(({ words, calls: made, traffic }) => [
      `  ${words}${traffic === null ? '' : ` (${traffic} %)`}`,
      ...(made.length === 0 ? [] : [`      ${made.join(', ')}`]),
    ]),
    `${steps.length} steps, ${calls} kinds of calls`,
    ...notes.map((note) => `Note: ${note}`),
    ...refusals.map((refusal) => `In the way: ${refusal}`),
  ];
}

export const deploymentTable = (deployments: readonly Deployment[]): readonly string[] =>
  deployments.length === 0
    ? ['No deployments.']
    : table([
        ['deployment', 'version', 'target', 'alias', 'strategy', 'state', 'traffic'],
        ...deployments.map(({ deployment, name, version, target, alias, strategy, state, traffic }) => [
          ...[deployment, `${name}@${version}`, target, alias, strategy, state.replace('_', ' '), `${traffic} %`],
        ]),
      ]);

export function deploymentLines(deployment: DeploymentDetails): readonly string[] {
  const { name, version, target, alias, state, traffic, question, steps, error } = deployment;
  return [
    `${deployment.deployment}: ${name}@${version} for ${alias} at ${target}, ${state.replace('_', ' ')}, ${traffic} % of the traffic`,
    ...steps.flatMap((step) => stepLines(step).map((line) => `  ${line}`)),
    ...(question === null ? [] : [question, `Go on with: lathe deployment confirm ${deployment.deployment}`]),
    ...(error === null ? [] : [`Why: ${fromWireError(error).message}.`]),
  ];
}

export const historyOf = (servings: readonly Serving[]): readonly string[] =>
  servings.length === 0
    ? ['Nothing is known to have answered.']
    : table([
        ['from', 'to', 'target', 'server', 'alias', 'version', 'share', 'by', 'why'],
        ...servings.map(({ from, to, target, server, alias, name, version, served_as, share, actor, reason }) => [
          ...[from, to ?? 'still', target, server, alias, name === null ? served_as : `${name}@${version ?? '?'}`, `${share} %`, actor?.user ?? '', reason],
        ]),
      ]);

export const targetTable = (targets: readonly KnownTarget[]): readonly string[] =>
  targets.length === 0
    ? ['No targets. Make one: lathe target add NAME --environment staging --server one=http://HOST:8080']
    : table([
        ['target', 'environment', 'kind', 'servers', 'state', 'differs'],
        ...targets.map(({ target, reports, drift }) => [
          ...[target.name, target.environment, target.kind],
          target.kind === 'localai' ? target.servers.map(({ name }) => name).join(', ') : `port ${target.port}`,
          reports.length === 0 ? 'not asked yet' : worst(reports.map(({ state }) => state)),
          String(drift.length),
        ]),
      ]);

const worst = (states: readonly ('ok' | 'limited' | 'failed')[]): string => (['failed', 'limited'] as const).find((each) => states.includes(each)) ?? 'ok';

export const targetLines = ({ target, reports, drift }: KnownTarget): readonly string[] => [
  `${target.name} (${target.environment}, ${target.kind})`,
  ...reports.flatMap((report) => [
    `  ${report.server}: ${report.state}${report.version === null ? '' : `, version ${report.version}`}${report.round_trip_ms === null ? '' : `, ${Math.round(report.round_trip_ms)} ms`}`,
    ...(report.artifact_address === null ? [] : [`    fetches adapters from ${report.artifact_address}`]),
    ...report.aliases.map(({ name, target: to }) => `    ${name} leads to ${to}`),
    ...report.problems.map((problem) => `    ${problem}`),
  ]),
  ...drift.map(({ server, words }) => `  ${server}: ${words}`),
];
