/** The tasks that come with Lathe, as tests read them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';

const folder = join(import.meta.dirname, '..', '..', 'resources', 'benchmarks');

export const builtInTask = (name: string): BenchmarkTask => BenchmarkTask.parse(parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')));

export const benchmarkNames = ['arc_easy', 'arc_challenge', 'boolq', 'hellaswag', 'piqa', 'socialiqa', 'triviaqa'] as const;
