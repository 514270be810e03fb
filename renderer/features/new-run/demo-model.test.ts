import { expect, it } from 'vitest';
import { isDemoModel } from './demo-model.ts';

it('knows it by its path and by its name', () => {
  const demo = '/opt/lathe/resources/models/lathe-base.gguf';
  expect([demo, 'lathe-base'].every((model) => isDemoModel(model, demo))).toBe(true);
  expect(['lathe', '/models/lathe-base.gguf'].some((model) => isDemoModel(model, demo))).toBe(false);
  expect(isDemoModel('lathe-base', undefined)).toBe(false);
});
