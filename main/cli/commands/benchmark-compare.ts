/** `lathe benchmark compare`: did it get better by more than chance? Subjects, or scores, against the first of them. */
import { listOf } from '../options/named-in.ts';
import { Command, Option } from 'commander';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { ItemPair } from '../../../shared/contracts/comparison-calls.ts';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { metricNames, type BenchmarkMetric } from '../../../shared/domain/benchmark-record.ts';
import type { BenchmarkScore } from '../../../shared/domain/benchmark-run.ts';
import { parseVersionText } from '../../../shared/domain/version.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import type { Door } from '../../core/door.ts';
import { scoreCommand } from '../../services/benchmarks/score-command.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { comparisonLines, flipLines } from '../output/comparison-text.ts';
import { parseFlag } from '../options/parse-flag.ts';
import { pickScores, type Picked } from '../pick-scores.ts';

interface CompareOptions {
  readonly benchmarks?: string;
  readonly metric?: BenchmarkMetric['name'];
  readonly confidence: number;
  readonly flips?: number;
}

export const benchmarkCompareCommand = (host: HostSource): Command =>
  new Command('compare')
    .description('what differs between scores of the same items, and whether chance explains it')
    .argument('<subjects...>', 'the first is what the others are compared with: models or versions by name, or ids of scores (RUN.1)')
    .option('--benchmarks <list>', 'with commas: on these; what was scored besides is shown below (default: all)')
    .addOption(new Option('--metric <name>', "instead of the benchmark's score").choices(metricNames))
    .option('--confidence <share>', 'of the interval (default: 0.95)', (text) => parseFlag('--confidence', text, z.number().min(0.5).max(0.999)), 0.95)
    .option('--flips <n>', 'show so many items that differ', (text) => parseFlag('--flips', text, z.int().min(1).max(500)))
    .action((subjects: string[], options: CompareOptions) => compare(host(), subjects, options));

type Shown = PairedComparison & { readonly asked: boolean; readonly flips: readonly ItemPair[] | null; readonly flips_total: number | null };

async function compare(host: Host, subjects: readonly string[], options: CompareOptions): Promise<void> {
  if (subjects.length < 2)
    throw new AppError('USAGE', { problem: 'One subject alone cannot be compared', hint: 'Name two: lathe benchmark compare lathe-base support@1.0.0' });
  const { comparisons, refused } = await askCore(host, (door) => askComparisons(door, subjects, options));
  const flips = comparisons.flatMap((each) => (each.flips === null ? [] : flipLines(each, each.flips, each.flips_total ?? 0)));
  host.reporter.done({ comparisons, refused: refused.map((error) => error.facts) }, [
    ...comparisonLines(comparisons),
    ...refused.map(({ message }) => `${message}.`),
    ...flips,
  ]);
}

interface Compared {
  readonly comparisons: readonly Shown[];
  readonly refused: readonly AppError[];
}

/** Throws what refuses a comparison where there is no other. */
async function askComparisons(door: Door, subjects: readonly string[], options: CompareOptions): Promise<Compared> {
  const found: Found[] = [];
  for (const subject of subjects) found.push(await findScores(door, subject));
  const asked = wantedTasks(found, options);
  const named = scoresThatWereNamed(found);
  const picked = pickScores(
    found.map(({ scores }) => scores),
    named,
  );
  const wanted = picked.filter(({ task }) => asked === null || asked.includes(task));
  const missing = asked?.find((task) => wanted.every((pick) => pick.task !== task)) ?? (wanted.length === 0 ? 'TASK' : null);
  if (missing !== null) {
    const labels = subjects.map((subject, i) => found[i]?.label ?? subject);
    throw new AppError('SCORES_MISSING', { subjects: labels.join(' and '), benchmark: missing, command: scoreCommand(labels, missing, null) });
  }
  const besides = picked.filter((pick) => !wanted.includes(pick));
  const comparisons: Shown[] = [];
  const refused: AppError[] = [];
  for (const pick of [...wanted, ...besides]) {
    try {
      comparisons.push(...(await comparePicked(door, pick, { ...options, isAsked: wanted.includes(pick) })));
    } catch (error) {
      if (!isAppError(error, 'SCORES_NOT_COMPARABLE') || (named.length > 0 && wanted.includes(pick))) throw error;
      refused.push(error);
    }
  }
  const [first] = refused;
  if (comparisons.length === 0 && first !== undefined) throw first;
  return { comparisons, refused };
}

/** Tasks that were asked for, by name or by a score; null: all. */
function wantedTasks(found: readonly Found[], { benchmarks }: CompareOptions): readonly string[] | null {
  const named = benchmarks === undefined ? null : listOf(benchmarks);
  const ofScores = found.flatMap(({ task }) => (task === null ? [] : [task]));
  return named ?? (ofScores.length === 0 ? null : [...new Set(ofScores)]);
}

/** Where each was named itself they are compared as they are, and refused with the reason. */
function scoresThatWereNamed(found: readonly Found[]): readonly BenchmarkScore[] {
  const named = found.flatMap(({ task, scores: [score] }) => (task === null || score === undefined ? [] : [score]));
  return named.length === found.length ? named : [];
}

async function comparePicked(door: Door, { base, others }: Picked, options: CompareOptions & { readonly isAsked: boolean }): Promise<readonly Shown[]> {
  const { isAsked: asked, confidence, flips } = options;
  // A metric that was asked for is the asked benchmarks'; others have their own score.
  const metric = asked ? (options.metric ?? null) : null;
  const scores = [base, ...others.filter((score) => score !== null)].map(({ score }) => score);
  const { comparisons } = await door.call('benchmarks.compare', { scores, metric, confidence });
  const shown: Shown[] = [];
  for (const each of comparisons) {
    const page = asked && flips !== undefined ? await door.call('benchmarks.flips', { base: each.base, other: each.other, metric, limit: flips }) : null;
    shown.push({ ...each, asked, flips: page?.items ?? null, flips_total: page?.total ?? null });
  }
  return shown;
}

/** Scores of one subject, the newest first; where one was named itself it stands before the others, with its task. */
interface Found {
  readonly label: string;
  readonly task: string | null;
  readonly scores: readonly BenchmarkScore[];
}

async function findScores(door: Door, text: string): Promise<Found> {
  const page = { limit: 1_000 };
  if (text.includes('@') && !isAbsolute(text)) return ofVersion(door, text);
  const { scores } = await door.call('benchmarks.scores', { subject: text, ...page });
  if (scores.length > 0) return { label: text, task: null, scores };
  const score = await findScore(door, text);
  if (score === null) return ofVersion(door, text).catch((error: unknown) => none(text, error));
  const { label } = score.subject;
  const besides = await door.call('benchmarks.scores', { subject: label, ...page });
  return { label, task: score.task, scores: [score, ...besides.scores.filter(({ task }) => task !== score.task)] };
}

async function ofVersion(door: Door, text: string): Promise<Found> {
  const { name, version } = await door.call('registry.get', parseVersionText(text));
  const { scores } = await door.call('benchmarks.scores', { version: { name, version }, limit: 1_000 });
  return { label: `${name}@${version}`, task: null, scores: scores.filter(({ subject }) => subject.kind === 'version') };
}

/** A model that was never scored. */
function none(label: string, error: unknown): Found {
  if (isAppError(error, 'VERSION_UNKNOWN') || isAppError(error, 'INPUT_INVALID')) return { label, task: null, scores: [] };
  throw error;
}

/** null: it is the id of none. */
async function findScore(door: Door, id: string): Promise<BenchmarkScore | null> {
  const [run, number] = [id.slice(0, id.lastIndexOf('.')), id.slice(id.lastIndexOf('.') + 1)];
  if (run === '' || !/^\d+$/.test(number)) return null;
  try {
    return (await door.call('benchmarks.get', { run })).scores.find(({ score }) => score === id) ?? null;
  } catch (error) {
    if (isAppError(error, 'BENCHMARK_RUN_UNKNOWN')) return null;
    throw error;
  }
}
