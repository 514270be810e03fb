/** Matrix products: each row's rate, its share of the machine's best of that type, and of the reference's rate for the same type and shape. */
import type { GemmFigure } from '../../bench/report/report-schema.ts';
import { table } from '../generated-page.ts';
import { medianOf, percent, whole } from './figures.ts';
import { chart, part } from './part.ts';

const own = ({ gflops }: GemmFigure): number => medianOf(gflops, (value) => value);

/** Of the reference's rate; null where it was not measured. */
export const shareOfReference = (figure: GemmFigure): number | null =>
  figure.reference_gflops.length === 0 ? null : own(figure) / medianOf(figure.reference_gflops, (value) => value);

export interface GemmShare {
  readonly isa: string;
  readonly type: string;
  /** Lowest and highest share of the reference's rate over the shapes. */
  readonly low: number | null;
  readonly high: number | null;
  readonly gflops: number;
}

/** By instruction set, over all shapes with packed weights. */
export function gemmShares(rows: readonly GemmFigure[]): GemmShare[] {
  const packed = rows.filter(({ weight }) => weight === 'packed');
  return [...new Set(packed.map(({ isa }) => isa))].map((isa) => {
    const mine = packed.filter((row) => row.isa === isa);
    const shares = mine.map(shareOfReference).filter((share) => share !== null);
    const [low, high] = shares.length === 0 ? [null, null] : [Math.min(...shares), Math.max(...shares)];
    return { isa, type: mine[0]?.type ?? '', low, high, gflops: Math.max(...mine.map(own)) };
  });
}

function rowsTable(rows: readonly GemmFigure[]): string {
  const best = (type: string): number => Math.max(...rows.filter((row) => row.type === type).map(own));
  const cells = rows.map((row) => {
    const share = shareOfReference(row);
    const reference = row.reference_gflops.length === 0 ? 'not measured here' : whole(medianOf(row.reference_gflops, (value) => value));
    return [
      row.type,
      row.isa,
      row.shape,
      row.weight,
      `\`${row.row}\``,
      whole(own(row)),
      percent(own(row) / best(row.type)),
      reference,
      share === null ? '' : percent(share),
    ];
  });
  return table(['Type', 'LATHE_ISA', 'M×K×N', 'Weights', 'Kernel', 'GFLOP/s', 'of the best of this type', 'PyTorch, GFLOP/s', 'of PyTorch'], cells);
}

export const gemmPart = part({
  title: 'Matrix products',
  section: 'gemm',
  text: (
    gemm,
  ) => `The products of a training step over 2,048 tokens, y = x · Wᵀ; PyTorch's are \`torch.matmul\` of the same sizes and type. *Packed* weights were re-laid
once into the kernel's panels, *plain* ones are re-laid on the way, *q4_1* ones are widened from 4 bits on the way.

${chart('gemm', 'Rate of matrix products as a share of the rate of PyTorch')}

${rowsTable(gemm.rows)}`,
});
