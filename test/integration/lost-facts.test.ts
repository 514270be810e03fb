/** A run that failed while nobody was there to hear it: its folder tells the next host why, with everything the words are made of. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Database } from '../../main/store/database.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { eventsOf, type CliEnd } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TinyRuns } from '../support/tiny-runs.ts';
import { writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
const settings = ['--max-steps', '2', '--batch-size', '2', '--gradient-accumulation', '1'];
const shown = (end: CliEnd): Readonly<Record<string, unknown>> => eventsOf(end, 'done')[0] ?? {};

it('is read from the run folder by the next host, and by repair', { timeout: 120_000 }, async () => {
  const runs = await TinyRuns.in(folder);
  const model = await writeTinyModel(join(folder, 'infinite'), { infinite: 'layers.1.mlp.down_proj' });
  const out = join(runs.home, 'runs', 'out');
  const failed = await runs.lathe(['train', '--json', '--model', model, '--data', runs.data, '--out', out, ...settings]).ended;
  expect(eventsOf(failed, 'error')).toMatchObject([{ code: 'LOSS_NOT_FINITE' }]);
  const show = async (): Promise<unknown> => shown(await runs.lathe(['run', 'show', out, '--json']).ended)['error'];
  const error = await show();
  expect(error).toMatchObject({ code: 'LOSS_NOT_FINITE', facts: { step: 1, checkpoint: 'none' } });

  const path = join(runs.home, 'lathe.db');
  const database = new Database(path, keepingLogger());
  // As a host leaves it that was killed just before it wrote the end down.
  database.execute("UPDATE runs SET state = 'running', error = NULL, ended = NULL; DELETE FROM run_lines");
  database.close();
  expect(await show()).toEqual(error);

  for (const tail of ['', '-wal', '-shm']) rmSync(path + tail, { force: true });
  expect(await runs.lathe(['repair', '--json']).ended).toMatchObject({ code: 0 });
  expect(await show()).toEqual(error);
});
