/** Joins the parts that adapter files hold as single tensors (A, B, DoRA's magnitude), and checks that they fit each other. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { DType } from '../../tensor/dtype.ts';
import { PositionedFile } from '../positioned-file.ts';
import { dequantise } from '../quants/dequantise.ts';
import type { LoraMatrices } from './adapter-tensors.ts';

interface StoredHalf {
  readonly name: string;
  readonly dtype: Exclude<DType, 'i32'>;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

interface NamedHalf {
  readonly module: string;
  readonly half: 'a' | 'b' | 'magnitude';
}

/** Reads all matrices of a file; `parse` tells which module and half a tensor's name means, or null if none. */
export function readLoraMatrices(path: string, tensors: readonly StoredHalf[], parse: (name: string) => NamedHalf | null): Map<string, LoraMatrices> {
  const fail = (problem: string): never => {
    throw new AppError('ADAPTER_INVALID', { path, problem });
  };
  const pairs = new Map<string, Partial<Record<NamedHalf['half'], StoredHalf>>>();
  for (const tensor of tensors) {
    const named = parse(tensor.name);
    if (named === null) return fail(`tensor ${tensor.name} is no part of a LoRA adapter`);
    const pair = pairs.get(named.module) ?? {};
    pair[named.half] = tensor;
    pairs.set(named.module, pair);
  }
  if (pairs.size === 0) fail('it holds no matrices');
  using file = new PositionedFile(path, 'Adapter');
  const values = (tensor: StoredHalf): Float32Array => dequantise(tensor.dtype, file.read(tensor.offset, tensor.bytes));
  const matrices = new Map<string, LoraMatrices>();
  for (const [module, { a, b, magnitude }] of pairs) {
    if (a === undefined || b === undefined) return fail(`${module} lacks its ${a === undefined ? 'A' : 'B'} matrix`);
    const [rank = 0, inFeatures = 0] = a.shape;
    const [outFeatures = 0, columns = 0] = b.shape;
    if (a.shape.length !== 2 || b.shape.length !== 2 || rank !== columns || rank === 0)
      fail(`A [${a.shape.join(', ')}] and B [${b.shape.join(', ')}] of ${module} do not fit each other`);
    if (magnitude !== undefined && magnitude.shape.join() !== String(outFeatures))
      fail(`the magnitude [${magnitude.shape.join(', ')}] of ${module} does not fit its ${String(outFeatures)} rows`);
    const shape = { rank, inFeatures, outFeatures };
    matrices.set(module, { a: values(a), b: values(b), ...shape, ...(magnitude === undefined ? {} : { magnitude: values(magnitude) }) });
  }
  return matrices;
}
