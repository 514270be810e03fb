/** A body changes in its model and in nothing else. */
import { expect, it } from 'vitest';
import { readBody, rewriteModel } from './rewrite-model.ts';

it('changes the model and keeps every digit', () => {
  const body = '{"model":"support","seed":9007199254740993,"temperature":0.10,"messages":[{"role":"user","content":"é\\u0000 1.0"}],"n":1e400}';
  expect(rewriteModel(body, 'v2')).toBe(body.replace('"support"', '"v2"'));
});

it('leaves models further in alone', () => {
  expect(rewriteModel('{"metadata":{"model":"support"},"model":"support"}', 'v2')).toBe('{"metadata":{"model":"support"},"model":"v2"}');
});

it.each(['', '[]', 'null', '{"a":', '"model"'])('reads no body in %j', (text) => {
  expect(readBody(text)).toBeNull();
});
