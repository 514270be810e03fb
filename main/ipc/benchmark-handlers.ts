/** Binds the calls about benchmarks to their service. */
import type { BenchmarkCallName } from '../../shared/contracts/benchmark-calls.ts';
import type { Benchmarks } from '../services/benchmarks/benchmarks.ts';
import type { HandlersOf } from './handlers.ts';

export const benchmarkHandlers = (benchmarks: Benchmarks): HandlersOf<BenchmarkCallName> => ({
  'benchmarks.tasks': () => benchmarks.tasks(),
  'benchmarks.start': (input, caller) => benchmarks.start(input, caller),
  'benchmarks.list': (input) => benchmarks.list(input),
  'benchmarks.get': ({ run }) => benchmarks.get(run),
  'benchmarks.stop': (input, caller) => benchmarks.stop(input, caller),
  'benchmarks.resume': ({ run }, caller) => benchmarks.resume(run, caller),
  'benchmarks.remove': ({ run }, caller) => benchmarks.remove(run, caller),
  'benchmarks.scores': (input) => benchmarks.scores(input),
  'benchmarks.items': (input) => benchmarks.items(input),
});
