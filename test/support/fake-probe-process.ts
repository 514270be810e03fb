/** A probe process for tests: dies on the instruction sets that LATHE_TEST_FALLS names, as `amx:SIGILL,avx512:exit`. */
import { appendFileSync } from 'node:fs';
import type { FromProbe } from '../../shared/contracts/compute-messages.ts';
import { Isa } from '../../shared/domain/isa.ts';

const send = (message: FromProbe): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));
const isa = Isa.parse(process.env['LATHE_ISA']);
const falls = new Map((process.env['LATHE_TEST_FALLS'] ?? '').split(',').map((fall) => fall.split(':') as [string, string]));
const fall = falls.get(isa);

const tally = process.env['LATHE_TEST_TALLY'];
if (tally !== undefined) appendFileSync(tally, `${isa}\n`);
await send({ type: 'trying', kernel: `gemm_${isa}` });
if (fall === 'missing') await send({ type: 'failed', error: { code: 'ADDON_MISSING', facts: { reason: 'not there' } } });
else if (fall === 'exit') process.exit(3);
else if (fall === 'hang') setInterval(() => undefined, 1_000);
else if (fall !== undefined) process.kill(process.pid, fall);
else
  await send({
    type: 'answer',
    answer: { features: ['avx2'], isa, kernels: [{ op: 'gemm', name: `gemm_${isa}`, isa, needs: '', supported: true, chosen: true }] },
  });
if (fall !== 'hang') process.disconnect();
