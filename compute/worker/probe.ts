/**
 * The probe process: loads the addon and runs every kernel that would be chosen, on small numbers. If an instruction does not exist here
 * this process dies of it, and the application does not. It says what it is about to try, so that its death names the kernel.
 */
import { computeEnvironment, type FromProbe } from '../../shared/contracts/compute-messages.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import { allowedIsa } from '../train/engine-setup.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { tryKernels } from './try-kernels.ts';

const say = (message: FromProbe): void => {
  process.send?.(message);
};

try {
  const addon = loadAddon();
  const isa = allowedIsa();
  addon.configure({ isa, threads: 2 });
  tryKernels((kernel) => say({ type: 'trying', kernel }));
  const kernels = addon.listKernels().map(({ op, name, isa: rowIsa, supported, chosen }) => ({ op, name, isa: rowIsa, supported, chosen }));
  say({ type: 'answer', answer: { features: [...addon.features()], isa, kernels } });
} catch (error) {
  say({ type: 'failed', error: toWireError(toAppError(error, computeEnvironment.correlation)) });
} finally {
  process.disconnect?.();
}
