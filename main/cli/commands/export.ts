/** `lathe export`: an adapter in the form that other programs load, shown to have its effect there. */
import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import { exportFormats, type ExportFormat, type ExportResult } from '../../../shared/contracts/compute-jobs.ts';
import { formatBytes, formatNumber } from '../../../shared/text/format.ts';
import { engineFromFlags } from '../engine-request.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { addConfigFlags, engineOnlyRows } from '../options/training-options.ts';
import { runJob } from '../run-job.ts';

interface ExportOptions {
  readonly adapter: string;
  readonly to: ExportFormat;
  readonly out: string;
  readonly model?: string;
  readonly quantization: 'f16' | 'q8_0';
  readonly force?: boolean;
  readonly check: boolean;
}

export const exportCommand = (host: HostSource): Command =>
  addConfigFlags(
    new Command('export')
      .description('write an adapter as PEFT folder or GGUF, or merged into its base, and check its effect in llama.cpp')
      .requiredOption('--adapter <path-or-run>', 'adapter folder or GGUF, or a run')
      .addOption(new Option('--to <format>', 'what to write').choices(exportFormats).makeOptionMandatory())
      .requiredOption('--out <path>', 'file (gguf) or folder (peft, safetensors) to write')
      .option('--model <path-or-name>', 'base model (default: the one the adapter names)')
      .addOption(new Option('--quantization <type>', "of a merged GGUF's matrices").choices(['f16', 'q8_0']).default('f16'))
      .option('--force', 'replace what is already at --out')
      .option('--no-check', 'do not load the result in llama.cpp'),
    engineOnlyRows,
    { columns: false },
  ).action((options: ExportOptions) => exportAdapter(host(), options));

async function exportAdapter(host: Host, options: ExportOptions): Promise<void> {
  const engine = engineFromFlags(host, { ...options });
  const result = await runJob(host, {
    job: {
      kind: 'export',
      adapter: host.shelves.adapter(options.adapter),
      model: options.model === undefined ? null : host.shelves.model(options.model),
      to: options.to,
      quantization: options.quantization,
      out: resolve(options.out),
      force: options.force === true,
      check: options.check,
      engine,
    },
    correlation: 'export',
    again: 'lathe export',
  });
  host.reporter.done(result, exportLines(result));
}

export function exportLines({ path, bytes, sha256, check }: ExportResult): readonly string[] {
  const written = [`Wrote ${path} (${formatBytes(bytes)}, SHA-256 ${sha256.slice(0, 16)}…)`];
  if (check === null) return [...written, 'Its effect was not checked.'];
  const { effect, adapter_disagreement, bound, prompts, greedy } = check;
  const changed = greedy.filter(({ base, adapted }) => base !== adapted);
  const [example] = changed;
  return [
    ...written,
    `In llama.cpp it moves next-token log-probabilities by a mean of ${formatNumber(effect)} over ${prompts} prompts; there and here agree within ${formatNumber(adapter_disagreement)} (bound ${formatNumber(bound)}).`,
    `Greedy answers differ for ${changed.length} of ${greedy.length} prompts.`,
    ...(example === undefined
      ? []
      : [`  prompt   ${oneLine(example.prompt)}`, `  without  ${oneLine(example.base)}`, `  with     ${oneLine(example.adapted)}`]),
  ];
}

const oneLine = (text: string): string => {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > 110 ? `${flat.slice(0, 107)}...` : flat;
};
