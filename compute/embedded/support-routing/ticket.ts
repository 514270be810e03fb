/** Makes one support ticket together with the routing record that is right for it. */
import { expand, polish, type Lexicon } from '../text/grammar.ts';
import type { Random } from '../text/random.ts';
import type { RoutingRecord } from './labels.ts';
import { customerNames, distractors, farewells, greetings, issues, moods, products, urgencies, type Phrases } from './phrases.ts';

export interface RoutedTicket {
  readonly ticket: string;
  readonly record: RoutingRecord;
  /** What the ticket says, in lower case, without greeting and farewell. */
  readonly matter: string;
}

/** `train` uses shared phrases only. */
export type Split = 'train' | 'test';

/** How many fields in a hundred are said twice (in test tickets the second time in a held-out phrase), and how many tickets name another product. */
const percent = { saidTwice: 15, otherProduct: 15, lowerCase: 10 } as const;

export function makeTicket(random: Random, split: Split, record: RoutingRecord): RoutedTicket {
  const say = ({ shared, heldOut }: Phrases): string[] => {
    if (!random.chance(percent.saidTwice)) return [random.pick(shared)];
    const spoken = shared.filter((phrase) => phrase !== '');
    return split === 'train' ? random.sample(spoken, 2) : random.sample([random.pick(spoken), random.pick(heldOut)], 2);
  };
  const lexicon: Lexicon = { product: [record.product], other: products.filter((other) => other !== record.product), name: customerNames };
  const parts = [say(issues[record.queue]), say(moods[record.sentiment]), ...(random.chance(percent.otherProduct) ? [[random.pick(distractors)]] : [])];
  const body = [...random.sample(parts, parts.length).flat(), ...say(urgencies[record.priority])].filter((sentence) => sentence !== '').join(' ');
  const matter = expand(random, body, lexicon);
  const frame = [expand(random, random.pick(greetings), lexicon), expand(random, random.pick(farewells), lexicon)] as const;
  const ticket = polish(`${frame[0]} ${matter} ${frame[1]}`);
  return { ticket: random.chance(percent.lowerCase) ? ticket.toLowerCase() : ticket, record, matter: matter.toLowerCase() };
}
