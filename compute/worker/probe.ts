/**
 * The probe process: loads the addon and runs every kernel that would be chosen, on small numbers. If an instruction does not exist here
 * this process dies of it, and the application does not. It says what it is about to try, so that its death names the kernel.
 */
import type { FromProbe } from '../../shared/contracts/compute-messages.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import { allowedIsa } from '../tensor/engine-setup.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { kernelTrials } from '../tensor/kernel-trials.ts';
import { parentChannel } from '../process/parent-channel.ts';

/** Waits until it is on its way: a death right after must not swallow it. */
const say = (message: FromProbe): Promise<void> => parentChannel.send(message);

try {
  const addon = loadAddon();
  const isa = allowedIsa();
  addon.configure({ isa, threads: 2 });
  for (const trial of kernelTrials(addon)) {
    await say({ type: 'trying', kernel: trial.name });
    trial.run();
  }
  const kernels = addon.listKernels().map(({ op, name, isa: rowIsa, needs, supported, chosen }) => ({ op, name, isa: rowIsa, needs, supported, chosen }));
  await say({ type: 'answer', answer: { features: [...addon.features()], isa, kernels } });
} catch (error) {
  await say({ type: 'failed', error: toWireError(toAppError(error)) });
} finally {
  parentChannel.close();
}
