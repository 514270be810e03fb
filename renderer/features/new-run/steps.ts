/** The four steps, and how each stands. */
import type { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import type { ConfigPath } from './config-path.ts';
import { draftProblems } from './draft-problems.ts';

export const steps = ['model', 'data', 'recipe', 'check'] as const;
export type Step = (typeof steps)[number];

export const isStep = (text: string | null): text is Step => steps.some((step) => step === text);

export const stepAfter = (step: Step): Step | null => steps[steps.indexOf(step) + 1] ?? null;
export const stepBefore = (step: Step): Step | null => steps[steps.indexOf(step) - 1] ?? null;

/** Where a key is written. */
export const stepOf = (path: ConfigPath): Step => {
  const [block = ''] = path.split('.');
  if (block === 'model') return 'model';
  return block === 'data' && path !== 'data.max_rows' && path !== 'data.chat_template' ? 'data' : 'recipe';
};

export interface Trouble {
  readonly step: Step;
  readonly path: ConfigPath;
  readonly problem: string;
}

/** What keeps a draft from being a run. */
export function troubles(config: TrainingConfigInput): readonly Trouble[] {
  const wrong = [...draftProblems(config)].map(([path, problem]) => ({ step: stepOf(path), path, problem }));
  const missing: Trouble[] = [
    ...(config.model === undefined ? [{ step: 'model', path: 'model', problem: 'No model is chosen.' } as const] : []),
    ...(config.data?.path === undefined ? [{ step: 'data', path: 'data.path', problem: 'No rows are chosen.' } as const] : []),
  ];
  return [...missing, ...wrong];
}
