/** The parity job: fixture folders against what PyTorch + PEFT computed. */
import type { JobOf, ParityResult } from '../../../shared/contracts/compute-jobs.ts';
import { runParity } from '../../parity/run-parity.ts';
import { setUpEngine } from '../../tensor/engine-setup.ts';

export function parity({ fixtures, families, precision, engine }: JobOf<'parity'>): Promise<ParityResult> {
  setUpEngine(engine.cpu, precision);
  return Promise.resolve(runParity({ fixtures, families, precision }));
}
