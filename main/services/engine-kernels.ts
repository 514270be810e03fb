/** Which kernels the probe chose on this machine, and why none further up the ladder. */
import type { KernelChoice, ProbeAnswer } from '../../shared/contracts/compute-messages.ts';
import type { ChosenKernel } from '../../shared/contracts/desk-calls.ts';
import { isas } from '../../shared/domain/isa.ts';

export const chosenKernels = (answer: ProbeAnswer): ChosenKernel[] =>
  answer.kernels.filter(({ chosen }) => chosen).map((row) => ({ operation: row.op, kernel: row.name, why: reason(row, answer) }));

/** Why not a row further up the ladder. */
function reason(row: KernelChoice, { kernels, isa }: ProbeAnswer): string {
  const rank = (each: KernelChoice): number => isas.indexOf(each.isa);
  const higher = kernels.filter((each) => each.op === row.op && rank(each) > rank(row));
  if (higher.length === 0) return 'the best there is';
  const nameOf = (each: KernelChoice): string => (each.needs === '' ? each.isa : `${each.isa} with ${each.needs}`);
  const names = (rows: readonly KernelChoice[]): string => [...new Set(rows.map(nameOf))].join(', ');
  const capped = higher.filter((each) => each.supported);
  return capped.length > 0 ? `capped at ${isa}; without that ${names(capped)}` : `${names(higher)}: not on this machine`;
}
