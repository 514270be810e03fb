/** What traces and metrics are made of: log lines of a run carry its id and attempt under one key each, and phases their durations. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventsOf } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();

it('every line about a run carries it, and every phase how long it took', { timeout: 120_000 }, async () => {
  const runs = await TinyRuns.in(folder, { rows: 40 });
  const config = join(folder, 'config.yaml');
  writeFileSync(config, 'logging: {level: DEBUG}\n');
  const end = await runs.train('one', ['--config', config, '--max-steps', '4', '--eval-steps', '2', '--save-steps', '2', '--holdout-fraction', '0.2']).ended;
  expect(end.code, end.stderr).toBe(0);
  const run = String(eventsOf(end, 'start')[0]?.['run']);
  const phases = [...eventsOf(end, 'eval'), ...eventsOf(end, 'checkpoint')];
  expect(phases.length).toBeGreaterThanOrEqual(4);
  for (const phase of phases) expect(phase['seconds']).toBeGreaterThan(0);

  const logs = join(runs.home, 'logs');
  const text = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
  const lines = text
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const ofProcess = lines.filter(({ correlation }) => correlation === run);
  expect(ofProcess.length).toBeGreaterThan(5);
  expect(ofProcess.filter((line) => line['run'] !== run || line['attempt'] !== 1)).toEqual([]);
  const timed = ofProcess.filter(({ name }) => name === 'timing');
  expect(timed.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['model opened', 'memory planned', 'steps trained', 'adapter saved']));
  for (const { ms, since_start_ms } of timed) expect(Number(since_start_ms)).toBeGreaterThanOrEqual(Number(ms) - 1);
  expect(lines.find(({ msg }) => msg === 'run ended')).toMatchObject({ run });
  expect(lines.filter((line) => 'runId' in line)).toEqual([]);
});
