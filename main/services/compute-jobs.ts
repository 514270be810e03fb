/** Starts jobs for the services: the engine is probed first, and what the machine's power says is passed on. */
import { cpuSettings, type JobKind, type JobOf, type ResultOf } from '../../shared/contracts/compute-jobs.ts';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import type { Isa } from '../../shared/domain/isa.ts';
import type { PauseReason } from '../../shared/domain/surroundings.ts';
import { watchPower, type PowerReader, type PowerSource } from '../platform/power.ts';
import type { ProbeReport } from '../workers/probe-engine.ts';
import type { Awake } from '../workers/keep-awake.ts';
import type { RunningJob, Supervisor } from '../workers/supervisor.ts';

export interface ComputeParts {
  readonly supervisor: Supervisor;
  /** Throws ADDON_MISSING, ADDON_UNUSABLE, ISA_UNKNOWN. */
  readonly engine: () => Promise<ProbeReport>;
  readonly power: PowerReader;
  /** Held while runs are at work. */
  readonly awake?: Awake;
}

export interface ComputeRequest<K extends JobKind> {
  readonly job: JobOf<K>;
  readonly correlation: string;
  /** The run it is for, where the job does not say so itself. */
  readonly run?: string;
  /** The command that goes on or tries again. */
  readonly again: string;
  readonly onEvent: (event: JobEvent) => void;
}

export class ComputeJobs {
  readonly #parts: ComputeParts;

  constructor(parts: ComputeParts) {
    this.#parts = parts;
  }

  /** What the probe found. */
  engine(): Promise<ProbeReport> {
    return this.#parts.engine();
  }

  /** Rejects where the engine cannot be used at all; what goes wrong later rejects the job's own `result`. */
  async start<K extends JobKind>({ job, correlation, run, again, onEvent }: ComputeRequest<K>): Promise<RunningJob<ResultOf<K>>> {
    const { supervisor, engine, power } = this.#parts;
    const report = await engine();
    for (const message of fallenNotes(report)) onEvent({ event: 'note', message });
    const cpu = cpuSettings(job);
    const isa: Isa = cpu?.use_simd === false ? 'ref' : report.answer.isa;
    const running = supervisor.run<K>(job, { correlation, run, isa, again, onEvent });
    if (cpu?.pause_on_battery !== true) return running;
    if (!power.isKnown) onEvent({ event: 'note', message: 'pause_on_battery is passed over: the power source cannot be told on this system.' });
    const held = withBattery(running);
    const stopWatching = watchPower(power, (source) => held.onPower(source));
    void running.result.then(stopWatching, stopWatching);
    return held.running;
  }
}

/** Two may want a job to wait, the user and the battery: it goes on when neither does. */
function withBattery<Result>(running: RunningJob<Result>): { readonly running: RunningJob<Result>; readonly onPower: (source: PowerSource) => void } {
  let [asked, isOnBattery]: [PauseReason | null, boolean] = [null, false];
  const reason = (): PauseReason | null => asked ?? (isOnBattery ? 'battery' : null);
  return {
    running: {
      ...running,
      get pid() {
        return running.pid;
      },
      adapt: ({ pause, ...rest }) => {
        if (pause !== undefined) asked = pause;
        running.adapt({ ...rest, pause: reason() });
      },
    },
    onPower: (source) => {
      isOnBattery = source === 'battery';
      running.adapt({ pause: reason() });
    },
  };
}

/** What the probe had to step down from. */
export function fallenNotes({ answer, fallen }: ProbeReport): readonly string[] {
  if (fallen.length === 0) return [];
  const names = fallen.map(({ isa }) => isa).join(', ');
  return [`This machine does not run the kernels for ${names} (${fallen[0]?.reason ?? ''}); ${answer.isa} is used.`];
}
