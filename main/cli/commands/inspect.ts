/** `lathe inspect`: what a model, an adapter or a data file is; of a data file also how some rows will be learnt. */
import { Command } from 'commander';
import { InspectJob, type InspectResult } from '../../../shared/contracts/compute-jobs.ts';
import { rowsFromFlags } from '../engine-request.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { table } from '../output/table.ts';
import { parseFlag } from '../options/parse-flag.ts';
import { addConfigFlags, rowAndEngineRows } from '../options/training-options.ts';
import { runJob } from '../run-job.ts';

interface InspectOptions {
  readonly model?: string;
  readonly show: number;
}

export const inspectCommand = (host: HostSource): Command =>
  addConfigFlags(
    new Command('inspect')
      .description('what a model, an adapter or a data file is')
      .argument('<file-or-name>', 'a path, a name on a shelf, or a run')
      .option('--model <path-or-name>', 'show rows of a data file as this model will read them')
      .option('--show <n>', 'how many rows to show', (text) => parseFlag('--show', text, InspectJob.shape.show), 3),
    rowAndEngineRows.filter(({ block, key }) => block !== 'cpu_optimization' && key !== 'precision'),
    { columns: true },
  ).action((reference: string, options: InspectOptions) => inspect(host(), reference, options));

async function inspect(host: Host, reference: string, options: InspectOptions): Promise<void> {
  const { shelves } = host;
  const result = await runJob(host, {
    job: {
      kind: 'inspect',
      path: shelves.anything(reference),
      show: options.show,
      model: options.model === undefined ? null : shelves.model(options.model),
      rows: rowsFromFlags(host, { ...options }),
    },
    correlation: 'inspect',
    again: `lathe inspect ${reference}`,
  });
  host.reporter.done(result, inspectionLines(result));
}

const shown = (value: InspectResult['facts'][string]): string => (Array.isArray(value) ? value.join(', ') : value === null ? 'none' : String(value));

function inspectionLines({ kind, path, facts, problems, samples }: InspectResult): readonly string[] {
  const rows = Object.entries(facts).map(([key, value]) => [key.replaceAll('_', ' '), shown(value)]);
  return [
    `${path} is ${kind === 'adapter' ? 'an' : 'a'} ${kind}`,
    ...table(rows),
    ...problems.map(({ line, problem }) => `line ${line}: ${problem}`),
    ...samples.flatMap(({ line, tokens, pieces }) => ['', `row at line ${line}, ${tokens} tokens; what is learnt stands in [[ ]]:`, ...sampleLines(pieces)]),
  ];
}

const sampleLines = (pieces: InspectResult['samples'][number]['pieces']): readonly string[] =>
  pieces
    .map(({ text, graded }) => (graded ? `[[${text}]]` : text))
    .join('')
    .split('\n')
    .map((line) => `  | ${line}`);
