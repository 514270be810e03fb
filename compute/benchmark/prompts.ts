/** The text before an answer: solved items, the item's prompt, and the chat template around them where one is asked for. */
import type { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { encodeMessages } from '../inference/encode-prompt.ts';
import type { LoadedModel } from '../inference/load-for-inference.ts';
import type { BenchmarkItem } from './item-reader.ts';

export interface PromptSettings {
  /** Solved items before each prompt. */
  readonly numFewshot: number;
  readonly chatTemplate: boolean;
}

export interface ItemPrompt {
  readonly text: string;
  /** What stands between it and an answer. */
  readonly delimiter: string;
}

type Reader = Pick<LoadedModel, 'tokenizer' | 'modelTemplate'>;

/** Between two items. */
const SEPARATOR = '\n\n';

/** `all`: where solved items come from; the first that are not the item itself. */
export function promptOf(
  task: BenchmarkTask,
  item: BenchmarkItem,
  { all, reader, settings }: { all: readonly BenchmarkItem[]; reader: Reader; settings: PromptSettings },
): ItemPrompt {
  const delimiter = 'delimiter' in task ? task.delimiter : '';
  const solved = all.filter(({ index }) => index !== item.index).slice(0, settings.numFewshot);
  const text = [...solved.map((each) => `${each.prompt}${delimiter}${solutionOf(each)}`), item.prompt].join(SEPARATOR);
  if (!settings.chatTemplate) return { text, delimiter };
  // What calls for an answer ends the template, so that nothing stands between.
  return { text: encodeMessages(reader, [{ role: 'user', content: text }], { raw: false }).text, delimiter: '' };
}

function solutionOf(item: BenchmarkItem): string {
  if (item.kind === 'choice') return item.choices[item.answer] ?? '';
  return item.kind === 'written' ? (item.answers[0] ?? '') : '';
}
