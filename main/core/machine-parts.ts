/** What those who start work need to know of this machine and its settings, the same for trainings and benchmarks. */
import { availableParallelism } from 'node:os';
import type { HostStatus } from '../../shared/contracts/host-calls.ts';
import type { PowerReader } from '../platform/power.ts';
import { ComputeJobs, type ComputeParts } from '../services/compute-jobs.ts';
import { MachineRoom } from '../services/machine-room.ts';
import type { SettingsBook } from '../services/settings-book.ts';
import { noAwake, type Awake } from '../workers/keep-awake.ts';

export interface MachineParts {
  readonly compute: ComputeJobs;
  readonly machine: MachineRoom;
  readonly cores: number;
  /** What memory is free now, in bytes. */
  readonly freeMemory: () => number;
  readonly power: PowerReader;
  readonly awake: Awake;
  readonly keepsAwake: () => boolean;
  /** What an earlier host left in the queue stays there: a question must not start hours of work. */
  readonly leavesOlder: boolean;
  readonly maxRestarts: () => number;
  readonly maxParallelRuns: () => number;
}

export const machineParts = (
  compute: ComputeParts,
  { settings, kind }: { readonly settings: SettingsBook; readonly kind: HostStatus['kind'] },
): MachineParts => ({
  compute: new ComputeJobs(compute),
  machine: new MachineRoom(),
  cores: availableParallelism(),
  freeMemory: () => process.availableMemory(),
  power: compute.power,
  awake: compute.awake ?? noAwake,
  keepsAwake: () => settings.values.keep_awake,
  leavesOlder: kind === 'command',
  maxRestarts: () => settings.values.max_restarts,
  maxParallelRuns: () => settings.values.max_parallel_runs,
});
