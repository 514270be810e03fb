/** The support-routing data set: tickets as chat rows, training and test part without a common ticket. */
import { createRandom, type Random } from '../text/random.ts';
import type { ChatMessage } from '../tokenizer/chat-format.ts';
import { priorities, queues, sentiments, type RoutingRecord } from './labels.ts';
import { products } from './phrases.ts';
import { makeTicket, type RoutedTicket, type Split } from './ticket.ts';

export const supportRoutingSizes = { train: 2000, test: 240 } as const;
const seeds = { train: 20_261, test: 20_262 } as const;

/** The request that stands before every ticket. */
export const routingInstruction = 'Route this ticket. Reply as JSON with queue, priority, product, sentiment.';

export interface ChatRow {
  readonly messages: readonly ChatMessage[];
}

const toChatRow = ({ ticket, record }: RoutedTicket): ChatRow => ({
  messages: [
    { role: 'user', content: `${routingInstruction}\n${ticket}` },
    { role: 'assistant', content: JSON.stringify(record) },
  ],
});

/** All rows of one part, always the same ones in the same order. */
export const supportRoutingRows = (split: Split): ChatRow[] => routedTickets(split).map(toChatRow);

/** No two tickets of both parts together say the same thing. */
function routedTickets(split: Split): RoutedTicket[] {
  const random = createRandom(seeds[split]);
  const taken = new Set(split === 'test' ? routedTickets('train').map(({ matter }) => matter) : []);
  return evenRecords(random, supportRoutingSizes[split]).map((record) => {
    let made = makeTicket(random, split, record);
    while (taken.has(made.matter)) made = makeTicket(random, split, record);
    taken.add(made.matter);
    return made;
  });
}

/** Records in which each label of a list comes up equally often (give or take one), each field shuffled by itself. */
function evenRecords(random: Random, count: number): RoutingRecord[] {
  const deal = <Label>(labels: readonly Label[]): Label[] =>
    random.sample(
      Array.from({ length: count }, (_, index) => labels[index % labels.length] as Label),
      count,
    );
  const [queue, priority, product, sentiment] = [deal(queues), deal(priorities), deal(products), deal(sentiments)];
  return queue.flatMap((each, index) => {
    const [urgency, thing, mood] = [priority[index], product[index], sentiment[index]];
    return urgency === undefined || thing === undefined || mood === undefined ? [] : [{ queue: each, priority: urgency, product: thing, sentiment: mood }];
  });
}

export const toJsonLines = (rows: readonly ChatRow[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
