/** `lathe plan`: what a training run would take, without training. */
import { Command } from 'commander';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatBytes } from '../../../shared/text/format.ts';
import { resolveRequest } from '../../services/training-request.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { planLines } from '../output/plan-text.ts';
import { runJob } from '../run-job.ts';
import { addTrainingFlags, askedTraining, useLogging, type TrainingOptions } from '../training-request.ts';

export const planCommand = (host: HostSource): Command =>
  addTrainingFlags(new Command('plan').description('memory by part, time and disk of a training run, and every setting resolved; trains nothing')).action(
    (options: TrainingOptions) => plan(host(), options),
  );

async function plan(host: Host, options: TrainingOptions): Promise<void> {
  const asked = askedTraining(host, options);
  useLogging(host, asked);
  const request = resolveRequest(asked, host.shelves);
  const runDirectory = options.out === undefined ? host.paths.runs : resolve(options.out);
  const { notes } = request;
  const result = await runJob(host, {
    job: { kind: 'plan', request, runDirectory },
    correlation: 'plan',
    again: 'lathe plan',
  });
  const config = { ...request.config, lora: result.lora };
  host.reporter.done({ ...result, config, notes }, [
    ...stringify(config).trimEnd().split('\n'),
    '',
    ...notes.map((note) => `note: ${note}`),
    ...planLines(result),
  ]);
  if (!result.fits) {
    const { total_bytes, limit_bytes } = result.memory;
    throw new AppError('RUN_DOES_NOT_FIT', {
      needBytes: formatBytes(total_bytes),
      haveBytes: formatBytes(limit_bytes),
      fits: result.would_fit ?? 'Use a smaller model.',
    });
  }
}
