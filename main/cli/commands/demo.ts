/** `lathe demo`: the whole job on the model and the data that come with Lathe. Scores, trains, scores again, exports, and says honestly what came of it. */
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { EvaluatedRow, type EvaluateResult, type ExportResult } from '../../../shared/contracts/compute-jobs.ts';
import type { InputOf } from '../../../shared/contracts/calls.ts';
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import type { TrainResult } from '../../../shared/contracts/run-events.ts';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { newRunId } from '../../../shared/domain/run-id.ts';
import type { ResolvedTrainingConfig } from '../../../shared/domain/training-config.ts';
import { inferencePrecision } from '../../../shared/domain/training-settings.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { formatSeconds } from '../../../shared/text/format.ts';
import { projectFiles } from '../../platform/project-files.ts';
import { demoName } from '../../services/demo-config.ts';
import { pairedTest, type PairedTest } from '../../services/paired-test.ts';
import { resolveRequest } from '../../services/training-request.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { table } from '../output/table.ts';
import { runJob } from '../run-job.ts';
import { askedTraining } from '../training-request.ts';
import { exactMatchText, lossText } from './evaluate.ts';
import { exportLines } from './export.ts';
import { trainThrough } from './train.ts';

/** Chance that a change this lopsided is luck, above which nothing is claimed. */
const significance = 0.05;
/** Longer than any answer of the task. */
const maxNewTokens = 64;
const testName = 'McNemar, exact, two-sided';

export const demoCommand = (host: HostSource): Command =>
  new Command('demo')
    .description('score, train, score again and export, on the model and data that come with Lathe')
    .option('--out <dir>', 'the run folder (default: a new one in LATHE_HOME/runs)')
    .action((options: { out?: string }) => demo(host(), options));

interface Story {
  readonly before: EvaluateResult;
  readonly after: EvaluateResult;
  readonly training: TrainResult;
  readonly test: PairedTest;
  readonly exported: ExportResult;
  readonly version: VersionDetails;
  readonly seconds: number;
}

async function demo(host: Host, { out }: { readonly out?: string }): Promise<void> {
  const startMs = performance.now();
  const asked = askedTraining(host, { config: projectFiles.demoConfig, model: projectFiles.embeddedModel, data: projectFiles.demoTrain });
  const { config } = resolveRequest(asked, host.shelves);
  const id = newRunId(new Date());
  const rows = (stage: string): string => join(host.paths.cache, 'demo', id, `${stage}.jsonl`);
  const before = await score(host, { config, stage: 'before', adapter: null, rowsPath: rows('before') });
  const { run, result: training } = await train(host, { config: asked, dir: out === undefined ? null : resolve(out) });
  const after = await score(host, { config, stage: 'after', adapter: training.adapter, rowsPath: rows('after') });
  const exported = await exportAdapter(host, run, training.adapter);
  const test = pairedTest(readCorrect(rows('before')), readCorrect(rows('after')));
  const version = await register(host, { run, before, after, test });
  const story = { before, after, training, test, exported, version, seconds: (performance.now() - startMs) / 1000 };
  host.reporter.done(publicForm(run, story), storyLines(story, rows('after')));
  if (!isBetter(story))
    throw new AppError('DEMO_NOT_BETTER', { before: exactMatchText(before), after: exactMatchText(after), p: chanceText(test.p), rows: rows('after') });
}

/** The adapter with its evaluation, as the next version of the demo's own name. */
async function register(
  host: Host,
  { run, before, after, test }: Pick<Story, 'before' | 'after' | 'test'> & { readonly run: RunDetails },
): Promise<VersionDetails> {
  const data = { name: 'support-routing-test', path: projectFiles.demoTest, sha256: null };
  const evaluation = { data, before, after, test: { name: testName, ...test } };
  const door = await host.openDoor('question');
  try {
    return await door.call('registry.register', { name: demoName, run: run.run, evaluation, description: 'Routes support messages; made by `lathe demo`.' });
  } finally {
    await door.close();
  }
}

async function train(host: Host, asked: InputOf<'runs.start'>): Promise<{ readonly run: RunDetails; readonly result: TrainResult }> {
  const door = await host.openDoor('training');
  try {
    return await trainThrough(host, door, (core) => core.call('runs.start', asked));
  } finally {
    await door.close();
  }
}

const isBetter = ({ before, after, test }: Story): boolean => (after.exact_match ?? 0) > (before.exact_match ?? 0) && test.p < significance;

interface Scoring {
  readonly config: ResolvedTrainingConfig;
  readonly stage: 'before' | 'after';
  readonly adapter: string | null;
  readonly rowsPath: string;
}

async function score(host: Host, { config, stage, adapter, rowsPath }: Scoring): Promise<EvaluateResult> {
  host.reporter.say(stage === 'before' ? 'Scoring the base model on the test rows …' : 'Scoring with the adapter on the same rows …');
  const result = await runJob(host, {
    job: {
      kind: 'evaluate',
      model: config.model,
      adapter,
      data: projectFiles.demoTest,
      rows: {
        columns: config.data.columns,
        chatTemplate: config.data.chat_template,
        maxSeqLength: config.training.max_seq_length,
        trainOn: config.training.train_on,
      },
      engine: { cpu: config.cpu_optimization, precision: inferencePrecision(config.training.precision) },
      exactMatch: true,
      maxNewTokens,
      limit: null,
      rowsPath,
    },
    correlation: `demo-${stage}`,
    again: 'lathe demo',
  });
  host.reporter.part({ event: 'score', stage, ...result }, [`exact match ${stage}: ${exactMatchText(result)}`]);
  return result;
}

function exportAdapter(host: Host, { request, run, dir }: RunDetails, adapter: string): Promise<ExportResult> {
  const { config } = request;
  host.reporter.say('Exporting the adapter and checking it in llama.cpp …');
  return runJob(host, {
    job: {
      kind: 'export',
      adapter,
      model: config.model,
      to: 'gguf',
      quantization: 'f16',
      out: join(dir, 'adapter.gguf'),
      force: false,
      check: true,
      engine: { cpu: config.cpu_optimization, precision: inferencePrecision(config.training.precision) },
    },
    correlation: run,
    again: 'lathe demo',
  });
}

function readCorrect(path: string): ReadonlyMap<number, boolean> {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const rows = lines.map((line) => EvaluatedRow.parse(JSON.parse(line)));
  return new Map(rows.flatMap(({ id, correct }) => (correct === null ? [] : [[id, correct] as const])));
}

const publicForm = ({ run, dir }: RunDetails, { before, after, training, test, exported, version, seconds }: Story): Readonly<Record<string, unknown>> => ({
  run,
  dir,
  before,
  after,
  training,
  paired_test: { name: testName, ...test },
  export: exported,
  version: versionText(version),
  seconds,
});

/** A chance too small for decimals is shown by its power of ten. */
const chanceText = (p: number): string => (p >= 0.001 ? p.toFixed(3) : p === 0 ? 'below 1e-300' : p.toExponential(1));

function storyLines(story: Story, rowsPath: string): readonly string[] {
  const { before, after, training, test, exported, version, seconds } = story;
  const verdict = isBetter(story) ? 'The adapter makes it better.' : 'That is not shown to be better than chance.';
  return [
    '',
    ...table([
      ['', 'before', 'after'],
      ['exact match', exactMatchText(before), exactMatchText(after)],
      ['loss', lossText(before), lossText(after)],
      ['perplexity', before.perplexity.toFixed(3), after.perplexity.toFixed(3)],
    ]),
    `over the same ${after.rows} rows, none of which was trained on; ± is one standard error`,
    `${test.gained} rows came right and ${test.lost} went wrong: chance does that with p = ${chanceText(test.p)} (McNemar's exact test). ${verdict}`,
    '',
    `Trained ${training.steps} steps in ${formatSeconds(training.seconds)}; the whole demo took ${formatSeconds(seconds)}.`,
    ...exportLines(exported),
    `Adapter: ${training.adapter}`,
    `Registered as ${versionText(version)}: lathe registry show ${versionText(version)}`,
    `What it answered, row by row: ${rowsPath}`,
  ];
}
