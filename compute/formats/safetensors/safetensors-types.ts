/** Element types of safetensors files; only the floating types of weights have a dtype of ours. */
import type { DType } from '../../tensor/dtype.ts';

export interface SafetensorsType {
  readonly name: string;
  readonly bits: number;
  /** What Lathe computes with, if it does. */
  readonly dtype: DType | null;
}

const other = (name: string, bits: number): SafetensorsType => ({ name, bits, dtype: null });
const rows: readonly SafetensorsType[] = [
  { name: 'F32', bits: 32, dtype: 'f32' },
  { name: 'F16', bits: 16, dtype: 'f16' },
  { name: 'BF16', bits: 16, dtype: 'bf16' },
  { name: 'I32', bits: 32, dtype: 'i32' },
  other('F64', 64),
  other('I64', 64),
  other('U64', 64),
  other('U32', 32),
  other('I16', 16),
  other('U16', 16),
  other('I8', 8),
  other('U8', 8),
  other('BOOL', 8),
  other('F8_E4M3', 8),
  other('F8_E5M2', 8),
  other('F8_E8M0', 8),
  other('F4', 4),
];

export const safetensorsTypes: ReadonlyMap<string, SafetensorsType> = new Map(rows.map((row) => [row.name, row]));

const namesByDType: Partial<Record<DType, string>> = { f32: 'F32', f16: 'F16', bf16: 'BF16', i32: 'I32' };

/** The name a dtype has in safetensors; undefined for block-quantised types, which the format lacks. */
export const safetensorsTypeName = (dtype: DType): string | undefined => namesByDType[dtype];
