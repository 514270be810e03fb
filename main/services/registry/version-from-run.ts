/** What a run tells of the version that is made of it: origins, settings, figures and files. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { versionFiles, type Metrics, type Parameters, type VersionRecord } from '../../../shared/domain/version-record.ts';
import type { TrainResult } from '../../../shared/contracts/run-events.ts';
import type { RunRecord } from '../../../shared/domain/run-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Paths } from '../../platform/paths.ts';
import type { StoredRun } from '../../store/run-rows.ts';
import { readRecord } from '../run-folders.ts';
import type { Content } from './artifacts.ts';
import { datasetName, modelName } from './source-name.ts';

export type Origins = Pick<VersionRecord, 'kind' | 'origin' | 'run' | 'base_model' | 'dataset' | 'lineage' | 'parameters' | 'metrics'>;

export interface VersionSourceFiles {
  readonly origins: Origins;
  readonly contents: readonly Content[];
}

/** Throws REGISTRY_SOURCE, RUN_RECORD_INVALID. */
export function versionFromRun(run: StoredRun, paths: Paths): VersionSourceFiles {
  const { result, state, dir } = run;
  const refuse = (problem: string): AppError => new AppError('REGISTRY_SOURCE', { what: `Run ${run.run}`, problem });
  if (state !== 'done' || result === null) throw refuse(`it is ${state}`);
  if (!existsSync(result.adapter)) throw refuse(`${result.adapter} is not there any more`);
  const record = readRecord(dir);
  const kind = record.config.training.mode === 'lora' ? 'adapter' : 'model';
  const gguf = join(dir, versionFiles.gguf);
  return {
    origins: { kind, origin: 'run', run: run.run, ...sourcesOf(record, paths), parameters: parametersOf(record), metrics: metricsOf(result) },
    contents: [
      { name: kind === 'adapter' ? versionFiles.adapter : 'model', from: result.adapter },
      ...(existsSync(gguf) ? [{ name: versionFiles.gguf, from: gguf }] : []),
    ],
  };
}

function sourcesOf({ base_model: base, dataset, lineage }: RunRecord, paths: Paths): Pick<Origins, 'base_model' | 'dataset' | 'lineage'> {
  return {
    base_model: { name: modelName(base.path, paths), path: base.path, sha256: base.sha256 },
    dataset: { name: datasetName(dataset.path, paths), path: dataset.path, sha256: dataset.sha256 },
    lineage: lineage.map(({ path, sha256, run }) => ({ path, sha256, run })),
  };
}

/** What decides the result; words of samples and the machine's manners do not. */
function parametersOf({ config, choices, resumed }: RunRecord): Parameters {
  const { sample_prompts: _, sample_steps: __, sample_tokens: ___, save_steps: ____, save_total_limit: _____, ...training } = config.training;
  const { init_adapter: ______, ...lora } = config.lora;
  const { holdout_fraction, max_rows } = config.data;
  return {
    ...(training.mode === 'lora' ? { lora } : {}),
    training: { ...training, warmup_steps: choices.warmup_steps, total_steps: choices.total_steps },
    data: { holdout_fraction, max_rows },
    engine: { precision: choices.precision, isa: choices.isa, resumed: resumed.length },
  };
}

function metricsOf({ final_loss, eval_loss, steps, tokens, seconds, peak_rss_bytes }: TrainResult): Metrics {
  return { final_loss, ...(eval_loss === null ? {} : { eval_loss }), steps, tokens, seconds, peak_rss_bytes };
}
