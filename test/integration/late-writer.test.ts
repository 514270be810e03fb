/** A compute process that was stopped, and wakes after another attempt has gone on with its run, writes nothing more. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventsOf, waitFor } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { stepsOf, TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();

/** Every file of a folder with the hash of its content. */
function contentOf(path: string): readonly string[] {
  const files = [...readdirSync(path, { recursive: true })].map(String).filter((name) => statSync(join(path, name)).isFile());
  return files.sort().map(
    (name) =>
      `${name} ${createHash('sha256')
        .update(readFileSync(join(path, name)))
        .digest('hex')}`,
  );
}

it.skipIf(process.platform !== 'linux')('is fenced off, and says so', { timeout: 120_000 }, async () => {
  const runs = await TinyRuns.in(folder);
  const settings = ['--max-steps', '60', '--epochs', '1000', '--batch-size', '8', '--num-workers', '1', '--save-steps', '2', '--holdout-fraction', '0'];
  const first = runs.train('run', settings);
  expect(await waitFor(() => stepsOf(first).length > 3, 60_000)).toBe(true);
  const [late = 0] = first.computeProcesses();
  process.kill(late, 'SIGSTOP');
  // As on another machine, which cannot see that the process of the lock still lives.
  rmSync(join(runs.out('run'), 'run.lock'));
  const second = await runs.resume('run', [], { env: { LATHE_HOME: join(folder, 'other') } }).ended;
  expect(second, second.stderr).toMatchObject({ code: 0 });
  expect(stepsOf(second).at(-1)).toBe(60);
  const before = contentOf(runs.out('run'));
  process.kill(late, 'SIGCONT');
  const end = await first.ended;
  expect(eventsOf(end, 'error')).toMatchObject([{ code: 'RUN_FENCED' }]);
  expect(contentOf(runs.out('run'))).toEqual(before);
});
