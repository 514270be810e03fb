/** Whether this machine multiplies bytes, and what tests of int8 runs say where it does not. */
import type { Isa } from '../../shared/domain/isa.ts';
import { rowsOf } from './kernel-lab.ts';

/** Under what is allowed now. */
export const hasInt8 = rowsOf('gemm_int8').some(({ chosen, isa }) => chosen && isa !== 'ref');
/** Under this cap, by a row of its own rung. */
export const hasInt8Under = (cap: Isa): boolean => rowsOf('gemm_int8').some(({ isa }) => isa === cap && isa !== 'ref');
export const withoutInt8 = "this CPU has neither VNNI nor ARM's dot product";
