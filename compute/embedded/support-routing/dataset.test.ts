import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routingInstruction, supportRoutingRows, supportRoutingSizes, toJsonLines, type ChatRow } from './dataset.ts';
import { priorities, queues, sentiments, type RoutingRecord } from './labels.ts';
import { products } from './phrases.ts';
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

  it('hold product and order number in the ticket, and labels of the lists', () => {
    for (const row of rows) {
      const record = recordOf(row);
      expect(ticketOf(row).toLowerCase()).toContain(record.product);
      expect(ticketOf(row)).toContain(record.order);
      expect(Object.keys(record)).toEqual(['queue', 'priority', 'product', 'order', 'sentiment']);
      expect(
        [queues, priorities, sentiments].map((list: readonly string[], index) => list.includes([record.queue, record.priority, record.sentiment][index] ?? '')),
      ).toEqual([true, true, true]);
    }
  });

  it('spread evenly over the labels: no constant answer scores more than a lucky guess', () => {
    for (const [key, values] of [
      ['queue', queues],
      ['priority', priorities],
      ['sentiment', sentiments],
    ] as const) {
      for (const value of values) {
        const share = rows.filter((row) => recordOf(row)[key] === value).length / rows.length;
        expect(share * values.length).toBeGreaterThan(0.7);
        expect(share * values.length).toBeLessThan(1.3);
      }
    }
  });
});

describe('the two parts', () => {
  const [train, test] = splits.map((split) => supportRoutingRows(split));

  it('have no ticket in common, whatever its case and order number', () => {
    const key = (row: ChatRow): string => ticketOf(row).toLowerCase().replace(/\d+/g, '#');
    const trained = new Set((train ?? []).map(key));
    expect((test ?? []).filter((row) => trained.has(key(row)))).toEqual([]);
  });

  it('differ in what they say: most test tickets hold sentences or products that no training ticket holds', () => {
    const text = (train ?? []).map((row) => ticketOf(row).toLowerCase()).join('\n');
    const isNew = (row: ChatRow): boolean => {
      const { order, product } = recordOf(row);
      const sentences = ticketOf(row)
        .toLowerCase()
        .replaceAll(order, '')
        .split(/(?<=[.?!]) /);
      const words = new RegExp(`\\b(${[...products.shared, ...products.heldOut].join('|')})\\b`, 'g');
      return !text.includes(product) || sentences.some((sentence) => !text.replaceAll(words, 'x').includes(sentence.replaceAll(words, 'x')));
    };
    const sample = (test ?? []).slice(0, 60);
    expect(sample.filter(isNew).length / sample.length).toBeGreaterThan(0.75);
    expect(products.heldOut.filter((product) => text.includes(product))).toEqual([]);
  });
});
