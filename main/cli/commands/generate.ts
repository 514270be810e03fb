/** `lathe generate`: greedy or sampled text from a model, with or without an adapter. */
import { Command } from 'commander';
import { GenerateJob } from '../../../shared/contracts/compute-jobs.ts';
import { formatCount, formatSeconds } from '../../../shared/text/format.ts';
import { engineFromFlags } from '../engine-request.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { parseFlag } from '../options/parse-flag.ts';
import { addConfigFlags, engineOnlyRows } from '../options/training-options.ts';
import { runJob } from '../run-job.ts';

interface GenerateOptions {
  readonly model: string;
  readonly adapter?: string;
  readonly prompt: string;
  readonly system?: string;
  readonly chat: boolean;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
}

const { maxTokens, temperature, topP, seed } = GenerateJob.shape;

export const generateCommand = (host: HostSource): Command =>
  addConfigFlags(
    new Command('generate')
      .description('greedy or sampled text')
      .requiredOption('--model <path-or-name>', 'base model')
      .option('--adapter <path-or-run>', 'adapter folder or GGUF, or a run')
      .requiredOption('--prompt <text>', 'what to answer')
      .option('--system <text>', 'a system message before it')
      .option('--no-chat', "take the prompt as it is, without the model's chat template")
      .option('--max-tokens <n>', 'longest answer', (text) => parseFlag('--max-tokens', text, maxTokens), 256)
      .option('--temperature <t>', '0 is greedy, higher is freer', (text) => parseFlag('--temperature', text, temperature), 0)
      .option('--top-p <p>', 'sample from the likeliest tokens that make up this share', (text) => parseFlag('--top-p', text, topP), 1)
      .option('--seed <n>', 'of the sampling', (text) => parseFlag('--seed', text, seed), 42),
    engineOnlyRows,
    { columns: false },
  ).action((options: GenerateOptions) => generate(host(), options));

async function generate(host: Host, options: GenerateOptions): Promise<void> {
  const { terminal, shelves } = host;
  const engine = engineFromFlags(host, { ...options });
  const result = await runJob(host, {
    job: {
      kind: 'generate',
      model: shelves.model(options.model),
      adapter: options.adapter === undefined ? null : shelves.adapter(options.adapter),
      prompt: options.prompt,
      system: options.system ?? null,
      chat: options.chat,
      maxTokens: options.maxTokens,
      temperature: options.temperature,
      topP: options.topP,
      seed: options.seed,
      engine,
    },
    correlation: 'generate',
    again: 'lathe generate',
    ...(terminal.isInteractive ? { onText: (text: string) => terminal.write(text) } : {}),
  });
  // On a terminal the text was shown as it came.
  host.reporter.done(result, [terminal.isInteractive ? '' : result.text]);
  if (!terminal.json)
    terminal.err(
      `${formatCount(result.tokens)} tokens in ${formatSeconds(result.seconds)} (${formatCount(result.tokens_per_second)} tokens/s), ${result.stop === 'end' ? 'ended by the model' : 'cut at --max-tokens'}`,
    );
}
