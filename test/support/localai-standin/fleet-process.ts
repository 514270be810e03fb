/** The process of a fleet of stand-ins: does what `fleet.ts` orders, and tells of each fault when it happens. */
import type { Behaviour, Fault } from './faults.ts';
import { LocalAiStandin, type StandinOptions } from './standin.ts';
import { engineVoice } from './voice.ts';

export type Order =
  | { readonly do: 'start'; readonly options: Omit<StandinOptions, 'voice'> }
  /** In place of those before. */
  | { readonly do: 'misbehave'; readonly faults: readonly Fault[] }
  | { readonly do: 'behave'; readonly changes: Partial<Omit<Behaviour, 'answer' | 'loadProblem' | 'scoreOf'>> }
  | { readonly do: 'setKey'; readonly key: string | null }
  | { readonly do: 'look' }
  | { readonly do: 'calls'; readonly from: number }
  | { readonly do: 'down' | 'up' | 'restart' };

export interface Look {
  readonly url: string;
  readonly aliases: Readonly<Record<string, string>>;
  readonly loaded: readonly string[];
  /** How many calls it has heard. */
  readonly heard: number;
}

export interface Asked {
  readonly id: number;
  readonly name: string;
  readonly order: Order;
}

/** With `id`: an answer. */
export type Told =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly problem: string } | { readonly name: string; readonly fault: string };

const voice = engineVoice();
const standins = new Map<string, LocalAiStandin>();
const tell = (told: Told): void => void process.send?.(told);

async function start(name: string, options: Omit<StandinOptions, 'voice'>): Promise<Look> {
  const standin = await LocalAiStandin.start({ ...options, voice });
  standin.behaviour.cooldownMs = 300;
  standin.onFault = (fault) => tell({ name, fault });
  standins.set(name, standin);
  return look(standin);
}

const look = ({ url, models, backend, heard }: LocalAiStandin): Look => ({
  ...{ url, loaded: backend.loaded.sort(), heard: heard.length },
  aliases: Object.fromEntries(models.aliases.map((each) => [each.name, each.target])),
});

async function obey({ name, order }: Asked): Promise<unknown> {
  if (order.do === 'start') return start(name, order.options);
  const standin = standins.get(name);
  if (standin === undefined) throw new Error(`no stand-in ${name}`);
  switch (order.do) {
    case 'misbehave':
      standin.faults.splice(0, Infinity, ...order.faults);
      return standin.heard.length;
    case 'behave':
      return void Object.assign(standin.behaviour, order.changes);
    case 'setKey':
      return void Object.assign(standin.settings, { key: order.key });
    case 'look':
      return look(standin);
    case 'calls':
      return standin.heard.slice(order.from).map(({ call }) => call);
    default:
      return standin[order.do]();
  }
}

process.on('message', (asked: Asked) => {
  obey(asked).then(
    (result) => tell({ id: asked.id, result }),
    (error: unknown) => tell({ id: asked.id, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
