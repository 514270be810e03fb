/** Settings of the engine and of rows for commands that have no training configuration. */
import { availableParallelism } from 'node:os';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { inferencePrecision, trainingDefaults } from '../../shared/domain/training-settings.ts';
import type { EngineSettings, RowSettings } from '../../shared/contracts/compute-jobs.ts';
import type { Host } from './host.ts';
import { configFromFlags, engineOnlyRows, rowAndEngineRows } from './options/training-options.ts';

type Options = Readonly<Record<string, unknown>>;

/** More workers than cores are cut, and said. */
export function engineFromFlags(host: Host, options: Options): EngineSettings {
  const { cpu_optimization, training } = configFromFlags(options, engineOnlyRows);
  const cores = availableParallelism();
  const given = Object.fromEntries(Object.entries(cpu_optimization ?? {}).filter(([, value]) => value !== undefined));
  const cpu = { ...cpuDefaults(cores), ...given };
  if (cpu.num_workers > cores) {
    host.reporter.event({ event: 'note', message: `num_workers is cut from ${cpu.num_workers} to ${cores}, the cores of this machine.` });
    cpu.num_workers = cores;
  }
  return { cpu, precision: inferencePrecision(training?.precision ?? trainingDefaults.precision) };
}

export function rowsFromFlags(host: Host, options: Options): RowSettings {
  const { data, training } = configFromFlags(options, rowAndEngineRows);
  const template = data?.chat_template ?? null;
  return {
    columns: data?.columns ?? {},
    chatTemplate: template === null ? null : host.shelves.file('Chat template', template),
    maxSeqLength: training?.max_seq_length ?? trainingDefaults.max_seq_length,
    trainOn: training?.train_on ?? trainingDefaults.train_on,
  };
}
