/** The support-routing data set: tickets as chat rows, training and test part without a common ticket. */
import { createRandom } from '../text/random.ts';
import type { ChatMessage } from '../tokenizer/chat-format.ts';
import { makeTicket, type RoutedTicket, type Split } from './ticket.ts';

export const supportRoutingSizes = { train: 1200, test: 240 } as const;
const seeds = { train: 20_261, test: 20_262 } as const;

/** The request that stands before every ticket. */
export const routingInstruction = 'Route this ticket. Reply as JSON with queue, priority, product, order, sentiment.';

export interface ChatRow {
  readonly messages: readonly ChatMessage[];
}

const toChatRow = ({ ticket, record }: RoutedTicket): ChatRow => ({
  messages: [
    { role: 'user', content: `${routingInstruction}\n${ticket}` },
    { role: 'assistant', content: JSON.stringify(record) },
  ],
});

/** All rows of one part, always the same ones in the same order. No ticket occurs twice. */
export function supportRoutingRows(split: Split): ChatRow[] {
  const random = createRandom(seeds[split]);
  const tickets = new Map<string, RoutedTicket>();
  while (tickets.size < supportRoutingSizes[split]) {
    const made = makeTicket(random, split);
    tickets.set(made.ticket, made);
  }
  return [...tickets.values()].map(toChatRow);
}

export const toJsonLines = (rows: readonly ChatRow[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
