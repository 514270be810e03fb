/** The page proposes columns for the layouts that the engine reads, and for no others. */
import { expect, it } from 'vitest';
import { layouts } from '../../compute/data/layouts/detect.ts';
import { rowLayouts } from '../../renderer/features/new-run/layouts.ts';

it('knows the same layouts with the same parts', () => {
  expect(rowLayouts).toEqual(layouts.map(({ name: id, required, optional }) => ({ id, required, optional })));
});
