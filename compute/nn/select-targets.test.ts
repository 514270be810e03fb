/** Target names find modules by name, and fused or renamed ones by the names of the work they do. */
import { describe, expect, it } from 'vitest';
import { Weight } from '../autograd/weight.ts';
import { fromFloats, unscoped } from '../tensor/tensor.ts';
import { Linear } from './linear.ts';
import { selectTargets, targetNotes } from './select-targets.ts';

const weight = Weight.frozen(unscoped(() => fromFloats(new Float32Array(1), [1, 1])));
const module = (name: string, standsFor: readonly string[] = []): Linear => new Linear(name, weight, { standsFor });
const layer = (n: number, mlp: 'fused' | 'separate'): Linear[] => [
  module(`model.layers.${n}.self_attn.qkv_proj`, ['q_proj', 'k_proj', 'v_proj']),
  module(`model.layers.${n}.self_attn.o_proj`),
  ...(mlp === 'fused'
    ? [module(`model.layers.${n}.shared_mlp.input_linear`, ['gate_proj', 'up_proj']), module(`model.layers.${n}.shared_mlp.output_linear`, ['down_proj'])]
    : [module(`model.layers.${n}.mlp.gate_proj`), module(`model.layers.${n}.mlp.down_proj`)]),
];
const fused = [...layer(0, 'fused'), ...layer(1, 'fused')];
const mixed = [...layer(0, 'fused'), ...layer(1, 'separate')];
const names = (modules: readonly Linear[]): string[] => modules.map(({ name }) => name.replace('model.layers.', ''));

describe('selectTargets', () => {
  it('takes the module that a name is a part of, once, in the order of the model', () => {
    expect(names(selectTargets(fused, ['o_proj', 'v_proj', 'q_proj']))).toEqual([
      '0.self_attn.qkv_proj',
      '0.self_attn.o_proj',
      '1.self_attn.qkv_proj',
      '1.self_attn.o_proj',
    ]);
  });

  it('takes a renamed module by its usual name, and by a full path', () => {
    expect(names(selectTargets(fused, ['down_proj']))).toEqual(['0.shared_mlp.output_linear', '1.shared_mlp.output_linear']);
    expect(names(selectTargets(fused, ['model.layers.1.self_attn.k_proj']))).toEqual(['1.self_attn.qkv_proj']);
  });

  it('takes only modules of a name where there are any', () => {
    expect(names(selectTargets(mixed, ['gate_proj']))).toEqual(['1.mlp.gate_proj']);
    expect(names(selectTargets(mixed, ['up_proj']))).toEqual(['0.shared_mlp.input_linear']);
  });

  it('refuses a name that nothing answers to, with the list', () => {
    const known = 'qkv_proj, o_proj, input_linear, output_linear';
    expect(() => selectTargets(fused, ['q_proj', 'w_proj'])).toThrow(expect.objectContaining({ code: 'TARGET_UNKNOWN', facts: { target: 'w_proj', known } }));
  });
});

describe('targetNotes', () => {
  it('say what names became', () => {
    expect(targetNotes(fused, ['q_proj', 'v_proj', 'o_proj', 'down_proj'])).toEqual([
      'Of the target modules, q_proj, v_proj became qkv_proj, which does that work in this model.',
      'Of the target modules, down_proj became output_linear, which does that work in this model.',
    ]);
  });

  it('say nothing where every name is a module', () => {
    expect(targetNotes(fused, ['qkv_proj', 'o_proj'])).toEqual([]);
    expect(targetNotes(fused, 'all-linear')).toEqual([]);
  });
});
