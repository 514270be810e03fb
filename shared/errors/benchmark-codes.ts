/** Failures of benchmarks: their tasks, their items, their records. */
import type { ErrorRow } from './error-row.ts';

export const benchmarkCodes = {
  BENCHMARK_TASK_INVALID: { exit: 'usage', http: 422, retry: 'change', message: 'The task {path} cannot be used: {problem}', remedy: 'Mend it; resources/benchmarks/README.md says what a task holds.' },
  BENCHMARK_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no benchmark {name}', remedy: 'Known are {known}; or give the path of a task file.' },
  BENCHMARK_DATA_MISSING: { exit: 'data', http: 404, retry: 'change', message: 'The items of {name} are not at {path}', remedy: 'Get them from {url} ({licence}) and put them there as JSON Lines or Parquet, or name them with --data.' },
  BENCHMARK_ITEM_INVALID: { exit: 'data', http: 422, retry: 'change', message: '{path} line {line}: {problem}', remedy: 'Mend or remove that item, or say in the task how its fields are called.' },
  BENCHMARK_RECORDS_OTHER: { exit: 'usage', http: 409, retry: 'change', message: '{path} holds records of another {difference}', remedy: 'Something was changed since it began: start a new run, or remove that file and go on.' },
  BENCHMARK_SHOTS_FEW: { exit: 'data', http: 422, retry: 'change', message: '{path} has {rows} items, and {needed} are to be drawn of them for each prompt', remedy: 'Lower --num-fewshot, or put more of them there.' },
  BENCHMARK_TIMEOUT: { exit: 'data', http: 504, retry: 'resume', message: '{task} was not scored within {limit}: {done} of {total} items are', remedy: 'The records are kept: `lathe benchmark run --resume RUN` goes on behind them, with the same time again.' },
  BENCHMARK_RECORDS_INVALID: { exit: 'data', http: 422, retry: 'change', message: '{path} line {line} is no record: {problem}', remedy: 'Bring the file back from a backup, or score the task again.' },
  DEPLOYED_TASK_UNFIT: { exit: 'usage', http: 422, retry: 'change', message: '{task} cannot be put to {subject}: {problem}', remedy: 'It can be scored on {fit}.' },
  SCORE_UNFINISHED: { exit: 'usage', http: 409, retry: 'change', message: 'Score {score} is {state}, so it has no figures', remedy: 'Wait until it is done, or go on with its run (`lathe benchmark run --resume`).' },
  SCORES_MISSING: { exit: 'usage', http: 404, retry: 'change', message: '{subjects} have no scores on {benchmark} that were made in the same way', remedy: 'Make them: {command}' },
  SCORES_NOT_COMPARABLE: { exit: 'usage', http: 409, retry: 'change', message: 'Scores {base} and {other} cannot be compared: {difference}', remedy: 'Score both in the same way (`lathe benchmark run`).' },
  BENCHMARK_RUN_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no benchmark run {run}', remedy: '`lathe benchmark list` shows what there is.' },
  BENCHMARK_STATE: { exit: 'usage', http: 409, retry: 'change', message: 'Benchmark run {run} is {state} and cannot {change}', remedy: '`lathe benchmark results {run}` shows how it stands.' },
  BENCHMARK_FOLDER_INVALID: { exit: 'data', http: 422, retry: 'change', message: '{path} does not tell of a benchmark run: {problem}', remedy: 'Bring back the file as it was, or remove the folder.' },
  SCORE_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no score {score}', remedy: '`lathe benchmark results RUN` shows those of a run.' },
} as const satisfies Record<string, ErrorRow>;
