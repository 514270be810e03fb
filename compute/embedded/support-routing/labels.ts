/** The fields of a routing record and the values they may take; products stand beside their phrases. */
export const queues = ['billing', 'shipping', 'returns', 'technical', 'account', 'sales'] as const;
export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export const sentiments = ['angry', 'worried', 'neutral', 'pleased'] as const;

export type Queue = (typeof queues)[number];
export type Priority = (typeof priorities)[number];
export type Sentiment = (typeof sentiments)[number];

/** What a ticket is turned into. Keys are written in this order. */
export interface RoutingRecord {
  readonly queue: Queue;
  readonly priority: Priority;
  readonly product: string;
  readonly sentiment: Sentiment;
}
