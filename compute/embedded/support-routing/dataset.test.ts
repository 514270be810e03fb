import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routingInstruction, supportRoutingRows, supportRoutingSizes, toJsonLines, type ChatRow } from './dataset.ts';
import { priorities, queues, sentiments, type RoutingRecord } from './labels.ts';
import { customerNames, farewells, greetings, products } from './phrases.ts';
import type { Split } from './ticket.ts';

const splits: readonly Split[] = ['train', 'test'];
const ticketOf = ({ messages: [request] }: ChatRow): string => (request?.content ?? '').slice(routingInstruction.length + 1);
const recordOf = ({ messages: [, answer] }: ChatRow): RoutingRecord => JSON.parse(answer?.content ?? '') as RoutingRecord;

describe.each(splits)('the %s rows of support-routing', (split) => {
  const rows = supportRoutingRows(split);

  it('are, byte for byte, the file in resources', () => {
    const file = readFileSync(new URL(`../../../resources/datasets/support-routing/${split}.jsonl`, import.meta.url), 'utf8');
    expect(toJsonLines(rows)).toBe(file);
    expect(rows).toHaveLength(supportRoutingSizes[split]);
  });

  it('name the product in the ticket, and have labels of the lists', () => {
    for (const row of rows) {
      const record = recordOf(row);
      expect(ticketOf(row).toLowerCase()).toContain(record.product);
      expect(record).toEqual({
        queue: expect.toBeOneOf([...queues]) as unknown,
        priority: expect.toBeOneOf([...priorities]) as unknown,
        product: expect.toBeOneOf([...products]) as unknown,
        sentiment: expect.toBeOneOf([...sentiments]) as unknown,
      });
      expect(Object.keys(record)).toEqual(['queue', 'priority', 'product', 'sentiment']);
    }
  });

  it('spread evenly over the labels: no constant answer scores more than any other', () => {
    for (const [key, values] of [
      ['queue', queues],
      ['priority', priorities],
      ['product', products],
      ['sentiment', sentiments],
    ] as const) {
      const counts = values.map((value) => rows.filter((row) => recordOf(row)[key] === value).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(2);
    }
  });
});

describe('the two parts', () => {
  const [train = [], test = []] = splits.map((split) => supportRoutingRows(split));
  const plain = (row: ChatRow): string => ticketOf(row).toLowerCase();

  it('have no ticket in common, whatever its case, its names and its greetings', () => {
    const frame = [...greetings, ...farewells].filter((text) => text !== '').map((text) => text.toLowerCase().replace('{name}', 'somebody'));
    const names = new RegExp(`\\b(${customerNames.join('|')})\\b`, 'gi');
    const bare = (row: ChatRow): string => frame.reduce((text, each) => text.replace(each, ''), plain(row).replace(names, 'somebody')).trim();
    const trained = new Set(train.map(bare));
    expect(trained.size).toBe(train.length);
    expect(test.filter((row) => trained.has(bare(row)))).toEqual([]);
  });

  it('differ in wording: a third to a half of the test tickets hold a sentence that no training ticket holds', () => {
    const sentences = (row: ChatRow): string[] =>
      plain(row)
        .replaceAll(new RegExp(`\\b(${products.join('|')})\\b`, 'g'), 'x')
        .split(/(?<=[.?!,]) /);
    const trained = new Set(train.flatMap(sentences));
    const withNew = test.filter((row) => sentences(row).some((sentence) => !trained.has(sentence)));
    expect(withNew.length / test.length).toBeGreaterThan(0.3);
    expect(withNew.length / test.length).toBeLessThan(0.5);
  });
});
