/** A whole training step under each instruction set the machine has, each in a process of its own so that memory peaks stay apart. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { isas } from '../../shared/domain/isa.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { hasInt8Under } from '../support/int8-products.ts';
import type { StepFigure, StepRequest } from './training-step.ts';

const measure = (request: StepRequest): Promise<StepFigure> =>
  new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'training-step.ts'), [JSON.stringify(request)], { env: { ...process.env, LATHE_ISA: request.isa } });
    child.once('message', (figure) => resolve(figure as StepFigure));
    child.once('exit', (code) => reject(new Error(`the step under ${request.isa} ended with code ${String(code)}`)));
  });

export async function benchTraining(model: string, threads: number): Promise<StepFigure[]> {
  const best = isas.indexOf(loadAddon().bestIsa());
  const figures: StepFigure[] = [];
  for (const isa of isas.filter((each, rung) => each !== 'ref' && rung <= best && (each !== 'neon' || loadAddon().bestIsa() === 'neon'))) {
    const usual = isa === 'avx512bf16' || isa === 'amx' ? 'bf16' : 'fp32';
    for (const precision of [usual, ...(hasInt8Under(isa) ? (['int8'] as const) : [])] as const)
      figures.push(await measure({ model, isa, precision, threads, rows: 4, length: 512 }));
  }
  return figures;
}
