/** Scores items in batches that depend on the items alone, so that a job that goes on after a crash gives what it would have given. */
import type { BenchmarkRecord, ChoiceRecord } from '../../shared/domain/benchmark-record.ts';
import type { BenchmarkTask, WrittenTask } from '../../shared/domain/benchmark-task.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { generateTokens } from '../inference/generate.ts';
import { breathe } from '../inference/job-context.ts';
import type { LoadedModel } from '../inference/load-for-inference.ts';
import type { BenchmarkItem, ChoiceItem, TextItem, WrittenItem } from './item-reader.ts';
import { cutAtStop, judgeAnswer } from './judge-answer.ts';
import { promptOf, type ItemPrompt, type PromptSettings } from './prompts.ts';
import { continuationRequest, promptTokens, textRequests, type RequestContext, type ScoreRequest } from './requests.ts';
import { batchesOf, freeReach, scoreGroups, type RequestScore } from './score-requests.ts';

/** Tokens computed in one pass. */
const BATCH_TOKENS = 2048;

export interface Scoring {
  readonly task: BenchmarkTask;
  /** Those to score; `all` may hold more, to show as solved ones. */
  readonly items: readonly BenchmarkItem[];
  readonly all: readonly BenchmarkItem[];
  readonly loaded: LoadedModel;
  readonly settings: PromptSettings;
  /** false: each choice is computed with the whole prompt before it. */
  readonly sharing: boolean;
  /** For messages. */
  readonly path: string;
}

/** An item with what the model is asked about it. */
interface Asked {
  readonly item: BenchmarkItem;
  readonly prompt: ItemPrompt;
  readonly requests: readonly ScoreRequest[];
}

/** Some items in a row, and how to score them. */
export interface ItemBatch {
  readonly items: number;
  score(): Promise<BenchmarkRecord[]>;
}

export function batchItems(scoring: Scoring): ItemBatch[] {
  const { loaded, settings } = scoring;
  const context: RequestContext = { tokenizer: loaded.tokenizer, context: loaded.model.dimensions.context, isRendered: settings.chatTemplate };
  const asked = scoring.items.map((item) => ask(scoring, context, item));
  if (scoring.task.kind !== 'multiple_choice' && scoring.task.kind !== 'perplexity') {
    const { task } = scoring;
    return asked.map(({ item, prompt }) => ({ items: 1, score: async () => [await writeAnswer(item as WrittenItem, { task, prompt, context, loaded })] }));
  }
  const sharing = scoring.sharing && !loaded.model.isRecurrent;
  let next = 0;
  return batchesOf(
    asked.map(({ requests }) => requests),
    { sharing, tokens: BATCH_TOKENS, reach: freeReach(loaded.source.config) },
  ).map((groups) => {
    const batch = asked.slice(next, (next += groups.length));
    return {
      items: batch.length,
      score: async () => {
        await breathe();
        return scoreGroups(loaded, groups, { sharing }).map((scores, i) => recordOf(batch[i] as Asked, scores));
      },
    };
  });
}

function ask({ task, all, loaded, settings, path }: Scoring, context: RequestContext, item: BenchmarkItem): Asked {
  if (item.kind === 'text') return { item, prompt: { text: item.prompt, delimiter: '' }, requests: textRequests(context, item.prompt) };
  const prompt = promptOf(task, item, { all, reader: loaded, settings });
  if (item.kind === 'written') return { item, prompt, requests: [] };
  const requests = item.choices.map((choice) => {
    const request = continuationRequest(context, prompt.text, prompt.delimiter + choice);
    if (request !== null) return request;
    throw new AppError('BENCHMARK_ITEM_INVALID', {
      path,
      line: item.index + 1,
      problem: `a choice alone is longer than the model's ${context.context} tokens`,
    });
  });
  return { item, prompt, requests };
}

function recordOf({ item, prompt, requests }: Asked, scores: readonly RequestScore[]): BenchmarkRecord {
  return item.kind === 'text' ? textRecord(item, requests, scores) : choiceRecord(item as ChoiceItem, { prompt, requests, scores });
}

function choiceRecord(
  item: ChoiceItem,
  { prompt, requests, scores }: { prompt: ItemPrompt; requests: readonly ScoreRequest[]; scores: readonly RequestScore[] },
): ChoiceRecord {
  const logProbs = scores.map(({ logProb }) => logProb);
  const choice = largest(logProbs);
  const choiceNorm = largest(logProbs.map((logProb, i) => logProb / characters(item.choices[i] ?? '')));
  return {
    kind: 'choice',
    ...{ index: item.index, id: item.id, prompt: prompt.text, cut_tokens: Math.max(...requests.map(({ cut }) => cut)) },
    ...{ choices: [...item.choices], answer: item.answer, log_probs: logProbs, greedy: scores.map(({ isGreedy }) => isGreedy) },
    ...{ choice, choice_norm: choiceNorm, correct: { acc: mark(choice === item.answer), acc_norm: mark(choiceNorm === item.answer) } },
  };
}

function textRecord(item: TextItem, requests: readonly ScoreRequest[], scores: readonly RequestScore[]): BenchmarkRecord {
  return {
    kind: 'text',
    ...{ index: item.index, id: item.id, prompt: item.prompt, cut_tokens: 0 },
    log_prob: scores.reduce((sum, { logProb }) => sum + logProb, 0),
    tokens: requests.reduce((sum, { tokens, graded }) => sum + tokens.length - graded, 0),
    words: item.prompt.split(/\s+/).length,
    bytes: Buffer.byteLength(item.prompt),
  };
}

interface Writing {
  readonly task: WrittenTask;
  readonly prompt: ItemPrompt;
  readonly context: RequestContext;
  readonly loaded: LoadedModel;
}

async function writeAnswer(item: WrittenItem, { task, prompt, context, loaded }: Writing): Promise<BenchmarkRecord> {
  const { tokenizer, model, dtype } = loaded;
  const start = promptTokens(context, prompt.text, task.max_tokens);
  const options = { dtype, maxTokens: task.max_tokens, temperature: 0, topP: 1, seed: 0, stopIds: tokenizer.stopIds };
  const tokens: number[] = [];
  let output = '';
  for (const token of generateTokens(model, start.tokens, options)) {
    tokens.push(token);
    const stopped = cutAtStop(tokenizer.decode(tokens, { skipSpecial: true }), task.stop);
    output = stopped.text;
    if (stopped.isCut) break;
    await breathe();
  }
  const { extracted, isRight } = judgeAnswer(task, output, item.answers);
  return {
    kind: 'written',
    ...{ index: item.index, id: item.id, prompt: prompt.text, cut_tokens: start.cut },
    ...{ answers: [...item.answers], output, extracted, correct: { exact_match: mark(isRight) } },
  };
}

const mark = (isRight: boolean): 0 | 1 => (isRight ? 1 : 0);

/** As Python counts them: code points. */
const characters = (text: string): number => [...text].length;

/** Where the largest is; the first of equals. */
const largest = (values: readonly number[]): number => values.indexOf(Math.max(...values));
