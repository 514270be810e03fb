/** What a benchmark run is called: what it scores, on what. */
import type { BenchmarkRun } from '../../../shared/contracts/benchmark-calls.ts';
import { texts } from '../../texts/texts.ts';
import { fileName } from '../runs/run-title.ts';

const words = texts.benchmarks;

export const benchmarkTitle = ({ subjects, tasks }: Pick<BenchmarkRun, 'subjects' | 'tasks'>): string =>
  words.runTitle(few(subjects.map(fileName), words.models), few(tasks.map(fileName), words.tasks));

/** One or two by name, more by their number. */
const few = (names: readonly string[], count: (count: number) => string): string => (names.length > 2 ? count(names.length) : names.join(', '));
