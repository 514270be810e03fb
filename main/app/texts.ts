/** What the shell says: menus, questions, notifications. */
import type { BenchmarkRun } from '../../shared/contracts/benchmark-calls.ts';
import type { Run } from '../../shared/contracts/run-calls.ts';
import type { ScoreDrop } from '../../shared/domain/benchmark-run.ts';

export const runName = ({ name, run }: Pick<Run, 'name' | 'run'>): string => name ?? run;

const counted = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

const percent = ({ step, steps }: Run): string => (steps === null || steps === 0 ? `step ${step}` : `${Math.floor((100 * step) / steps)} %`);

/** A line of the tray. */
export const progressOf = (run: Run): string => `${runName(run)}: ${run.state === 'running' ? percent(run) : run.state}`;

export const trayTitle = (active: readonly Run[], queued: number): string => {
  if (active.length === 0) return queued === 0 ? 'Lathe' : `Lathe: ${counted(queued, 'run', 'runs')} queued`;
  return `Lathe: ${active.map(progressOf).join(', ')}`;
};

const endings: Readonly<Partial<Record<Run['state'], string>>> = {
  done: 'finished',
  failed: 'failed',
  cancelled: 'stopped',
  interrupted: 'was interrupted',
};

export const endOf = (run: Run): { readonly title: string; readonly body: string } => ({
  title: `${runName(run)} ${endings[run.state] ?? run.state}`,
  body: run.state === 'done' && run.eval_loss !== null ? `Evaluation loss ${run.eval_loss.toFixed(3)} after ${run.step} steps.` : `After ${run.step} steps.`,
});

const benchmarkEndings: Readonly<Partial<Record<BenchmarkRun['state'], string>>> = { done: 'finished', failed: 'failed', interrupted: 'was interrupted' };

/** null: somebody stopped it, and knows. */
export function benchmarkEndOf({ state, subjects, tasks, done, total }: BenchmarkRun): { readonly title: string; readonly body: string } | null {
  const ended = benchmarkEndings[state];
  if (ended === undefined) return null;
  return { title: `Benchmark ${ended}`, body: `${subjects.join(', ')} on ${tasks.join(', ')}: ${done} of ${counted(total, 'score', 'scores')}.` };
}

export const dropOf = (drops: readonly ScoreDrop[]): { readonly title: string; readonly body: string } => ({
  title: drops.length === 1 ? 'A score dropped' : `${drops.length} scores dropped`,
  body: drops.map(({ subject, task, words: said }) => `${subject} on ${task}: ${said}`).join('\n'),
});

export const quitQuestion = (active: number, queued: number): { readonly message: string; readonly detail: string } => ({
  message: active > 0 ? `${counted(active, 'run is', 'runs are')} at work.` : `${counted(queued, 'run waits', 'runs wait')} in the queue.`,
  detail: 'They can go on without a window, and Lathe ends after them; or they stop at their next checkpoint, from which they can be resumed.',
});

export const words = {
  background: 'Lathe goes on in the background until its runs are done.',
  keepGoing: 'Keep Going',
  stopAndQuit: 'Stop and Quit',
  cancel: 'Cancel',
  tryAgain: 'Try Again',
  quit: 'Quit',
  coreMissing: 'Lathe cannot start its core',
  file: 'A File',
  folder: 'A Folder',
  open: 'Open Lathe',
  newerVersion: (version: string) => `Lathe ${version} is out`,
  thisVersion: (version: string) => `This is ${version}.`,
} as const;
