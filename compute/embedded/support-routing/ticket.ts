/** Makes one support ticket together with the routing record that is right for it. */
import { expand, polish, type Lexicon } from '../text/grammar.ts';
import type { Random } from '../text/random.ts';
import { priorities, queues, sentiments, type RoutingRecord } from './labels.ts';
import { customerNames, distractors, farewells, greetings, issues, moods, orderMentions, products, urgencies, type Phrases } from './phrases.ts';

export interface RoutedTicket {
  readonly ticket: string;
  readonly record: RoutingRecord;
}

/** `train` uses shared phrases only; `test` takes about half of its phrases and a quarter of its products from the held-out ones. */
export type Split = 'train' | 'test';

const heldOutPercent = { phrase: 50, product: 25 } as const;

export function makeTicket(random: Random, split: Split): RoutedTicket {
  const choose = (phrases: Phrases, percent: number): string => random.pick(split === 'test' && random.chance(percent) ? phrases.heldOut : phrases.shared);
  const phrase = (phrases: Phrases): string => choose(phrases, heldOutPercent.phrase);
  const product = choose(products, heldOutPercent.product);
  const record: RoutingRecord = {
    queue: random.pick(queues),
    priority: random.pick(priorities),
    product,
    order: String(10_000 + random.below(90_000)),
    sentiment: random.pick(sentiments),
  };
  const lexicon: Lexicon = { product: [product], other: products.shared.filter((other) => other !== product), order: [record.order], name: customerNames };
  const body = [phrase(issues[record.queue]), phrase(moods[record.sentiment]), phrase(orderMentions), ...(random.chance(35) ? [phrase(distractors)] : [])];
  const sentences = [random.pick(greetings), ...random.sample(body, body.length), phrase(urgencies[record.priority]), random.pick(farewells)];
  const text = polish(expand(random, sentences.filter((sentence) => sentence !== '').join(' '), lexicon));
  return { ticket: random.chance(10) ? text.toLowerCase() : text, record };
}
