import { describe, expect, it } from 'vitest';
import { ShelfName } from '../../../shared/domain/shelf-entry.ts';
import { nameProblem, proposedName } from './shelf-name.ts';

describe('proposedName', () => {
  it.each([
    ['/models/SmolLM2-135M.Q4_1.gguf', 'SmolLM2-135M.Q4_1'],
    ['C:\\rows\\Meine Zeilen (neu).CSV', 'Meine-Zeilen-neu'],
    ['/models/gemma-3-270m/', 'gemma-3-270m'],
    ['/rows/support-routing/train.jsonl', 'support-routing-train'],
    ['/rows/...jsonl', 'unnamed'],
    ['/rows/.hidden.json', 'hidden'],
  ])('of %s is %s', (path, name) => {
    expect(proposedName(path, [])).toBe(name);
    expect(ShelfName.safeParse(name).success).toBe(true);
  });

  it('is one that is free', () => {
    expect(proposedName('/a/rows-of-mine.jsonl', ['rows-of-mine', 'rows-of-mine-2'])).toBe('rows-of-mine-3');
  });

  it('fits on a shelf however long the file is called', () => {
    expect(nameProblem(proposedName(`/a/${'x'.repeat(300)}.gguf`, []), [])).toBe(null);
  });
});

describe('nameProblem', () => {
  it('tells a shape that no folder may have, and a name that is taken', () => {
    expect(nameProblem('rows', ['model'])).toBe(null);
    expect(nameProblem('rows', ['rows'])).toMatch(/already/);
    for (const name of ['', '../x', 'a b', '.x', 'x.']) expect(nameProblem(name, [])).toMatch(/Letters/);
  });
});
