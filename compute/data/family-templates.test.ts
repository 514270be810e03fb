/** What chat templates of the families ask of Jinja renders as the reference implementation renders it; expectations come from Jinja2 3.1. */
import { describe, expect, it } from 'vitest';
import { smallTokenizer } from '../../test/support/small-tokenizer.ts';
import { makeChatTemplate } from './chat-template.ts';
import { templates } from './family-templates.fixture.ts';
import { chatSpans } from './render.ts';
import type { Message, Role } from './types.ts';

const turn = (role: Role, content: string): Message => ({ role, content, graded: role === 'assistant' });
const chat = [turn('user', 'q1'), turn('assistant', '<think>\nhm\n</think>\n\na1'), turn('user', 'q2'), turn('assistant', '<think>\nho\n</think>\n\na2')];
const date = new Date('2026-01-09T12:00:00Z');

/** The whole conversation; the prompt for its last answer; a prompt with a system message. */
function renderings(name: keyof typeof templates): string[] {
  const template = makeChatTemplate(templates[name], { date });
  const withSystem = [turn('system', 's /no_think'), turn('user', 'q1')];
  return [template.render(chat), template.render(chat.slice(0, 3), { addGenerationPrompt: true }), template.render(withSystem, { addGenerationPrompt: true })];
}

const im = (role: string, text: string): string => `<|im_start|>${role}\n${text}<|im_end|>\n`;
const granite = (role: string, text: string): string => `<|start_of_role|>${role}<|end_of_role|>${text}<|end_of_text|>\n`;
const [first, second] = ['<think>\nhm\n</think>\n\na1', '<think>\nho\n</think>\n\na2'];

describe('the templates of the families', () => {
  it('Qwen 3: thoughts are kept in the last answer only', () => {
    expect(renderings('qwen3')).toEqual([
      im('user', 'q1') + im('assistant', 'a1') + im('user', 'q2') + im('assistant', second),
      `${im('user', 'q1') + im('assistant', 'a1') + im('user', 'q2')}<|im_start|>assistant\n`,
      `${im('system', 's /no_think') + im('user', 'q1')}<|im_start|>assistant\n`,
    ]);
  });

  it('SmolLM3: the day, a switch in the system message, marks around answers', () => {
    const system = im('system', 'Date: 09 January 2026\nMode: /think\n\nThink first.\n\n');
    expect(renderings('smollm3')).toEqual([
      system + im('user', 'q1') + im('assistant', first) + im('user', 'q2') + im('assistant', second),
      `${system + im('user', 'q1') + im('assistant', first) + im('user', 'q2')}<|im_start|>assistant\n`,
      `${im('system', 'Date: 09 January 2026\nMode: /no_think\n\ns\n\n') + im('user', 'q1')}<|im_start|>assistant\n<think>\n\n</think>\n`,
    ]);
  });

  it('Granite 3: a system message of its own where there is none', () => {
    const system = granite('system', 'Knowledge until April 2024.\nToday is January 09, 2026.\nYou are Granite.');
    expect(renderings('granite3')).toEqual([
      system + granite('user', 'q1') + granite('assistant', first) + granite('user', 'q2') + granite('assistant', second),
      `${system + granite('user', 'q1') + granite('assistant', first) + granite('user', 'q2')}<|start_of_role|>assistant<|end_of_role|>`,
      `${granite('system', 's /no_think') + granite('user', 'q1')}<|start_of_role|>assistant<|end_of_role|>`,
    ]);
  });

  it('Granite 4: macros, and a default that a system message replaces', () => {
    const system = granite('system', 'You are a helpful assistant.');
    expect(renderings('granite4')).toEqual([
      system + granite('user', 'q1') + granite('assistant', first) + granite('user', 'q2') + granite('assistant', second),
      `${system + granite('user', 'q1') + granite('assistant', first) + granite('user', 'q2')}<|start_of_role|>assistant<|end_of_role|>`,
      `${granite('system', 's /no_think') + granite('user', 'q1')}<|start_of_role|>assistant<|end_of_role|>`,
    ]);
  });

  it.each([
    ['qwen3', ['a1<|im_end|>', `${second}<|im_end|>\n`]],
    ['smollm3', [`${first}<|im_end|>\n`, `${second}<|im_end|>\n`]],
    ['granite3', [`${first}<|end_of_text|>\n`, `${second}<|end_of_text|>\n`]],
    ['granite4', [`${first}<|end_of_text|>\n`, `${second}<|end_of_text|>\n`]],
  ] as const)('%s: every answer is graded to its end of turn', (name, graded) => {
    const { spans, lost } = chatSpans(chat, { chat: makeChatTemplate(templates[name], { date }), tokenizer: smallTokenizer });
    expect(lost).toEqual([]);
    expect(spans.filter((span) => span.graded).map(({ text }) => text)).toEqual(graded);
  });
});
