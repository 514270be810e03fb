import { describe, expect, it } from 'vitest';
import { routingInstruction } from '../support-routing/dataset.ts';
import { supportRoutingRows } from '../support-routing/dataset.ts';
import { corpusDocuments, corpusJsonLines, corpusTexts } from './corpus.ts';

const documents = [...corpusDocuments(4000)];
const texts = [...corpusTexts(4000)];

describe('the base corpus', () => {
  it('is the same for the same seed and longer when asked for more', () => {
    expect([...corpusDocuments(200)]).toEqual(documents.slice(0, 200));
    expect([...corpusDocuments(200, 1)]).not.toEqual(documents.slice(0, 200));
  });

  it('has running text and conversations that end with an answer', () => {
    const chats = documents.filter((document) => document.kind === 'messages');
    expect(chats.length / documents.length).toBeGreaterThan(0.4);
    expect(chats.length / documents.length).toBeLessThan(0.8);
    expect(chats.every(({ messages }) => messages.at(-1)?.role === 'assistant' && messages.every(({ content }) => content !== ''))).toBe(true);
  });

  it('is written as text rows that end with the answer or its end token', () => {
    const rows = [...corpusJsonLines(300)].map((line) => (JSON.parse(line) as { text: string }).text);
    expect(rows).toHaveLength(300);
    for (const [index, text] of rows.entries()) expect(text.endsWith('<|im_end|>')).toBe(documents[index]?.kind === 'messages');
  });

  it('leaves no template syntax behind', () => {
    expect(texts.filter((text) => /\{[a-z]+(#\w+)?\}|\([^)]*\|/.test(text))).toEqual([]);
  });

  it('answers a request for JSON with JSON of the keys asked for', () => {
    const answers = documents.flatMap((document) =>
      document.kind === 'messages' && document.messages[0]?.content.includes('JSON with') ? [document.messages] : [],
    );
    expect(answers.length).toBeGreaterThan(500);
    for (const [request, answer] of answers) {
      const keys = Object.keys(JSON.parse(answer?.content ?? '') as object);
      expect(request?.content.split('\n')[0]).toContain(keys.join(', '));
    }
  });

  it('never shows the routing task: no ticket, no request for it, no record with its labels', () => {
    const all = texts.join('\n');
    expect(all).not.toContain('Route this');
    expect(all).not.toMatch(/"(queue|priority|product|order|sentiment)":/);
    expect(routingInstruction).toContain('Route this');
    const tickets = supportRoutingRows('test').map(({ messages: [request] }) => request?.content ?? '');
    expect(tickets.filter((ticket) => all.includes(ticket))).toEqual([]);
  });
});
