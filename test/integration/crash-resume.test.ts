/** A run that is killed, or stopped with Ctrl-C, and resumed gives the very bytes of one that was left alone. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, waitFor } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { killAtStep, notesOf, stepsOf, TinyRuns } from '../support/tiny-runs.ts';

const steps = 60;
const folder = temporaryFolder();
/** Rows unlike those that are learnt: the better these are known, the worse the evaluation, so the end needs the best checkpoint, an early one. */
const strangeRows = join(folder, 'strange.jsonl');
const settings = [
  ...['--max-steps', String(steps), '--epochs', '100', '--batch-size', '8', '--gradient-accumulation', '3', '--rank', '4', '--dropout', '0.2'],
  ...['--learning-rate', '0.005', '--schedule', 'constant', '--warmup-steps', '4', '--eval-data', strangeRows, '--eval-steps', '7', '--save-steps', '4'],
];
const recomputing = [...settings, '--gradient-checkpointing', 'on', '--precision', 'fp32'];

let runs: TinyRuns;

describe('a run that is cut short', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    runs = await TinyRuns.in(folder);
    writeFileSync(
      strangeRows,
      Array.from({ length: 12 }, (_, row) => `${JSON.stringify({ prompt: `Q${row}`, completion: `${'ZQ XJ KV WY JQ '.repeat(6)}${row}` })}\n`).join(''),
    );
    const end = await runs.train('whole', settings).ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(stepsOf(end)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    expect(notesOf(end).join()).toMatch(/weights of step \d+, the best evaluation/);
  }, 120_000);

  it('survives kill -9 at five random points', async () => {
    const random = xoroshiro128plus(20_261_123);
    let kills = 0;
    for (let part = 0; part < 5; part += 1) {
      const [step, delayMs] = [part * 10 + uniformInt(random, 2, 8), uniformInt(random, 0, 80)];
      const end = await killAtStep((options) => (part === 0 ? runs.train('killed', settings, options) : runs.resume('killed', [], options)), step, delayMs);
      if (end.signal === 'SIGKILL') kills += 1;
      else expect(end, end.stderr).toMatchObject({ code: 0 });
    }
    const end = await runs.resume('killed').ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(kills).toBe(5);
    expect(runs.result('killed')).toEqual(runs.result('whole'));
  });

  it('survives a kill in the middle of writing a checkpoint', async () => {
    let hits = 0;
    for (let attempt = 0; attempt < 8 && hits < 2; attempt += 1) {
      const cli = attempt === 0 ? runs.train('torn', settings) : runs.resume('torn');
      const isWriting = (): boolean => runs.checkpoints('torn').some((name) => name.startsWith('.'));
      // What the kill before left behind goes with the next checkpoint.
      await waitFor(() => stepsOf(cli).length > 0 && !isWriting(), 60_000);
      if (await spinUntil(isWriting, 5_000)) await cli.killAll();
      const end = await cli.ended;
      if (end.code === 0) break;
      if (isWriting()) hits += 1;
    }
    expect(hits).toBeGreaterThan(0);
    const end = await runs.resume('torn').ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(runs.result('torn')).toEqual(runs.result('whole'));
    expect(runs.checkpoints('torn').filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('stops at the next step on Ctrl-C, says how to go on, and goes on', async () => {
    const cli = runs.train('stopped', settings, { detached: true, onEvent: ({ event, step }) => event === 'step' && Number(step) >= 9 && interruptOnce() });
    let isInterrupted = false;
    const interruptOnce = (): void => {
      if (!isInterrupted) cli.interrupt();
      isInterrupted = true;
    };
    const end = await cli.ended;
    expect(end, end.stderr).toMatchObject({ code: 130 });
    const last = stepsOf(end).at(-1) ?? 0;
    expect(last).toBeLessThan(steps);
    expect(eventsOf(end, 'checkpoint').at(-1)).toMatchObject({ step: last });
    expect(end.stderr).toContain(`Stopped at step ${last}`);
    expect(end.stderr).toContain(`lathe train --resume ${runs.out('stopped')}`);
    expect(eventsOf(end, 'error')).toMatchObject([{ code: 'CANCELLED' }]);
    const rest = await runs.resume('stopped').ended;
    expect(stepsOf(rest)[0]).toBe(last + 1);
    expect(runs.result('stopped')).toEqual(runs.result('whole'));
  });

  it('takes a reader that leaves for Ctrl-C', async () => {
    const cli = runs.train('unread', settings, { onEvent: ({ event }) => event === 'step' && cli.stopReading() });
    expect(await cli.ended).toMatchObject({ code: 130 });
    expect(runs.checkpoints('unread')).not.toEqual([]);
    const end = await runs.resume('unread').ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(runs.result('unread')).toEqual(runs.result('whole'));
  });

  it('gives the same bytes on another number of threads and with other memory', async () => {
    const whole = await runs.train('whole-recomputed', [...recomputing, '--num-workers', '2']).ended;
    expect(whole, whole.stderr).toMatchObject({ code: 0 });
    await killAtStep((options) => runs.train('moved', [...recomputing, '--num-workers', '2'], options), 20, 10);
    await killAtStep((options) => runs.resume('moved', ['--num-workers', '1', '--memory-pool-size', '16'], options), 40, 10);
    const end = await runs.resume('moved', ['--num-workers', '1']).ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(runs.result('moved')).toEqual(runs.result('whole-recomputed'));
    expect(readFileSync(join(runs.out('moved'), 'run.yaml'), 'utf8').match(/drift: null/g)).toHaveLength(2);
  });
});

/** Looks without pause: what it waits for lasts milliseconds. */
async function spinUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > timeoutMs) return false;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}
