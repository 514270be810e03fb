/** The ladder of instruction sets that kernels are written for, lowest first, and how to step down it. */
import { z } from 'zod';

export const isas = ['ref', 'neon', 'neonbf16', 'avx2', 'avx512', 'avx512bf16', 'amx'] as const;
export const Isa = z.enum(isas);
export type Isa = z.infer<typeof Isa>;

/** The rungs of each processor architecture, highest first; `ref` runs everywhere. */
const ladders: Readonly<Record<string, readonly Isa[]>> = {
  x64: ['amx', 'avx512bf16', 'avx512', 'avx2', 'ref'],
  arm64: ['neonbf16', 'neon', 'ref'],
};

/** What to try on this architecture (`process.arch`), highest first, none above `cap`. */
export function isaLadder(architecture: string, cap?: Isa): readonly Isa[] {
  const ladder = ladders[architecture] ?? ['ref'];
  const from = cap === undefined ? 0 : ladder.indexOf(cap);
  return from < 0 ? ['ref'] : ladder.slice(from);
}
