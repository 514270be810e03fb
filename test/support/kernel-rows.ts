/** Runs one call with every row of an op and with several thread counts, and says where results differ from the reference row's. */
import type { KernelRow } from '../../compute/tensor/addon.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { errorInBounds, rowsOf } from './kernel-lab.ts';
import type { DType } from '../../compute/tensor/dtype.ts';

export interface Result {
  readonly name: string;
  readonly dtype: DType;
  readonly values: Float64Array;
}

const sameBits = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** A row of tolerance 0 answers for every bit; the others for the table's bound. */
function differences(row: KernelRow, results: readonly Result[], reference: readonly Result[]): string[] {
  return results.flatMap(({ name, dtype, values }, i) => {
    const expected = reference[i]?.values ?? new Float64Array();
    if (row.tolerance === 0) return sameBits(values, expected) ? [] : [`${row.name}: ${name} differs in bits`];
    const error = errorInBounds(values, expected, row.tolerance, dtype);
    return error <= 1 ? [] : [`${row.name}: ${name} is off by ${error.toPrecision(3)} bounds`];
  });
}

/** `run` makes its outputs anew on each call. Returns the reference row's results; leaves the last row chosen. */
export function compareRows(op: string, run: () => readonly Result[]): { readonly reference: readonly Result[]; readonly differences: readonly string[] } {
  const [first, ...others] = rowsOf(op);
  if (first === undefined) throw new Error(`no rows of ${op}`);
  loadAddon().forceKernel(op, first.name);
  const reference = run();
  const found = others.flatMap((row) => {
    loadAddon().forceKernel(op, row.name);
    return differences(row, run(), reference);
  });
  return { reference, differences: found };
}

/** Names of the results that change with the thread count, for every row. */
export function threadDifferences(op: string, run: () => readonly Result[]): readonly string[] {
  const found = rowsOf(op).flatMap((row) => {
    loadAddon().forceKernel(op, row.name);
    const [one = [], ...others] = [1, 2, 3].map((threads) => {
      loadAddon().configure({ threads });
      return run();
    });
    return others.flatMap((results) =>
      results.flatMap(({ name, values }, i) => (sameBits(values, one[i]?.values ?? new Float64Array()) ? [] : [`${row.name}: ${name}`])),
    );
  });
  loadAddon().configure({ threads: 2 });
  return found;
}
