/**
 * The probe process: loads the addon, runs every kernel that would be used under LATHE_ISA, and answers with what it found.
 * It may die of an illegal instruction; that is what it is for. It announces each trial first, so that its death has a name.
 */
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import { Isa, isas } from '../../shared/domain/isa.ts';
import { computeEnvironment, type FromProbe, type ProbeAnswer } from '../../shared/contracts/compute-messages.ts';
import { kernelTrials } from '../tensor/kernel-trials.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { send } from './send.ts';

const say = (message: FromProbe): Promise<void> => send(message);

async function probe(): Promise<ProbeAnswer> {
  await say({ type: 'trying', kernel: 'loading the addon' });
  const addon = loadAddon();
  const cap = Isa.safeParse(process.env[computeEnvironment.isa]);
  if (!cap.success) throw new AppError('ISA_UNKNOWN', { isa: process.env[computeEnvironment.isa] ?? '', known: isas.join(', ') });
  const best = addon.bestIsa();
  const isa = isas.indexOf(cap.data) < isas.indexOf(best) ? cap.data : best;
  addon.configure({ isa, threads: 2 });
  for (const trial of kernelTrials(addon)) {
    await say({ type: 'trying', kernel: trial.name });
    trial.run();
  }
  return {
    features: [...addon.features()],
    isa,
    kernels: addon.listKernels().map(({ op, name, isa: row, supported, chosen }) => ({ op, name, isa: row, supported, chosen })),
  };
}

try {
  await say({ type: 'answer', answer: await probe() });
} catch (error) {
  await say({ type: 'failed', error: toWireError(toAppError(error)) });
}
process.disconnect?.();
