/** The first table of the page: each claim on one line, with the reference beside it and the command that measures it. */
import type { Pairs, Report } from '../../bench/report/report-schema.ts';
import { table } from '../generated-page.ts';
import { gemmShares } from './gemm-part.ts';
import { kernelShare, mebibytes, medianOf, memoryRatio, peak, percent, rate, seconds, speedRatio, times, whole, wholePeak } from './figures.ts';

type Row = readonly [what: string, ours: string, theirs: string, ratio: string, command: string];

const none = 'not measured here';
const tokens = (value: number): string => `${whole(value)} tokens/s`;

function speedRow({ name, isa, ours, reference }: Pairs, command: string): Row {
  const ratio = speedRatio({ name, isa, ours, reference });
  const theirs = reference.length === 0 ? none : tokens(medianOf(reference, rate));
  return [isa === 'best' ? name : `${name}, ${isa}`, tokens(medianOf(ours, rate)), theirs, ratio === null ? '' : `${times(ratio)} as fast`, command];
}

function memoryRow({ name, isa, ours, reference }: Pairs, command: string): Row {
  const ratio = memoryRatio({ name, isa, ours, reference });
  const theirs = reference.length === 0 ? none : mebibytes(medianOf(reference, peak));
  return [`${name}: peak memory`, mebibytes(medianOf(ours, wholePeak)), theirs, ratio === null ? '' : `${percent(1 / ratio)} of it`, command];
}

function rowsOf({ sections: { step, rows, large, gemm, start } }: Report): Row[] {
  const found: Row[] = [];
  const best = step?.pairs[0];
  if (step !== undefined) found.push(...step.pairs.map((pairs) => speedRow(pairs, step.command)));
  if (rows !== undefined) found.push(...rows.pairs.map((pairs) => speedRow(pairs, rows.command)));
  if (large !== undefined) found.push(...large.pairs.map((pairs) => speedRow(pairs, large.command)));
  if (step !== undefined && best !== undefined) found.push(memoryRow(best, step.command));
  if (rows !== undefined) found.push(...rows.pairs.map((pairs) => memoryRow(pairs, rows.command)));
  if (large !== undefined) found.push(...large.pairs.map((pairs) => memoryRow(pairs, large.command)));
  if (gemm !== undefined) {
    for (const { isa, type, low, high, gflops } of gemmShares(gemm.rows)) {
      const share = low === null || high === null ? none : `${percent(low)} to ${percent(high)} of its rate`;
      found.push([`Matrix products, ${type}, ${isa}, packed weights`, `up to ${whole(gflops)} GFLOP/s`, share, '', gemm.command]);
    }
  }
  if (start !== undefined) {
    const ready = best?.reference.map(({ ready_seconds: value }) => value) ?? [];
    const theirs = ready.length === 0 ? none : `${seconds(Math.min(...ready))} to the model being ready`;
    found.push(['From process start to the first forward pass', seconds(medianOf(start.seconds, (value) => value)), theirs, '', start.command]);
  }
  if (step !== undefined && best !== undefined)
    found.push(['Share of the step outside the kernels', percent(1 - medianOf(best.ours, kernelShare)), '', '', step.command]);
  return found;
}

export function summaryTable(report: Report): string {
  const rows = rowsOf(report).map(([what, ours, theirs, ratio, command]) => [what, ours, theirs, ratio, `\`${command}\``]);
  return rows.length === 0 ? 'Nothing has been measured yet.' : table(['What', 'Lathe', 'PyTorch + PEFT', 'Ratio of medians', 'Command'], rows);
}
