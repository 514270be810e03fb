/** A host under load while a run trains: how soon it answers, what is lost, and what the run pays. Load and quiet take turns, so that drift cancels. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunMetrics } from '../../../shared/contracts/run-calls.ts';
import type { HttpHost } from '../../support/http-host.ts';

export interface HostLoad {
  readonly listeners: number;
  readonly requestsPerSecond: number;
  readonly seconds: number;
  readonly pairs: number;
}

export interface HostFigures {
  readonly requests: number;
  /** Answers that were none or not 200. */
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Events that each listener heard; all the same where none was lost. */
  readonly eventsPerListener: { readonly least: number; readonly most: number };
  /** Steps a second of the run. */
  readonly quietSteps: number;
  readonly loadedSteps: number;
  /** 1 - loaded / quiet. */
  readonly slowdown: number;
  /** CPU that host and load generator took beyond the quiet times, of all cores. */
  readonly cpuShare: number;
}

const json = { 'content-type': 'application/json' };

export async function measureHost(host: HttpHost, run: string, load: HostLoad): Promise<HostFigures> {
  const latencies: number[] = [];
  const errors = { count: 0 };
  const heard = Array.from({ length: load.listeners }, () => 0);
  const sums = { quiet: { steps: 0, seconds: 0, cpu: 0 }, loaded: { steps: 0, seconds: 0, cpu: 0 } };
  const phase = async (name: 'quiet' | 'loaded', act: () => Promise<void>): Promise<void> => {
    const before = await snapshot(host, run);
    await act();
    const after = await snapshot(host, run);
    sums[name].steps += after.step - before.step;
    sums[name].seconds += after.seconds - before.seconds;
    sums[name].cpu += after.cpu - before.cpu;
  };
  for (let pair = 0; pair < load.pairs; pair += 1) {
    await phase('quiet', () => pause(load.seconds * 1_000));
    const close = await listen(host, heard, errors);
    await phase('loaded', () => fire(host, run, { load, latencies, errors }));
    await pause(500);
    close();
    await pause(500);
  }
  return figures({ latencies, errors: errors.count, heard, sums });
}

interface Sum {
  readonly steps: number;
  readonly seconds: number;
  readonly cpu: number;
}

function figures({ latencies, errors, heard, sums }: { latencies: number[]; errors: number; heard: number[]; sums: { quiet: Sum; loaded: Sum } }): HostFigures {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  const { quiet, loaded } = sums;
  const [quietSteps, loadedSteps] = [quiet.steps / quiet.seconds, loaded.steps / loaded.seconds];
  return {
    requests: latencies.length,
    errors,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: sorted.at(-1) ?? Number.NaN,
    eventsPerListener: { least: Math.min(...heard), most: Math.max(...heard) },
    quietSteps,
    loadedSteps,
    slowdown: 1 - loadedSteps / quietSteps,
    cpuShare: (loaded.cpu / loaded.seconds - quiet.cpu / quiet.seconds) / availableParallelism(),
  };
}

/** How far the run is by its own account, so that the clock of the store does not matter, and CPU seconds of host and this process. */
async function snapshot(host: HttpHost, run: string): Promise<{ readonly step: number; readonly seconds: number; readonly cpu: number }> {
  const metrics = (await host.post('/v1/calls/runs.metrics', { run, since: 0, limit: 100_000 })).json() as unknown as RunMetrics;
  const own = process.cpuUsage();
  return { step: metrics.steps.step.at(-1) ?? 0, seconds: performance.now() / 1_000, cpu: cpuSeconds(host.pid) + (own.user + own.system) / 1e6 };
}

const ticksPerSecond = 100;

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** All hear the same from when this resolves. */
async function listen(host: HttpHost, heard: number[], errors: { count: number }): Promise<() => void> {
  const responses = await Promise.all(heard.map(() => host.open('/v1/events')));
  let isClosing = false;
  responses.forEach((response, index) => {
    if (response.statusCode !== 200) errors.count += 1;
    response.on('data', (bytes: Buffer) => (heard[index] = (heard[index] ?? 0) + bytes.toString('latin1').split('\nevent: ').length - 1));
    response.on('close', () => (errors.count += isClosing ? 0 : 1));
    response.on('error', () => undefined);
  });
  return () => {
    isClosing = true;
    responses.forEach((response) => response.destroy());
  };
}

interface Fired {
  readonly load: HostLoad;
  readonly latencies: number[];
  readonly errors: { count: number };
}

/** As many a second as asked for, whether or not the ones before are answered. */
async function fire(host: HttpHost, run: string, { load, latencies, errors }: Fired): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const kinds: readonly (readonly [string, string, unknown])[] = [
    ['GET', `/v1/training/status/${run}`, undefined],
    ['GET', `/v1/training/status/${run}`, undefined],
    ['POST', '/v1/calls/runs.list', { limit: 20 }],
    ['POST', '/v1/calls/runs.metrics', { run, since: 100, limit: 100 }],
    ['GET', '/health/training', undefined],
    ['GET', '/metrics', undefined],
  ];
  const start = performance.now();
  const open: Promise<void>[] = [];
  for (let sent = 0; sent < load.requestsPerSecond * load.seconds;) {
    const due = Math.min(load.requestsPerSecond * load.seconds, Math.floor(((performance.now() - start) / 1_000) * load.requestsPerSecond));
    for (; sent < due; sent += 1) open.push(one(host, agent, kinds[sent % kinds.length] ?? ['GET', '/health', undefined], { latencies, errors }));
    await pause(1);
  }
  await Promise.all(open);
  agent.destroy();
}

function one(
  host: HttpHost,
  agent: Agent,
  [method, path, body]: readonly [string, string, unknown],
  { latencies, errors }: Omit<Fired, 'load'>,
): Promise<void> {
  const begin = performance.now();
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve) => {
    const end = (isGood: boolean): void => {
      latencies.push(performance.now() - begin);
      if (!isGood) errors.count += 1;
      resolve();
    };
    const headers = { authorization: `Bearer ${host.admin}`, ...(text === undefined ? {} : { ...json, 'content-length': Buffer.byteLength(text) }) };
    request({ host: '127.0.0.1', port: host.port, path, method, headers, agent }, (response) => {
      response.resume();
      response.on('end', () => end(response.statusCode === 200));
    })
      .on('error', () => end(false))
      .end(text);
  });
}

export function hostLines({
  requests,
  errors,
  p50Ms,
  p99Ms,
  maxMs,
  eventsPerListener,
  quietSteps,
  loadedSteps,
  slowdown,
  cpuShare,
}: HostFigures): readonly string[] {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return [
    `${requests} requests, ${errors} errors: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, longest ${maxMs.toFixed(1)} ms`,
    `events a listener: ${eventsPerListener.least} to ${eventsPerListener.most}`,
    `steps a second: ${quietSteps.toFixed(2)} quiet, ${loadedSteps.toFixed(2)} under load; slower by ${percent(slowdown)}`,
    `CPU of host and load generator: ${percent(cpuShare)} of all cores`,
  ];
}
