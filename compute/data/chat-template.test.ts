import { describe, expect, it } from 'vitest';
import { makeChatTemplate, plainTemplate } from './chat-template.ts';
import { strftime } from './strftime.ts';

const messages = [
  { role: 'user', content: 'a' },
  { role: 'assistant', content: 'b' },
];
const invalid = (message: RegExp): object =>
  expect.objectContaining({ code: 'CHAT_TEMPLATE_INVALID', message: expect.stringMatching(message) as string }) as object;

describe('makeChatTemplate', () => {
  it('gives the template what transformers gives it', () => {
    const source =
      '{{ bos_token }}{% for m in messages %}{{ m.role ~ ":" ~ m["content"] ~ eos_token }}{% endfor %}{% if add_generation_prompt %}>{% endif %}{% if tools %}T{% endif %}';
    const template = makeChatTemplate(source, { bosToken: '<s>', eosToken: '</s>' });
    expect(template.render(messages)).toBe('<s>user:a</s>assistant:b</s>');
    expect(template.render(messages.slice(0, 1), { addGenerationPrompt: true })).toBe('<s>user:a</s>>');
  });

  it('names what is wrong with a template, and what a template objects to', () => {
    expect(() => makeChatTemplate('{% for %}', { path: 'm.gguf' })).toThrow(invalid(/m\.gguf fails/));
    const strict = makeChatTemplate('{{ raise_exception("System role not supported") }}', { path: 'm.gguf' });
    expect(() => strict.render(messages)).toThrow(invalid(/m\.gguf fails: System role not supported/));
  });

  it('writes the day it is told, in English', () => {
    const template = makeChatTemplate('{{ strftime_now("%d %b %Y") }}', { date: new Date('2024-03-05T22:07:00Z') });
    expect(template.usesDate).toBe(true);
    expect(template.render([])).toBe('05 Mar 2024');
  });

  it('has a plain format for models without one', () => {
    const plain = makeChatTemplate(plainTemplate, { eosToken: '</s>' });
    const all = [{ role: 'system', content: 's' }, ...messages];
    expect(plain.render(all)).toBe('s\n\n### Instruction:\na\n\n### Response:\nb</s>\n\n');
    expect(plain.render(all.slice(0, 2), { addGenerationPrompt: true })).toBe('s\n\n### Instruction:\na\n\n### Response:\n');
  });
});

describe('strftime', () => {
  it('knows the letters of C', () => {
    const date = new Date('2026-01-09T08:05:03Z');
    expect(strftime(date, '%A %a %B %b %d %-d %e %Y %y %m %H:%M:%S 100%% %Q')).toBe('Friday Fri January Jan 09 9  9 2026 26 01 08:05:03 100% %Q');
  });
});
