import { expect, it } from 'vitest';
import type { Comparison } from '../../../shared/contracts/registry-calls.ts';
import { differingSections, sameSections } from './group-comparison.ts';

const comparison: Comparison = {
  model1: { name: 'a', version: '1.0.0' },
  model2: { name: 'a', version: '1.1.0' },
  differences: [
    { section: 'parameters', field: 'parameters.lora.rank', value1: 8, value2: 16, change: 8 },
    { section: 'parameters', field: 'parameters.lora.target_modules', value1: ['q_proj'], value2: null, change: null },
    { section: 'metrics', field: 'metrics.eval_loss', value1: 1.5, value2: 1.25, change: -0.25 },
    { section: 'evaluation', field: 'evaluation.after.exact_match', value1: 0.9, value2: 0.875, change: -0.025 },
    { section: 'evaluation', field: 'evaluation.before.loss', value1: 3, value2: 2, change: -1 },
    { section: 'evaluation', field: 'evaluation.after.exact_match_stderr', value1: 0.02, value2: 0.01, change: -0.01 },
  ],
  similarities: [
    { section: 'base_model', field: 'base_model.name', value: 'lathe-base' },
    { section: 'metrics', field: 'metrics.peak_rss_bytes', value: 2_097_152 },
  ],
};

it('puts what decides first, and marks which way a figure went', () => {
  const sections = differingSections(comparison);
  expect(sections.map(({ section }) => section)).toEqual(['evaluation', 'metrics', 'parameters']);
  expect(sections[0]?.fields).toEqual([
    { field: 'With it: exact match', one: '90.0 %', other: '87.5 %', change: { text: '−2.5 points', isBetter: false } },
    { field: 'Base alone: loss', one: '3', other: '2', change: { text: '−1', isBetter: null } },
    { field: 'With it: exact match stderr', one: '0.02', other: '0.01', change: { text: '−0.01', isBetter: null } },
  ]);
  expect(sections[1]?.fields).toEqual([{ field: 'Held-out loss', one: '1.5', other: '1.25', change: { text: '−0.25', isBetter: true } }]);
});

it('calls settings neither better nor worse, and shows lists whole', () => {
  expect(differingSections(comparison)[2]?.fields).toEqual([
    { field: 'lora.rank', one: '8', other: '16', change: { text: '+8', isBetter: null } },
    { field: 'lora.target_modules', one: '["q_proj"]', other: null, change: null },
  ]);
});

it('keeps apart what is the same', () => {
  expect(sameSections(comparison)).toEqual([
    { section: 'metrics', fields: [{ field: 'Memory', one: '2.00 MiB', other: '2.00 MiB', change: null }] },
    { section: 'base_model', fields: [{ field: 'name', one: 'lathe-base', other: 'lathe-base', change: null }] },
  ]);
});
