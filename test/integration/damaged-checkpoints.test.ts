/** A checkpoint that was torn or damaged on the disk is recognised, the one before it is used, and the result stays the same to the bit. */
import { cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventsOf } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { killAtStep, notesOf, stepsOf, TinyRuns } from '../support/tiny-runs.ts';

const settings = [
  ...['--max-steps', '40', '--epochs', '100', '--batch-size', '8', '--gradient-accumulation', '2', '--rank', '4', '--learning-rate', '0.05'],
  ...['--schedule', 'constant', '--warmup-steps', '0', '--eval-steps', '6', '--save-steps', '4'],
];
const folder = temporaryFolder();
/** Unlike the rows that are learnt: the first evaluation stays the best, whenever the kill comes. */
const strangeRows = join(folder, 'strange.jsonl');
settings.push('--eval-data', strangeRows);
let runs: TinyRuns;
/** Steps of the checkpoints that the stopped run left, newest first. */
let saved: string[];
let best: string;

const damages: readonly { readonly name: string; readonly damage: (checkpoint: string) => void }[] = [
  { name: 'parameters cut short', damage: (checkpoint) => truncateSync(join(checkpoint, 'parameters.safetensors'), 900) },
  { name: 'a byte of the optimizer flipped', damage: (checkpoint) => flipByte(join(checkpoint, 'optimizer.safetensors'), 3_000) },
  { name: 'a byte of the state flipped', damage: (checkpoint) => flipByte(join(checkpoint, 'state.json'), 12) },
  { name: 'the manifest gone', damage: (checkpoint) => rmSync(join(checkpoint, 'manifest.json')) },
  {
    name: 'nothing in it',
    damage: (checkpoint) =>
      ['manifest.json', 'state.json', 'parameters.safetensors', 'optimizer.safetensors'].forEach((file) => rmSync(join(checkpoint, file))),
  },
];

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
}

/** A copy of the stopped run, ready to be damaged. */
function copyRun(name: string): string {
  cpSync(runs.out('stopped'), runs.out(name), { recursive: true });
  return join(runs.out(name), 'checkpoints');
}

describe('a damaged checkpoint', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    runs = await TinyRuns.in(folder);
    const rows = Array.from({ length: 12 }, (_, row) => ({ prompt: `Q${row}`, completion: `${'ZQ XJ KV WY JQ '.repeat(6)}${row}` }));
    writeFileSync(strangeRows, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const whole = await runs.train('whole', settings).ended;
    expect(whole, whole.stderr).toMatchObject({ code: 0 });
    const stopped = await killAtStep((options) => runs.train('stopped', settings, options), 25, 0);
    expect(stopped.signal).toBe('SIGKILL');
    saved = runs
      .checkpoints('stopped')
      .filter((name) => !name.startsWith('.'))
      .reverse();
    const state = JSON.parse(readFileSync(join(runs.out('stopped'), 'checkpoints', saved[0] ?? '', 'state.json'), 'utf8')) as { best: { step: number } };
    best = `step-${String(state.best.step).padStart(8, '0')}`;
    expect(saved.length).toBeGreaterThanOrEqual(2);
  }, 120_000);

  it.each(damages)('is passed over: $name', async ({ name, damage }) => {
    const copy = name.replaceAll(' ', '-');
    const newest = saved[0] ?? '';
    damage(join(copyRun(copy), newest));
    const end = await runs.resume(copy).ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(notesOf(end).join('\n')).toContain(`A damaged checkpoint was passed over (${newest}`);
    expect(stepsOf(end)[0]).toBeLessThanOrEqual(Number(newest.slice(5)));
    expect(runs.result(copy)).toEqual(runs.result('whole'));
  });

  it('ends the resume where no checkpoint is sound, and leaves them as they are', async () => {
    const checkpoints = copyRun('all-damaged');
    for (const name of saved) truncateSync(join(checkpoints, name, 'optimizer.safetensors'), 100);
    const end = await runs.resume('all-damaged').ended;
    expect(end).toMatchObject({ code: 3 });
    expect(eventsOf(end, 'error')).toMatchObject([{ code: 'CHECKPOINT_CORRUPT' }]);
    expect(end.stderr.trim().split('\n')).toHaveLength(1);
    for (const name of saved) expect(existsSync(join(checkpoints, name))).toBe(true);
    expect(existsSync(join(runs.out('all-damaged'), 'adapter'))).toBe(false);
  });

  it('counts a lost best checkpoint as a drift, which can be allowed', async () => {
    const checkpoints = copyRun('best-lost');
    for (const name of saved) if (name !== best) expect(name > best).toBe(true);
    flipByte(join(checkpoints, best, 'parameters.safetensors'), 2_000);
    const refused = await runs.resume('best-lost').ended;
    expect(refused).toMatchObject({ code: 2 });
    expect(eventsOf(refused, 'error')).toMatchObject([{ code: 'RESUME_DRIFT' }]);
    expect(refused.stderr).toContain(best);
    const end = await runs.resume('best-lost', ['--allow-drift']).ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(readFileSync(join(runs.out('best-lost'), 'run.yaml'), 'utf8')).toContain('the best checkpoint is lost');
  });
});
