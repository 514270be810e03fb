/** Calls a host through its public door, with the first admin token. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallName, InputOf, OutputOf } from '../../../shared/contracts/calls.ts';
import { benchmarkIsActive } from '../../../shared/domain/benchmark-run.ts';
import { isEnded } from '../../../shared/domain/run-state.ts';
import type { Served } from './serve.ts';

export type CallHost = <N extends CallName>(name: N, input: InputOf<N>) => Promise<OutputOf<N>>;

export function callHost({ url, token: file }: Pick<Served, 'url' | 'token'>): CallHost {
  const token = readFileSync(file, 'utf8').trim();
  return async (name, input) => {
    const response = await fetch(`${url}/v1/calls/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as OutputOf<typeof name>;
    if (!response.ok) throw new Error(`${name}: ${JSON.stringify(body)}`);
    return body;
  };
}

/** Starts a run and waits until it has ended; returns its id. */
export async function trainWhole(call: CallHost, input: InputOf<'runs.start'>): Promise<string> {
  const { run } = await call('runs.start', input);
  while (!isEnded((await call('runs.status', { run })).state)) await pause(200);
  return run;
}

/** Starts a benchmark and waits until it has ended; returns its id and those of its scores, model by model. */
export async function scoreWhole(call: CallHost, input: InputOf<'benchmarks.start'>): Promise<{ benchmark: string; scores: string[] }> {
  const { run } = await call('benchmarks.start', input);
  for (;;) {
    const { state, scores } = await call('benchmarks.get', { run });
    if (!benchmarkIsActive(state)) return { benchmark: run, scores: scores.map(({ score }) => score) };
    await pause(200);
  }
}
