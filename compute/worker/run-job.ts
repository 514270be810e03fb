/** Which function does which kind of job. */
import type { Job, JobKind, JobOf, ResultOf } from '../../shared/contracts/compute-jobs.ts';
import type { JobContext } from '../inference/job-context.ts';
import { planRun, trainRun } from '../train/train-run.ts';
import { evaluate } from './jobs/evaluate.ts';
import { exportAdapter } from '../export/export-adapter.ts';
import { generate } from './jobs/generate.ts';
import { inspect } from './jobs/inspect.ts';
import { parity } from './jobs/parity.ts';

type Jobs = { readonly [K in JobKind]: (job: JobOf<K>, context: JobContext) => Promise<ResultOf<K>> };

const jobs: Jobs = {
  train: trainRun,
  plan: ({ request, runDirectory }, context) => planRun(request, runDirectory, context),
  evaluate,
  generate,
  export: exportAdapter,
  inspect,
  parity,
};

export const runJob = <K extends JobKind>(job: JobOf<K> & Job, context: JobContext): Promise<ResultOf<K>> => jobs[job.kind](job, context);
