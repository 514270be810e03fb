/**
 * A host under load while a run trains: how soon it answers, what is lost, and what the run pays. Quiet and load take turns, so that drift of the
 * machine and other programs' work cancel. What the figures mean:
 *
 * - `slowdown` is 1 - (steps a second under load) / (steps a second in quiet), by the run's own count of steps.
 * - `cpu` is what each used under load beyond the quiet, as a share of all cores: seconds of CPU / (seconds × cores).
 * - `cpuShare` is host and load generator of it: what the run may be slower by, and 3 points.
 * - What other programs have gained was taken from the run as well: whoever waits for a core that the host has for a moment lets them in. On a
 *   machine of its own it is nothing; elsewhere `takenShare` says what the run may be slower by: all that was taken, of what it had.
 * - `cpuPerStep`: whether a step needs more CPU time under load (caches, waits within the run), or only gets less of it.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Run, RunMetrics } from '../../../shared/contracts/run-calls.ts';
import type { HttpHost } from '../../support/http-host.ts';
import { cpuTimes, type CpuTimes } from './cpu-times.ts';
import { fire, Listener } from './load-generator.ts';

export interface HostLoad {
  readonly listeners: number;
  readonly requestsPerSecond: number;
  readonly seconds: number;
  readonly pairs: number;
}

export interface HostFigures {
  readonly load: HostLoad;
  readonly requests: number;
  /** Answers that were none or not 200; events that a listener missed or heard twice; streams that broke off. */
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly eventsPerListener: number;
  readonly quietSteps: number;
  readonly loadedSteps: number;
  readonly slowdown: number;
  readonly cpuShare: number;
  readonly cpu: CpuTimes;
  /** What the run had in quiet, of all cores. */
  readonly runInQuiet: number;
  /** Milliseconds of CPU time. */
  readonly cpuPerStep: { readonly quiet: number; readonly loaded: number };
}

interface Sum {
  steps: number;
  seconds: number;
  cpu: CpuTimes;
}

const nothing: CpuTimes = { host: 0, generator: 0, run: 0, others: 0, idle: 0 };
const combined = (one: CpuTimes, two: CpuTimes, how: (a: number, b: number) => number): CpuTimes => ({
  host: how(one.host, two.host),
  generator: how(one.generator, two.generator),
  run: how(one.run, two.run),
  others: how(one.others, two.others),
  idle: how(one.idle, two.idle),
});

export async function measureHost(host: HttpHost, run: string, load: HostLoad): Promise<HostFigures> {
  const { pid } = (await host.ask(`/v1/training/status/${run}`)).json() as unknown as Run;
  const pids = { host: host.pid, run: pid ?? 0 };
  const target = { port: host.port, token: host.admin };
  const sums = { quiet: { steps: 0, seconds: 0, cpu: nothing }, loaded: { steps: 0, seconds: 0, cpu: nothing } };
  const latencies: number[] = [];
  let errors = 0;
  let heard = 0;
  const phase = async (sum: Sum, act: () => Promise<void>): Promise<void> => {
    const before = await snapshot(host, run, pids);
    await act();
    const after = await snapshot(host, run, pids);
    sum.steps += after.step - before.step;
    sum.seconds += after.seconds - before.seconds;
    sum.cpu = combined(
      sum.cpu,
      combined(after.cpu, before.cpu, (a, b) => a - b),
      (a, b) => a + b,
    );
  };
  const tell = (ms: number, isGood: boolean): void => {
    latencies.push(ms);
    if (!isGood) errors += 1;
  };
  const requests = { perSecond: load.requestsPerSecond, seconds: load.seconds, kinds: kindsOf(run) };
  for (let pair = 0; pair < load.pairs; pair += 1) {
    await phase(sums.quiet, () => pause(load.seconds * 1_000));
    const listeners = Array.from({ length: load.listeners }, () => new Listener(target));
    await Promise.all(listeners.map(({ ready }) => ready));
    await phase(sums.loaded, () => fire(target, requests, tell));
    heard += await endOf(listeners);
    errors += listeners.reduce((sum, { wrong }) => sum + wrong, 0);
  }
  return figures({ load, latencies, errors, heard, ...sums });
}

/** A page's questions. */
const kindsOf = (run: string) => [
  { path: `/v1/training/status/${run}` },
  { path: `/v1/training/status/${run}` },
  { path: '/v1/calls/runs.list', body: { limit: 20 } },
  { path: '/v1/calls/runs.metrics', body: { run, since: 100, limit: 100 } },
  { path: '/health/training' },
  { path: '/metrics' },
];

/** Closes them where all have heard the same last event. Returns how many each heard. */
async function endOf(listeners: readonly Listener[]): Promise<number> {
  for (let tries = 0; tries < 200 && new Set(listeners.map(({ last }) => last)).size > 1; tries += 1) await pause(10);
  if (new Set(listeners.map(({ last }) => last)).size > 1) throw new Error('the listeners have not heard the same');
  listeners.forEach((listener) => listener.close());
  return listeners[0]?.heard ?? 0;
}

/** How far the run is by its own account, so that the clock of the store does not matter. */
async function snapshot(host: HttpHost, run: string, pids: Parameters<typeof cpuTimes>[0]) {
  const { step } = (await host.ask(`/v1/training/status/${run}`)).json() as unknown as Run;
  const { steps } = (await host.post('/v1/calls/runs.metrics', { run, since: step, limit: 1_000 })).json() as unknown as RunMetrics;
  return { step: steps.step.at(-1) ?? step, seconds: performance.now() / 1_000, cpu: cpuTimes(pids) };
}

interface Measured {
  readonly load: HostLoad;
  readonly latencies: readonly number[];
  readonly errors: number;
  readonly heard: number;
  readonly quiet: Sum;
  readonly loaded: Sum;
}

function figures({ load, latencies, errors, heard, quiet, loaded }: Measured): HostFigures {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  const [quietSteps, loadedSteps] = [quiet.steps / quiet.seconds, loaded.steps / loaded.seconds];
  const cpu = combined(loaded.cpu, quiet.cpu, (a, b) => (a / loaded.seconds - b / quiet.seconds) / availableParallelism());
  return {
    ...{ load, requests: latencies.length, errors, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: sorted.at(-1) ?? Number.NaN },
    ...{ eventsPerListener: heard, quietSteps, loadedSteps, slowdown: 1 - loadedSteps / quietSteps, cpuShare: cpu.host + cpu.generator, cpu },
    runInQuiet: quiet.cpu.run / quiet.seconds / availableParallelism(),
    cpuPerStep: { quiet: (1_000 * quiet.cpu.run) / quiet.steps, loaded: (1_000 * loaded.cpu.run) / loaded.steps },
  };
}

/** Whether other programs have gained nothing to speak of. */
export const isAlone = ({ cpu }: HostFigures): boolean => cpu.others < 0.01;

/** Strictly the host's and the load generator's where the machine was theirs and the run's alone. */
export const takenShare = (figures: HostFigures): number =>
  isAlone(figures) ? figures.cpuShare : (figures.cpuShare + figures.cpu.others) / figures.runInQuiet;

export function hostLines(figures: HostFigures): readonly string[] {
  const { load, requests, errors, p50Ms, p99Ms, maxMs, eventsPerListener, quietSteps, loadedSteps, slowdown, cpuShare, cpu, cpuPerStep } = figures;
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return [
    `${requests} requests, ${errors} errors: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, longest ${maxMs.toFixed(1)} ms`,
    `${eventsPerListener} events to each of ${load.listeners} listeners`,
    `steps a second: ${quietSteps.toFixed(2)} in quiet, ${loadedSteps.toFixed(2)} under load; slower by ${percent(slowdown)}`,
    `CPU of host and load generator: ${percent(cpuShare)} of all cores (${percent(cpu.host)} and ${percent(cpu.generator)})`,
    `other programs ${percent(cpu.others)}, idle ${percent(cpu.idle)}, the run ${percent(cpu.run)} of all cores, each beyond the quiet, in which the run had ${percent(figures.runInQuiet)}`,
    `what was taken from the run: ${percent(takenShare(figures))}`,
    `CPU time of a step: ${cpuPerStep.quiet.toFixed(1)} ms in quiet, ${cpuPerStep.loaded.toFixed(1)} ms under load`,
  ];
}
