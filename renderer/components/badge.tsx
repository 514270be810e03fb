/** A word in a colour of its meaning. */
import type { BenchmarkState, ScoreState } from '../../shared/domain/benchmark-run.ts';
import type { DeploymentState } from '../../shared/domain/deployment.ts';
import type { RunState } from '../../shared/domain/run-state.ts';
import type { VersionState } from '../../shared/domain/version-state.ts';
import { texts } from '../texts/texts.ts';
import styles from './badge.module.css';

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info';

export const Badge = ({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: string }) => (
  <span className={`${styles['badge'] ?? ''} ${styles[tone] ?? ''}`}>{children}</span>
);

const runTones: Readonly<Record<RunState, Tone>> = {
  queued: 'neutral',
  running: 'info',
  paused: 'warn',
  stopping: 'warn',
  done: 'good',
  failed: 'bad',
  cancelled: 'neutral',
  interrupted: 'warn',
};
export const RunBadge = ({ state }: { readonly state: RunState }) => <Badge tone={runTones[state]}>{texts.runStates[state]}</Badge>;

const versionTones: Readonly<Record<VersionState, Tone>> = { draft: 'neutral', candidate: 'info', approved: 'good', retired: 'warn' };
export const VersionBadge = ({ state }: { readonly state: VersionState }) => <Badge tone={versionTones[state]}>{texts.versionStates[state]}</Badge>;

const benchmarkTones: Readonly<Record<BenchmarkState | ScoreState, Tone>> = {
  queued: 'neutral',
  waiting: 'neutral',
  running: 'info',
  done: 'good',
  failed: 'bad',
  stopped: 'neutral',
  interrupted: 'warn',
};
export const BenchmarkBadge = ({ state }: { readonly state: BenchmarkState }) => <Badge tone={benchmarkTones[state]}>{texts.benchmarks.states[state]}</Badge>;
export const ScoreBadge = ({ state }: { readonly state: ScoreState }) => <Badge tone={benchmarkTones[state]}>{texts.benchmarks.scoreStates[state]}</Badge>;
const deploymentTones: Readonly<Record<DeploymentState, Tone>> = {
  running: 'info',
  waiting: 'warn',
  rolling_back: 'warn',
  done: 'good',
  rolled_back: 'neutral',
  refused: 'neutral',
  failed: 'bad',
  abandoned: 'neutral',
};
export const DeploymentBadge = ({ state }: { readonly state: DeploymentState }) => <Badge tone={deploymentTones[state]}>{texts.deploy.states[state]}</Badge>;
