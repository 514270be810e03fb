/**
 * `npm run parity -- --fixtures DIR [--families a,b] [--precision fp32|bf16] [--json]`: the engine against what PyTorch + PEFT computed.
 * Runs through the same probe, supervisor and compute process as every command. Exit code 0 only if every family asked for passes.
 */
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { ParityRow } from '../../shared/contracts/compute-jobs.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { exitCodes } from '../../shared/errors/error-row.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';
import { createHost } from '../../main/cli/host.ts';
import { table } from '../../main/cli/output/table.ts';
import { runJob } from '../../main/cli/run-job.ts';

interface Options {
  readonly fixtures: string;
  readonly families?: string;
  readonly precision: 'fp32' | 'bf16';
  readonly threads: string;
  readonly json?: true;
}

const program = new Command('parity')
  .requiredOption('--fixtures <dir>', 'folder with a fixture folder a family')
  .option('--families <names>', 'comma-separated folder names (default: all there are)')
  .addOption(new Option('--precision <type>', 'what products are computed in').choices(['fp32', 'bf16']).default('fp32'))
  .option('--threads <n>', 'kernel threads', '2')
  .option('--json', 'one JSON object instead of a table')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitCodes.usage))
  .parse();
const { fixtures, families, precision, threads, json } = program.opts<Options>();

const show = (value: number | null): string => (value === null ? '' : value.toExponential(1));
const cells = ({ family, verdict, problem, ...row }: ParityRow): string[] => [
  family,
  verdict,
  show(row.logits),
  show(row.loss),
  show(row.gradients),
  show(row.steps),
  show(row.adapter),
  show(row.movement),
  problem ?? '',
];

try {
  const host = createHost({ json: json === true });
  const engine = { cpu: cpuDefaults(Number(threads)), precision };
  const job = { kind: 'parity' as const, fixtures: resolve(fixtures), families: families?.split(',') ?? null, precision, engine };
  const { families: rows, passed } = await runJob(host, { job, correlation: 'parity', again: 'npm run parity' });
  if (json === true) process.stdout.write(`${JSON.stringify({ passed, families: rows })}\n`);
  else
    process.stdout.write(
      `${table([['family', 'verdict', 'logits', 'loss', 'gradients', 'steps', 'adapter', 'movement', ''], ...rows.map(cells)]).join('\n')}\n`,
    );
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  const failure = toAppError(error);
  process.stderr.write(`parity: ${failure.message}. ${failure.remedy}\n`);
  process.exitCode = failure.exitCode;
}
