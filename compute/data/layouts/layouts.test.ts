import { describe, expect, it } from 'vitest';
import type { Sample } from '../types.ts';
import { detectLayout, type ColumnMapping } from './detect.ts';

const detect = (row: unknown, columns?: ColumnMapping, layout?: string): ReturnType<typeof detectLayout> =>
  detectLayout([row], { path: 'd.jsonl', ...(columns === undefined ? {} : { columns }), ...(layout === undefined ? {} : { layout }) });
const sampleOf = (row: unknown, columns?: ColumnMapping): Sample | null => detect(row, columns).toSample(row);
const failure = (code: string, message: RegExp): object => expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as object;

const user = (content: string): object => ({ role: 'user', content, graded: false });
const assistant = (content: string, graded = true): object => ({ role: 'assistant', content, graded });
const system = (content: string): object => ({ role: 'system', content, graded: false });

describe('layouts', () => {
  it('Alpaca: the input stands below the instruction', () => {
    const row = { instruction: 'Add.', input: '1 2', output: 3 };
    expect(detect(row).name).toBe('alpaca');
    expect(sampleOf(row)).toEqual({ kind: 'messages', messages: [user('Add.\n\n1 2'), assistant('3')] });
    expect(sampleOf({ ...row, input: '', system: 'Be brief.' })).toEqual({ kind: 'messages', messages: [system('Be brief.'), user('Add.'), assistant('3')] });
    expect(sampleOf({ ...row, output: ' ' })).toBeNull();
  });

  it('Alpaca with other names, and beside a text column', () => {
    const row = { text: 'all of it', instruction: 'Q', context: 'C', response: 'A' };
    expect(detect(row)).toMatchObject({ name: 'alpaca', columns: { instruction: 'instruction', input: 'context', output: 'response' } });
  });

  it('messages: roles, parts, weights, several turns', () => {
    const messages = [
      { role: 'developer', content: 'S' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: 'x', weight: 0 },
      { role: 'user', content: 'c' },
      { role: 'assistant', content: 'y' },
    ];
    expect(sampleOf({ messages })).toEqual({ kind: 'messages', messages: [system('S'), user('ab'), assistant('x', false), user('c'), assistant('y')] });
    expect(sampleOf({ messages: JSON.stringify(messages) })).toEqual(sampleOf({ messages }));
    expect(sampleOf({ messages: messages.slice(0, 3) })).toBeNull();
    expect(sampleOf({ messages: [] })).toBeNull();
  });

  it('messages that cannot be meant are named', () => {
    const layout = detect({ messages: [] });
    expect(() => layout.toSample({ messages: [{ role: 'wizard', content: 'x' }] })).toThrow(/message 1 has the role "wizard"/);
    expect(() => layout.toSample({ messages: 'hello' })).toThrow(/'messages' is not a list/);
    expect(() => layout.toSample({ messages: ['hello'] })).toThrow(/message 1 is not an object/);
    expect(() => layout.toSample({ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] })).toThrow(/part that is not text/);
    expect(() => layout.toSample({ messages: [{ role: 'assistant', tool_calls: [{}] }] })).toThrow(/calls tools/);
  });

  it('ShareGPT: from and value, with a system text beside', () => {
    const conversations = [
      { from: 'human', value: 'a' },
      { from: 'gpt', value: 'b' },
    ];
    expect(detect({ conversations }).name).toBe('sharegpt');
    expect(sampleOf({ conversations, system: 'S' })).toEqual({ kind: 'messages', messages: [system('S'), user('a'), assistant('b')] });
  });

  it('prompt and completion, as text or as messages', () => {
    expect(sampleOf({ prompt: 'p', completion: ' c' })).toEqual({ kind: 'completion', system: '', prompt: 'p', completion: ' c' });
    expect(sampleOf({ question: 'p', answer: 'c' })).toMatchObject({ prompt: 'p', completion: 'c' });
    expect(sampleOf({ Prompt: 'p', Completion: 'c' })).toMatchObject({ prompt: 'p', completion: 'c' });
    const turns = {
      prompt: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
      ],
      completion: [{ role: 'assistant', content: 'c' }],
    };
    expect(sampleOf(turns)).toEqual({ kind: 'messages', messages: [user('a'), assistant('b', false), assistant('c')] });
    expect(sampleOf({ prompt: 'p', completion: '' })).toBeNull();
  });

  it('text, in a column or bare', () => {
    expect(sampleOf({ text: 't' })).toEqual({ kind: 'text', text: 't' });
    expect(sampleOf('t')).toEqual({ kind: 'text', text: 't' });
    expect(sampleOf({ text: '\n ' })).toBeNull();
  });
});

describe('columns', () => {
  it('are mapped by name, to the layout they make up', () => {
    const row = { frage: 'q', antwort: 'a', text: 'unused' };
    expect(detect(row, { prompt: 'frage', completion: 'antwort' }).name).toBe('prompt-completion');
    expect(sampleOf(row, { prompt: 'frage', completion: 'antwort' })).toMatchObject({ prompt: 'q', completion: 'a' });
    expect(detect(row, { instruction: 'frage', output: 'antwort' }).name).toBe('alpaca');
    expect(detect(row, { text: 'antwort' }).name).toBe('text');
    expect(detect({ messages: [], text: 'x' }, undefined, 'text').name).toBe('text');
  });

  it('that are wrong are answered with those that exist', () => {
    expect(() => detect({ foo: 1, bar: 2 })).toThrow(failure('DATASET_COLUMNS_UNKNOWN', /d\.jsonl has columns foo, bar/));
    expect(() => detect({ foo: 1 }, { prompt: 'foo', completion: 'baz' })).toThrow(failure('DATASET_COLUMNS_UNKNOWN', /columns foo/));
    expect(() => detect({ foo: 1 }, { promt: 'foo' })).toThrow(failure('USAGE', /'promt' is no column/));
    expect(() => detect({ foo: 1 }, { prompt: 'foo' })).toThrow(failure('USAGE', /make up no layout/));
    expect(() => detect({ text: 1 }, undefined, 'tekst')).toThrow(failure('USAGE', /'tekst' is no layout/));
  });

  it('may be missing in single rows', () => {
    const layout = detectLayout([{ instruction: 'a' }, { instruction: 'a', output: 'b' }], { path: 'd' });
    expect(layout.toSample({ instruction: 'a' })).toBeNull();
    expect(layout.toSample(7)).toBeNull();
    expect(() => layout.toSample({ instruction: {}, output: 'x' })).toThrow(/'instruction' holds an object/);
  });
});
