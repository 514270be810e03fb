/**
 * The child process of busy-core.long.test.ts, pinned to two cores: training steps with two threads, in turn while both cores are free and
 * while another program of the same priority keeps one of them busy. Sends the best time of each, and how much of the cores it had when free.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loraDefaults } from '../../shared/domain/lora-config.ts';
import { trainingDefaults } from '../../shared/domain/training-settings.ts';
import type { PackedRows } from '../../compute/data/types.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import { setUpEngine, activationType } from '../../compute/tensor/engine-setup.ts';
import { accumulateGradients } from '../../compute/train/gradients.ts';
import { makeTrainee } from '../../compute/train/trainee.ts';

export interface BusyCoreFigures {
  readonly free: number;
  readonly busy: number;
  /** Cores that the quickest free steps had: near 2 where nobody else used the machine. */
  readonly cores: number;
}

const [ROUNDS, STEPS, LENGTH] = [24, 4, 512] as const;

const { precision } = setUpEngine({ num_workers: 2, use_simd: true }, 'auto');
const model = join(import.meta.dirname, '..', '..', 'resources', 'models', 'lathe-base.gguf');
const trainee = makeTrainee(openModel(model), { lora: loraDefaults, training: trainingDefaults }, { precision, panels: 'packed' });
const tokens = Int32Array.from({ length: LENGTH }, (_, t) => (t * 7919 + 13) % trainee.model.dimensions.vocabulary);
const rows: PackedRows = { tokens, labels: tokens, positions: tokens.map((_, t) => t), segments: Int32Array.of(0, LENGTH), gradedTokens: LENGTH };

/** Seconds of some steps, and processor seconds. */
function steps(): { readonly seconds: number; readonly cores: number } {
  const [start, before] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < STEPS; i++) {
    accumulateGradients(trainee.model, rows, { dtype: activationType(precision), normaliser: LENGTH, recompute: false, dropout: null });
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, cores: (user + system) / 1e6 / seconds };
}

const other = spawn('taskset', ['-c', process.argv[2] ?? '1', process.execPath, '--eval', 'for(;;);'], { stdio: 'ignore' });
const figures: { free: number; busy: number; cores: number } = { free: Infinity, busy: Infinity, cores: 0 };
steps();
for (let round = 0; round < ROUNDS; round++) {
  other.kill('SIGSTOP');
  await pause(20);
  const free = steps();
  if (free.seconds < figures.free) Object.assign(figures, { free: free.seconds, cores: free.cores });
  other.kill('SIGCONT');
  await pause(20);
  figures.busy = Math.min(figures.busy, steps().seconds);
}
other.kill('SIGKILL');
process.send?.(figures satisfies BusyCoreFigures);
process.disconnect();
