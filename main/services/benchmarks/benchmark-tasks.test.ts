import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { testTask } from '../../../test/support/test-benchmarks.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { BenchmarkTasks } from './benchmark-tasks.ts';

const folder = join(temporaryFolder(), 'benchmarks');
const put = (name: string, text: string): string => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const tasks = new BenchmarkTasks(folder);
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'nothing';
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
};

describe('benchmark tasks', () => {
  it('are those that come with Lathe where there is no folder yet', () => {
    const { tasks: known, broken } = tasks.list();
    expect(known.map(({ name }) => name)).toEqual(['arc_challenge', 'arc_easy', 'boolq', 'hellaswag', 'piqa', 'socialiqa', 'triviaqa']);
    expect([known.every(({ built_in, data }) => built_in && data === null), broken]).toEqual([true, []]);
  });

  it('are those of the folder too; what cannot be used is told, and harms no other', () => {
    put('own.yaml', stringify(testTask('mine')));
    put('again.yml', stringify({ ...testTask('mine'), title: 'another' }));
    put('boolq.yaml', stringify(testTask('boolq')));
    put('torn.yaml', 'kind: [');
    put('wrong.yaml', 'kind: multiple_choice\nname: wrong\n');
    put('mine.jsonl', '{}\n');
    const { tasks: known, broken } = tasks.list();
    expect(known.at(-1)).toMatchObject({ name: 'mine', title: 'another', built_in: false, data: join(folder, 'mine.jsonl') });
    expect(broken.map(({ path, problem }) => [path.slice(folder.length + 1), problem.slice(0, 24)])).toEqual([
      ['boolq.yaml', 'another task is called b'],
      ['own.yaml', 'another task is called m'],
      ['torn.yaml', expect.stringMatching(/./)],
      ['wrong.yaml', expect.stringMatching(/^\w/)],
    ]);
  });

  it('are found by name and by path, and not by anything else', () => {
    expect([tasks.find('mine').title, tasks.find('boolq').title, tasks.find(join(folder, 'own.yaml')).title]).toEqual(['another', 'BoolQ', 'mine']);
    expect(codeOf(() => tasks.find('wrong'))).toMatch(/^BENCHMARK_TASK_INVALID: .*wrong\.yaml/);
    for (const none of ['nothing', 'own.yaml', '../benchmarks/own.yaml', join(folder, 'none.yaml')])
      expect(codeOf(() => tasks.find(none))).toMatch(/^BENCHMARK_UNKNOWN/);
  });

  it('have their items in the folder that is named, else in that of the home', () => {
    expect(tasks.dataOf(testTask('mine'), null)).toBe(join(folder, 'mine.jsonl'));
    expect(codeOf(() => tasks.dataOf(testTask('mine'), '/nowhere'))).toBe('BENCHMARK_DATA_MISSING: The items of mine are not at /nowhere/mine.jsonl');
  });
});
