/** The text before an answer: solved items, the item's prompt, and the chat template around them where one is asked for. */
import type { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { encodeMessages } from '../inference/encode-prompt.ts';
import type { LoadedModel } from '../inference/load-for-inference.ts';
import type { BenchmarkItem } from './item-reader.ts';
import type { Shots } from './shots.ts';

export interface ItemPrompt {
  readonly text: string;
  /** What stands between it and an answer. */
  readonly delimiter: string;
}

interface PromptSettings {
  readonly reader: Pick<LoadedModel, 'tokenizer' | 'modelTemplate'>;
  readonly shots: Shots;
  readonly chatTemplate: boolean;
}

/** Between two items. */
const SEPARATOR = '\n\n';

export function promptOf(task: BenchmarkTask, item: BenchmarkItem, { reader, shots, chatTemplate }: PromptSettings): ItemPrompt {
  if (!chatTemplate) return plainPrompt(task, item, shots);
  // What calls for an answer ends the template, so that nothing stands between.
  return { text: encodeMessages(reader, [...turnsOf(item, shots)], { raw: false }).text, delimiter: '' };
}

export function plainPrompt(task: BenchmarkTask, item: BenchmarkItem, shots: Shots): ItemPrompt {
  const delimiter = 'delimiter' in task ? task.delimiter : '';
  return { text: [...shots.map((shot) => `${shot.prompt}${delimiter}${solutionOf(shot)}`), item.prompt].join(SEPARATOR), delimiter };
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** Solved items as turns of a chat, and the item's own behind them. */
export const turnsOf = (item: BenchmarkItem, shots: Shots): readonly Turn[] => [
  ...shots.flatMap((shot): Turn[] => [
    { role: 'user', content: shot.prompt },
    { role: 'assistant', content: solutionOf(shot) },
  ]),
  { role: 'user', content: item.prompt },
];

function solutionOf(item: BenchmarkItem): string {
  if (item.kind === 'choice') return item.choices[item.answer] ?? '';
  return item.kind === 'written' ? (item.answers[0] ?? '') : '';
}
