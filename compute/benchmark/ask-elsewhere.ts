/** A task for a model that answers elsewhere: its questions, and the judgement of the replies. No model is loaded; the prompts and the rules are those of the benchmark job. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JobOf, ResultOf } from '../../shared/contracts/compute-jobs.ts';
import { BenchmarkReply, type BenchmarkQuestion } from '../../shared/domain/benchmark-question.ts';
import type { BenchmarkIdentity, BenchmarkRecord, BenchmarkResult } from '../../shared/domain/benchmark-record.ts';
import type { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { writeWholeFileAtomically } from '../formats/atomic-file.ts';
import { withFileErrors } from '../formats/file-errors.ts';
import { knownHashes } from '../formats/known-hashes.ts';
import type { JobContext } from '../inference/job-context.ts';
import type { BenchmarkItem } from './item-reader.ts';
import { cutAtStop } from './judge-answer.ts';
import { plainPrompt, turnsOf } from './prompts.ts';
import { readItems } from './read-items.ts';
import { judgedAnswer, judgedChoice } from './score-items.ts';
import { findShots, type Shots } from './shots.ts';
import { summarise } from './summarise.ts';

type Asked = Pick<JobOf<'questions'>, 'task' | 'data' | 'limit' | 'numFewshot'>;

export async function writeQuestions(job: JobOf<'questions'>, context: JobContext): Promise<ResultOf<'questions'>> {
  const { items, shots } = await read(job, context);
  const text = items.map((item, i) => `${JSON.stringify(questionOf(job.task, item, shots[i] ?? []))}\n`).join('');
  await writeWholeFileAtomically(job.questionsPath, text);
  return { total: items.length, sha256: sha256(text) };
}

export async function judgeReplies(job: JobOf<'judge'>, context: JobContext): Promise<BenchmarkResult> {
  const { items, shots } = await read(job, context);
  const replies = readReplies(job.repliesPath);
  if (replies.length !== items.length)
    throw new AppError('BENCHMARK_RECORDS_OTHER', { path: job.repliesPath, difference: `number of items: ${replies.length} instead of ${items.length}` });
  const records = items.map((item, i) => recordOf(job.task, item, { shots: shots[i] ?? [], reply: replies[i] as BenchmarkReply }));
  const identity = await identify(job, context);
  await writeWholeFileAtomically(job.recordsPath, [identity, ...records].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const figures = { metrics: summarise(job.task, records), items: records.length, cut_items: 0, resumed_items: 0 };
  return { ...identity, ...figures, seconds: 0, items_per_second: 0, records: job.recordsPath };
}

async function read(job: Asked, context: JobContext): Promise<{ readonly items: readonly BenchmarkItem[]; readonly shots: readonly Shots[] }> {
  const items = await readItems({ path: job.data, task: job.task, limit: job.limit });
  const source = findShots(job);
  if (source?.isOwn === false) context.emit({ event: 'note', message: `Solved items are drawn from the scored ones: ${source.instead}.` });
  return { items, shots: source === null ? [] : await source.draw(items) };
}

function questionOf(task: BenchmarkTask, item: BenchmarkItem, shots: Shots): BenchmarkQuestion {
  if (item.kind === 'choice') {
    const { text, delimiter } = plainPrompt(task, item, shots);
    return { kind: 'choice', index: item.index, prompt: text, candidates: item.choices.map((choice) => delimiter + choice) };
  }
  if (!('max_tokens' in task)) throw new Error(`${task.name} asks nothing of a server`);
  return { kind: 'written', index: item.index, turns: [...turnsOf(item, shots)], stop: [...task.stop], max_tokens: task.max_tokens };
}

interface Answered {
  readonly shots: Shots;
  readonly reply: BenchmarkReply;
}

function recordOf(task: BenchmarkTask, item: BenchmarkItem, { shots, reply }: Answered): BenchmarkRecord {
  if (item.kind === 'choice' && 'log_probs' in reply)
    return { ...judgedChoice(item, reply.log_probs), prompt: plainPrompt(task, item, shots).text, cut_tokens: 0, greedy: null };
  if (item.kind !== 'written' || !('text' in reply) || !('max_tokens' in task)) throw new Error(`the reply to item ${item.index} is none to it`);
  // What the server made of the turns by its template is not told.
  const prompt = turnsOf(item, shots)
    .map(({ content }) => content)
    .join('\n\n');
  return { ...judgedAnswer(task, item, cutAtStop(reply.text, task.stop).text), prompt, cut_tokens: 0 };
}

/** Behind the line that says whose they are. */
const readReplies = (path: string): readonly BenchmarkReply[] =>
  withFileErrors({ path, what: 'Replies', action: 'read' }, () => readFileSync(path, 'utf8'))
    .split('\n')
    .slice(1, -1)
    .map((line) => BenchmarkReply.parse(JSON.parse(line)));

async function identify(job: JobOf<'judge'>, context: JobContext): Promise<BenchmarkIdentity> {
  const hashOf = knownHashes(context.cacheDirectory);
  const source = findShots(job);
  return {
    ...{ task: job.task.name, task_version: job.task.version, task_sha256: sha256(JSON.stringify(job.task)), data_sha256: await hashOf(job.data) },
    ...{ model_sha256: sha256(job.servedAs), adapter_sha256: null, served_as: job.servedAs, num_fewshot: job.numFewshot },
    ...(source === null ? {} : { shots_sha256: source.isOwn ? await hashOf(source.path) : null }),
    ...{ chat_template: job.task.kind !== 'multiple_choice', limit: job.limit, precision: 'server' },
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
