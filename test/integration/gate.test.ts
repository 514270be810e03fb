/** Did it get better, and may it go out? Scores of base and version through the real command line and engine, their comparison, and the gate in front of an approval. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { projectFiles } from '../../main/platform/project-files.ts';
import { eventsOf, LatheCli, type CliEnd } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const home = temporaryFolder();
const slow = 600_000;
const lathe = (...args: readonly string[]): Promise<CliEnd> => new LatheCli([...args, '--json'], { env: { LATHE_HOME: home } }).ended;
const done = (end: CliEnd): Record<string, unknown> => {
  expect(end.stderr).toBe('');
  return eventsOf(end, 'done')[0] ?? {};
};
const refusal = (end: CliEnd): readonly unknown[] => [end.code, eventsOf(end, 'error')[0]?.['code']];
const version = 'router@1.0.0';

/** Whether the answer to a ticket has the form that was learnt; from the rows that come with Lathe. */
const routing = `name: routing
title: Names a queue
version: 1
kind: regex
prompt: "{{ ticket }}"
answers: { field: wanted }
pattern: '"(queue)"'
max_tokens: 12
data: { file: routing, url: '', split: test, licence: CC0-1.0 }
`;

beforeAll(async () => {
  const folder = join(home, 'benchmarks');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'routing.yaml'), routing);
  const rows = readFileSync(projectFiles.demoTest, 'utf8').trim().split('\n');
  const items = rows.slice(0, 80).map((row) => {
    const { messages } = JSON.parse(row) as { messages: { content: string }[] };
    return { ticket: messages[0]?.content, wanted: 'queue' };
  });
  writeFileSync(join(folder, 'routing.jsonl'), items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  writeFileSync(join(folder, 'arc_easy.jsonl'), readFileSync(join(projectFiles.benchmarks, 'samples', 'arc_easy.jsonl')));
  const { demoConfig: config, demoTrain: data } = projectFiles;
  done(await lathe('train', '--config', config, '--model', 'lathe-base', '--data', data, '--max-steps', '80', '--register', 'router'));
}, slow);

it(
  'says what is better and what cannot be told, and shows the items',
  async () => {
    const missing = await lathe('benchmark', 'compare', 'lathe-base', version, '--benchmarks', 'routing');
    expect(refusal(missing)).toEqual([2, 'SCORES_MISSING']);
    expect(eventsOf(missing, 'error')[0]?.['remedy']).toBe(`Make them: lathe benchmark run --models lathe-base,${version} --benchmarks routing`);
    done(await lathe('benchmark', 'run', '--models', `lathe-base,${version}`, '--benchmarks', 'routing,arc_easy', '--chat-template'));
    const { comparisons } = done(await lathe('benchmark', 'compare', 'lathe-base', 'router', '--benchmarks', 'routing', '--flips', '2')) as {
      comparisons: Record<string, unknown>[];
    };
    expect(comparisons).toMatchObject([
      { task: 'routing', asked: true, items: 80, verdict: 'better', base_label: 'lathe-base', other_label: version },
      { task: 'arc_easy', asked: false, items: 12, verdict: 'undecided', flips: null },
    ]);
    expect(comparisons[0]?.['words']).toMatch(/^better at n = 80: \+\d/);
    expect(comparisons[0]?.['flips']).toHaveLength(2);
    expect(comparisons[1]?.['words']).toMatch(/^no difference can be told at n = 12: /);
    const [one, two] = [comparisons[0]?.['base'], comparisons[1]?.['other']].map(String);
    expect(refusal(await lathe('benchmark', 'compare', one ?? '', two ?? ''))).toEqual([2, 'SCORES_NOT_COMPARABLE']);
  },
  slow,
);

it(
  'lets a version pass, fail, or not be judged, and lets nobody go against it without saying so',
  async () => {
    const check = (...rules: readonly string[]): Promise<CliEnd> => lathe('gate', 'check', 'router', '--benchmark', 'routing', ...rules);
    expect(done(await check('--min-gain', '0.05', '--min-accuracy', '0.3'))).toMatchObject({
      verdict: 'pass',
      rules: [{ verdict: 'pass' }, { verdict: 'pass' }],
    });
    const failed = await lathe('gate', 'check', version, '--benchmark', 'arc_easy', '--min-accuracy', '0.99');
    expect([...refusal(failed), eventsOf(failed, 'gate')[0]?.['verdict']]).toEqual([5, 'GATE_NOT_PASSED', 'fail']);
    const unsure = await check('--max-regression', '0.02');
    expect(refusal(unsure)).toEqual([5, 'GATE_NOT_PASSED']);
    expect(eventsOf(unsure, 'gate')[0]).toMatchObject({
      verdict: 'inconclusive',
      rules: [{ benchmark: 'routing', verdict: 'pass' }, { benchmark: 'arc_easy' }],
    });
    const config = join(home, 'gates.yaml');
    writeFileSync(config, 'gates: { max_regression: 0.02, min_gain: 0.05, benchmark: routing }\n');
    expect(done(await lathe('gate', 'set', 'router', '--config', config))).toMatchObject({ own: true, gates: { min_gain: 0.05 } });
    done(await lathe('registry', 'propose', version));
    const refused = await lathe('registry', 'approve', version, '--reason', 'It routes.');
    expect(refusal(refused)).toEqual([5, 'GATE_REFUSED']);
    expect(eventsOf(refused, 'error')[0]?.['message']).toContain('max_regression: against lathe-base, arc_easy changed by');
    done(await lathe('registry', 'approve', version, '--reason', 'Twelve items tell nothing.', '--against-gate'));
    const { states } = done(await lathe('registry', 'show', version)) as { states: Record<string, unknown>[] };
    expect(states.at(-1)).toMatchObject({ state: 'approved', reason: 'Twelve items tell nothing.', gate: { verdict: 'inconclusive', against: true } });
    expect(done(await lathe('registry', 'verify', version))).toMatchObject({ changed: [] });
  },
  slow,
);
