import { describe, expect, it } from 'vitest';
import { smallTemplate, smallTokenizer } from '../../test/support/small-tokenizer.ts';
import { loadTokenizer } from '../formats/tokenizer/load-tokenizer.ts';
import { makeChatTemplate } from './chat-template.ts';
import { spansOf } from './inspect-dataset.ts';
import { chatSpans, renderSample, type Renderer } from './render.ts';
import type { Message, Role, Sample } from './types.ts';

const turn = (role: Role, content: string): Message => ({ role, content, graded: role === 'assistant' });
const conversation = [turn('user', 'Hello'), turn('assistant', 'yes'), turn('user', 'again'), turn('assistant', 'no')];
const renderer = (template = smallTemplate, more: Partial<Renderer> = {}): Renderer => ({
  tokenizer: smallTokenizer,
  chat: makeChatTemplate(template),
  completionsAsChat: true,
  trainOn: 'assistant',
  ...more,
});
const spans = (sample: Sample, with_ = renderer()): string[] =>
  spansOf(renderSample(sample, with_).row, smallTokenizer).map((span) => (span.graded ? `*${span.text}` : span.text));

/** Every way to grow the pieces letter by letter. */
const prefixesOf = (pieces: readonly string[]): string[] => [
  ...new Set(pieces.flatMap((piece) => Array.from({ length: piece.length - 1 }, (_, i) => piece.slice(0, i + 2)))),
];

describe('renderSample', () => {
  it('grades every assistant turn, with its end of turn', () => {
    expect(spans({ kind: 'messages', messages: conversation })).toEqual([
      '[user]\nHello<|im_end|>\n[assistant]\n',
      '*yes<|im_end|>\n',
      '[user]\nagain<|im_end|>\n[assistant]\n',
      '*no<|im_end|>\n',
    ]);
  });

  it('leaves ungraded answers out of the loss', () => {
    const messages = conversation.map((message, i) => (i === 1 ? { ...message, graded: false } : message));
    expect(spans({ kind: 'messages', messages }).filter((text) => text.startsWith('*'))).toEqual(['*no<|im_end|>\n']);
  });

  it('grades everything on request, but for the first token, which nothing predicts', () => {
    const { row } = renderSample({ kind: 'messages', messages: conversation }, renderer(smallTemplate, { trainOn: 'all' }));
    expect([...row.graded]).toEqual([0, ...new Array<number>(row.tokens.length - 1).fill(1)]);
    expect(row.tokens).toEqual(renderSample({ kind: 'messages', messages: conversation }, renderer()).row.tokens);
  });

  it('tokenises prompt and answer apart', () => {
    const { row } = renderSample({ kind: 'completion', system: '', prompt: 'Hel', completion: 'lo' }, renderer(smallTemplate, { completionsAsChat: false }));
    expect([...row.tokens]).toEqual([...smallTokenizer.encode('Hel'), ...smallTokenizer.encode('lo'), smallTokenizer.eosId]);
    expect([...row.tokens].slice(0, -1)).not.toEqual(smallTokenizer.encode('Hello'));
  });

  it('puts prompt and completion through the chat template, or joins them and adds EOS', () => {
    const sample: Sample = { kind: 'completion', system: 'brief', prompt: 'q\n', completion: 'a' };
    expect(spans(sample)).toEqual(['[system]\nbrief<|im_end|>\n[user]\nq\n<|im_end|>\n[assistant]\n', '*a<|im_end|>\n']);
    const raw = renderer(smallTemplate, { completionsAsChat: false });
    expect(spans(sample, raw)).toEqual(['brief\n\nq\n', '*a<|im_end|>']);
    expect(spans({ ...sample, system: '', completion: 'a<|im_end|>' }, raw)).toEqual(['q\n', '*a<|im_end|>']);
  });

  it('grades all of a plain text, EOS too', () => {
    const { row } = renderSample({ kind: 'text', text: 'Hello' }, renderer());
    expect([...row.tokens]).toEqual([...smallTokenizer.encode('Hello'), smallTokenizer.eosId]);
    expect(row.graded.at(-1)).toBe(1);
  });

  it('adds BOS to raw text where the tokenizer does, never twice', () => {
    const bosId = smallTokenizer.encode('!')[0] ?? 0;
    const tokenizer = { ...smallTokenizer, bosId, addBos: true };
    const tokens = (text: string): number[] => [...renderSample({ kind: 'text', text }, renderer(smallTemplate, { tokenizer })).row.tokens];
    expect(tokens('x')[0]).toBe(bosId);
    expect(tokens('!x').filter((id) => id === bosId)).toHaveLength(1);
  });

  it('finds an answer by its words where the template tells history otherwise', () => {
    // Reasoning is shown in the last turn only, as Qwen's template does.
    const template =
      "{% for m in messages %}[{{ m.role }}] {% if m.role == 'assistant' and not loop.last %}{{ m.content.split('</think>')[-1] | trim }}{% else %}{{ m.content }}{% endif %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}[assistant] {% endif %}";
    const messages = [turn('user', 'a'), turn('assistant', '<think>so</think>\nyes'), turn('user', 'b'), turn('assistant', 'no')];
    const with_ = renderer(template);
    expect(chatSpans(messages, with_)).toEqual({
      spans: [
        { text: '[user] a<|im_end|>\n[assistant] ', graded: false },
        { text: 'yes<|im_end|>', graded: true },
        { text: '\n[user] b<|im_end|>\n[assistant] ', graded: false },
        { text: 'no<|im_end|>\n', graded: true },
      ],
      lost: [],
    });
  });

  it('cuts text behind control tokens that swallow white space as the whole text is cut', () => {
    const pieces = ['\u2581Hello', '\u2581yes', '\u2581again', '\u2581no'];
    const letters = [...new Set(pieces.join('')), '\n'];
    const controls = ['<|user|>', '<|assistant|>', '<|end|>'];
    const tokens = ['<unk>', ...letters, ...prefixesOf(pieces), ...controls];
    const types = tokens.map((token) => (token === '<unk>' ? 2 : controls.includes(token) ? 3 : 1));
    const none = { merges: null, pre: null, bosId: null, padId: null, eotId: null, addBos: null, addEos: null, addSpacePrefix: true };
    const tokenizer = loadTokenizer({
      ...{ kind: 'gguf', model: 'llama', ...none, tokens, scores: Float32Array.from(tokens, (_, id) => -id), tokenTypes: Int32Array.from(types) },
      ...{ unkId: 0, eosId: tokens.indexOf('<|end|>'), swallowsSpace: true },
    });
    const template = '{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}{% if add_generation_prompt %}<|assistant|>\n{% endif %}';
    const with_ = renderer(template, { tokenizer });
    const { row } = renderSample({ kind: 'messages', messages: conversation }, with_);
    const whole = tokenizer.encode(makeChatTemplate(template).render(conversation));
    expect([...row.tokens]).toEqual(whole);
    expect(whole).toHaveLength(12);
    expect(spansOf(row, tokenizer).filter(({ graded }) => graded)).toHaveLength(2);
  });

  it('says which answer a template does not show', () => {
    const { row, notes } = renderSample({ kind: 'messages', messages: conversation }, renderer('{{ messages[-1].content }}!'));
    expect(notes).toEqual([expect.stringContaining('message 2')]);
    expect([...row.graded].filter((each) => each === 1).length).toBeLessThan(row.tokens.length);
  });

  it('grades a conversation that begins with the assistant', () => {
    const template = "{% if messages[0].role == 'assistant' %}{% endif %}{% for m in messages %}{{ m.content + '<|im_end|>' }}{% endfor %}";
    expect(spans({ kind: 'messages', messages: [turn('assistant', 'yes'), turn('user', 'again')] }, renderer(template))).toEqual([
      'y',
      '*es<|im_end|>',
      'again<|im_end|>',
    ]);
  });
});
