/**
 * f32 numbers as sums of two bf16, their halves: high is the number rounded, low what rounding took away. Three products of halves (high · high,
 * low · high, high · low) are a product to sixteen bits, close to f32's own; where a machine multiplies bf16 itself they are faster than that one.
 */
import { packPanels } from './panels.ts';
import { loadAddon } from './load-addon.ts';
import { empty, scope, type Tensor } from './tensor.ts';

export interface Halves {
  readonly high: Tensor;
  readonly low: Tensor;
}

/** x: any type. Both belong to the scope this is called in. */
export function halve(x: Tensor): Halves {
  const addon = loadAddon();
  const [high, low] = [empty('bf16', x.shape), empty('bf16', x.shape)];
  addon.convert(high.id, x.id, { scale: 1 });
  scope(() => {
    const whole = x.dtype === 'f32' ? x : empty('f32', x.shape);
    if (whole !== x) addon.convert(whole.id, x.id, { scale: 1 });
    addon.addScaled(low.id, whole.id, high.id, { alpha: 1, beta: -1 });
  });
  return { high, low };
}

/** Of a frozen matrix, laid out for x · Wᵀ. */
export function packHalves(matrix: Tensor): Halves {
  return scope(() => {
    const { high, low } = halve(matrix);
    const pack = (half: Tensor): Tensor => packPanels(half, { transposeB: true, inputType: 'bf16' });
    return { high: pack(high), low: pack(low) };
  });
}
