/** A whole training step under each instruction set the machine has, each in a process of its own so that memory peaks stay apart. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isaLadder } from '../../shared/domain/isa.ts';
import { multipliesBf16 } from '../../compute/tensor/engine-setup.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { hasInt8Under } from '../support/int8-products.ts';
import type { StepFigure, StepRequest } from './training-step.ts';

const measure = (request: StepRequest): Promise<StepFigure> =>
  new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'training-step.ts'), [JSON.stringify(request)], { env: { ...process.env, LATHE_ISA: request.isa } });
    child.once('message', (figure) => resolve(figure as StepFigure));
    child.once('exit', (code) => reject(new Error(`the step under ${request.isa} ended with code ${String(code)}`)));
  });

/** One figure after another, as each is measured. */
export async function* benchTraining(model: string, threads: number): AsyncGenerator<StepFigure> {
  for (const isa of isaLadder(process.arch, loadAddon().bestIsa())
    .filter((each) => each !== 'ref')
    .toReversed()) {
    const usual = multipliesBf16(isa) ? 'bf16' : 'fp32';
    for (const precision of [usual, ...(hasInt8Under(isa) ? (['int8'] as const) : [])] as const) {
      const folder = mkdtempSync(join(tmpdir(), 'lathe-step-'));
      try {
        yield await measure({ model, isa, precision, threads, rows: 4, length: 512, folder });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }
}

const widths = [10, 9, 7, 8, 8, 12, 6];
const line = (cells: readonly string[]): string => cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');

/** For a terminal, one line as each figure comes. */
export const stepHeading = line(['kernels', 'precision', 's/step', 'tokens/s', 'peak MiB', 'in kernels', 'micro']);

export const stepLine = (figure: StepFigure): string =>
  line([
    figure.isa,
    figure.precision,
    figure.seconds_per_step.toFixed(2),
    figure.tokens_per_second.toFixed(0),
    (figure.peak_rss_bytes / 2 ** 20).toFixed(0),
    `${(100 * figure.share_in_kernels).toFixed(1)} %`,
    String(figure.chosen.micro_tokens),
  ]);
