/** Which function does which kind of job. */
import type { Job, JobKind, JobOf, ResultOf } from '../../shared/contracts/compute-jobs.ts';
import type { JobContext } from '../inference/job-context.ts';

type Jobs = { readonly [K in JobKind]: (job: JobOf<K>, context: JobContext) => Promise<ResultOf<K>> };

/** Loaded when it is asked for: what a job does not need is not read at its start (llama.cpp's package alone takes half a second). */
const jobs: Jobs = {
  train: async (job, context) => (await import('../train/train-run.ts')).trainRun(job, context),
  plan: async ({ request, runDirectory }, context) => (await import('../train/train-run.ts')).planRun(request, runDirectory, context),
  evaluate: async (job, context) => (await import('./jobs/evaluate.ts')).evaluate(job, context),
  generate: async (job, context) => (await import('./jobs/generate.ts')).generate(job, context),
  export: async (job, context) => (await import('../export/export-adapter.ts')).exportAdapter(job, context),
  inspect: async (job) => (await import('./jobs/inspect.ts')).inspect(job),
  benchmark: async (job, context) => (await import('../benchmark/run-benchmark.ts')).runBenchmark(job, context),
  questions: async (job, context) => (await import('../benchmark/ask-elsewhere.ts')).writeQuestions(job, context),
  judge: async (job, context) => (await import('../benchmark/ask-elsewhere.ts')).judgeReplies(job, context),
  parity: async (job) => (await import('./jobs/parity.ts')).parity(job),
};

export const runJob = <K extends JobKind>(job: JobOf<K> & Job, context: JobContext): Promise<ResultOf<K>> => jobs[job.kind](job, context);
