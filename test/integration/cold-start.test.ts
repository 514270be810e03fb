/** The second run of the same command does no work that the first has done: nothing is hashed, tokenised, built or timed again. */
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lathe } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyData, writeTinyModel } from '../support/tiny-model.ts';
import { readFileSync } from 'node:fs';

const folder = temporaryFolder();
const home = join(folder, 'home');
const compiled = join(folder, 'compiled');
let [model, data] = ['', ''];

/** The parts of the last start, as the log tells them. */
function partsOf(run: string): string[] {
  const log = readdirSync(join(home, 'logs'))
    .map((name) => readFileSync(join(home, 'logs', name), 'utf8'))
    .join('');
  const lines = log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { readonly correlation?: string; readonly name?: string; readonly msg?: string });
  return lines.filter((line) => line.correlation === run && line.name?.endsWith('timing') === true).map(({ msg = '' }) => msg);
}

async function train(out: string): Promise<string[]> {
  const config = join(folder, 'config.yaml');
  writeFileSync(config, 'logging: {level: DEBUG}\n');
  const flags = ['--model', model, '--data', data, '--config', config, '--out', join(folder, out), '--max-steps', '1', '--json'];
  const { code, stderr, events } = await lathe(['train', ...flags], { env: { LATHE_HOME: home, NODE_COMPILE_CACHE: compiled } });
  expect(code, stderr).toBe(0);
  return partsOf(String(events.find(({ event }) => event === 'start')?.['run']));
}

/** Files that were changed just now are not trusted later: these were made before. */
async function settle(paths: readonly string[]): Promise<void> {
  const newest = Math.max(...paths.map((path) => statSync(path).ctimeMs));
  while (Date.now() - newest < 2100) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('a start', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    model = await writeTinyModel(join(folder, 'model'));
    data = writeTinyData(join(folder, 'rows.jsonl'), 40);
    await settle([...readdirSync(model).map((name) => join(model, name)), data]);
  });

  it('does its costly parts the first time, and none of them the second', async () => {
    const first = await train('first');
    expect(first).toEqual(expect.arrayContaining(['tokenizer built', 'file hashed', 'rows tokenised', 'speed measured', 'first step begun']));
    const second = await train('second');
    expect(second).toEqual([
      'compute process ready',
      'model opened',
      'cached tokens opened',
      'memory planned',
      'weights laid out',
      'first step begun',
      'steps trained',
      'adapter saved',
    ]);
  });

  it('keeps compiled code for the next', () => {
    expect(existsSync(compiled) && readdirSync(compiled, { recursive: true }).length).toBeGreaterThan(50);
  });

  it('hashes and tokenises a data file again that has changed', async () => {
    writeTinyData(data, 41);
    utimesSync(data, new Date(0), new Date(0));
    expect(await train('third')).toEqual(expect.arrayContaining(['file hashed', 'rows tokenised']));
  });
});
