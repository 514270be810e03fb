/** Scores items in batches that depend on the items alone, so that a job that goes on after a crash gives what it would have given. */
import type { BenchmarkRecord, ChoiceRecord, WrittenRecord } from '../../shared/domain/benchmark-record.ts';
import type { BenchmarkTask, WrittenTask } from '../../shared/domain/benchmark-task.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { generateTokens } from '../inference/generate.ts';
import type { LoadedModel } from '../inference/load-for-inference.ts';
import { chooseProducts } from './choose-products.ts';
import type { BenchmarkItem, ChoiceItem, TextItem, WrittenItem } from './item-reader.ts';
import { cutAtStop, judgeAnswer } from './judge-answer.ts';
import type { ItemGuard } from './item-guard.ts';
import { promptOf, type ItemPrompt } from './prompts.ts';
import { wordCount } from './python-text.ts';
import { continuationRequest, promptTokens, textRequests, type RequestContext, type ScoreRequest } from './requests.ts';
import { batchesOf, freeReach, scoreGroups, type RequestScore } from './score-requests.ts';
import type { Shots } from './shots.ts';

/** Tokens computed in one pass. */
const BATCH_TOKENS = 2048;

export interface Scoring {
  readonly task: BenchmarkTask;
  readonly items: readonly BenchmarkItem[];
  /** Of each item; null: none. */
  readonly shots: readonly Shots[] | null;
  readonly loaded: LoadedModel;
  readonly chatTemplate: boolean;
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
  /** Throws what the guard throws. */
  score(guard: ItemGuard): Promise<BenchmarkRecord[]>;
}

export function batchItems(scoring: Scoring): ItemBatch[] {
  const { loaded, task } = scoring;
  const context: RequestContext = { tokenizer: loaded.tokenizer, context: loaded.model.dimensions.context };
  requireRoom(task, context);
  const asked = scoring.items.map((item, i) => ask(scoring, { context, item, shots: scoring.shots?.[i] ?? [] }));
  if (task.kind !== 'multiple_choice' && task.kind !== 'perplexity') {
    return asked.map(({ item, prompt }) => ({
      items: 1,
      score: async (guard) => [await writeAnswer(item as WrittenItem, { task, prompt, context, loaded, guard })],
    }));
  }
  const sharing = scoring.sharing && !loaded.model.isRecurrent;
  const products = chooseProducts(loaded);
  let next = 0;
  return batchesOf(
    asked.map(({ requests }) => requests),
    { sharing, tokens: BATCH_TOKENS, reach: freeReach(loaded.source.config) },
  ).map((groups) => {
    const batch = asked.slice(next, (next += groups.length));
    return {
      items: batch.length,
      score: () => Promise.resolve(scoreGroups(loaded, groups, { sharing, products }).map((scores, i) => recordOf(batch[i] as Asked, scores))),
    };
  });
}

/** A written answer has to leave room for a prompt. Throws BENCHMARK_TASK_INVALID. */
function requireRoom(task: BenchmarkTask, { context }: RequestContext): void {
  if (!('max_tokens' in task) || task.max_tokens < context) return;
  throw new AppError('BENCHMARK_TASK_INVALID', { path: task.name, problem: `max_tokens is ${task.max_tokens}, and the model reads ${context} tokens at once` });
}

interface Question {
  readonly context: RequestContext;
  readonly item: BenchmarkItem;
  readonly shots: Shots;
}

function ask({ task, loaded, chatTemplate, path }: Scoring, { context, item, shots }: Question): Asked {
  if (item.kind === 'text') return { item, prompt: { text: item.prompt, delimiter: '' }, requests: textRequests(context, item.prompt) };
  const prompt = promptOf(task, item, { reader: loaded, shots, chatTemplate });
  if (item.kind === 'written') return { item, prompt, requests: [] };
  const requests = item.choices.map((choice, i) => {
    const request = continuationRequest(context, prompt.text, prompt.delimiter + choice);
    if ('tokens' in request) return request;
    throw new AppError('BENCHMARK_ITEM_INVALID', { path, line: item.line, problem: `choice ${i + 1} ${request.problem}` });
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
  return {
    ...judgedChoice(
      item,
      scores.map(({ logProb }) => logProb),
    ),
    ...{ prompt: prompt.text, cut_tokens: Math.max(...requests.map(({ cut }) => cut)), greedy: scores.map(({ isGreedy }) => isGreedy) },
  };
}

/** Which choice is the most probable, and whether that is right. */
export function judgedChoice(item: ChoiceItem, logProbs: readonly number[]): Omit<ChoiceRecord, 'prompt' | 'cut_tokens' | 'greedy'> {
  const choice = largest(logProbs);
  const choiceNorm = largest(logProbs.map((logProb, i) => logProb / characters(item.choices[i] ?? '')));
  return {
    kind: 'choice',
    ...{ index: item.index, id: item.id, choices: [...item.choices], answer: item.answer, log_probs: [...logProbs] },
    ...{ choice, choice_norm: choiceNorm, correct: { acc: mark(choice === item.answer), acc_norm: mark(choiceNorm === item.answer) } },
  };
}

function textRecord(item: TextItem, requests: readonly ScoreRequest[], scores: readonly RequestScore[]): BenchmarkRecord {
  return {
    kind: 'text',
    ...{ index: item.index, id: item.id, prompt: item.prompt, cut_tokens: 0 },
    log_prob: scores.reduce((sum, { logProb }) => sum + logProb, 0),
    tokens: requests.reduce((sum, { tokens, graded }) => sum + tokens.length - graded, 0),
    words: wordCount(item.prompt),
    bytes: Buffer.byteLength(item.prompt),
  };
}

interface Writing {
  readonly task: WrittenTask;
  readonly prompt: ItemPrompt;
  readonly context: RequestContext;
  readonly loaded: LoadedModel;
  readonly guard: ItemGuard;
}

async function writeAnswer(item: WrittenItem, { task, prompt, context, loaded, guard }: Writing): Promise<BenchmarkRecord> {
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
    await guard.check();
  }
  return { ...judgedAnswer(task, item, output), prompt: prompt.text, cut_tokens: start.cut };
}

/** `output` is what was written, up to the stop text. */
export function judgedAnswer(task: WrittenTask, item: WrittenItem, output: string): Omit<WrittenRecord, 'prompt' | 'cut_tokens'> {
  const { extracted, isRight } = judgeAnswer(task, output, item.answers);
  const correct = { exact_match: mark(isRight) };
  return { kind: 'written', index: item.index, id: item.id, answers: [...item.answers], output, extracted, correct };
}

const mark = (isRight: boolean): 0 | 1 => (isRight ? 1 : 0);

/** As Python counts them: code points. */
const characters = (text: string): number => [...text].length;

/** Where the largest is; the first of equals. */
const largest = (values: readonly number[]): number => values.indexOf(Math.max(...values));
