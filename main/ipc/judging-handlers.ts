/** Handlers of the calls that set scores against each other, and of the gate. */
import type { ComparisonCallName } from '../../shared/contracts/comparison-calls.ts';
import type { GateCallName } from '../../shared/contracts/gate-calls.ts';
import type { Comparisons } from '../services/benchmarks/comparisons.ts';
import type { Gates } from '../services/benchmarks/gates.ts';
import type { Registry } from '../services/registry/registry.ts';
import type { HandlersOf } from './handlers.ts';

export interface JudgingServices {
  readonly comparisons: Comparisons;
  readonly gates: Gates;
  readonly registry: Registry;
}

export const judgingHandlers = ({ comparisons, gates, registry }: JudgingServices): HandlersOf<ComparisonCallName | GateCallName> => ({
  'benchmarks.compare': (input) => comparisons.compare(input),
  'benchmarks.flips': (input) => comparisons.flips(input),
  'gates.get': (input) => gates.get(input),
  'gates.set': (input, { actor }) => gates.set(input, actor),
  'gates.evaluate': ({ gates: rules, ...key }) => gates.evaluate(registry.find(key), rules),
});
