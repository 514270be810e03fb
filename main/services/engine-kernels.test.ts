import { describe, expect, it } from 'vitest';
import type { KernelChoice } from '../../shared/contracts/compute-messages.ts';
import { chosenKernels } from './engine-kernels.ts';

const row = (isa: KernelChoice['isa'], more: Partial<KernelChoice> = {}): KernelChoice => ({
  ...{ op: 'gemm', name: `gemm_${isa}`, isa, needs: '', supported: true, chosen: false },
  ...more,
});
const why = (...kernels: KernelChoice[]): string[] => chosenKernels({ features: [], isa: 'avx2', kernels }).map((each) => each.why);

describe('the reason for a kernel', () => {
  it('tells the best from what the machine lacks and what a cap forbids', () => {
    const chosen = row('avx2', { chosen: true });
    expect(why(row('ref'), chosen)).toEqual(['the best there is']);
    expect(why(chosen, row('avx512', { supported: false, needs: 'vnni' }))).toEqual(['avx512 with vnni: not on this machine']);
    expect(why(chosen, row('avx512'))).toEqual(['capped at avx2; without that avx512']);
  });
});
