/** What is deployed is scored through its server: on a stand-in, on a real LocalAI where there is one beside the engine here, and on this machine's own endpoint. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFiles } from '../../main/platform/project-files.ts';
import type { BenchmarkResult, ChoiceRecord } from '../../shared/domain/benchmark-record.ts';
import { layOut } from '../support/localai-contract.ts';
import { startLocalAi, whyNoLocalAi } from '../support/localai-server.ts';
import { LocalAiStandin } from '../support/localai-standin/standin.ts';
import { runLathe, type Ended } from '../support/run-lathe.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const minutes = 60_000;
const folder = temporaryFolder();
const samples = join(projectFiles.benchmarks, 'samples');
const patient = { timeout: 4 * minutes };

interface Scored {
  readonly run: string;
  readonly dir: string;
  readonly results: readonly (BenchmarkResult & { readonly score: string; readonly subject: string })[];
}

const inHome = (home: string) => {
  mkdirSync(home, { recursive: true });
  const lathe = (args: string): Promise<Ended> => runLathe([...args.split(' '), '--json'], { home });
  const done = async (args: string): Promise<Record<string, unknown>> => {
    const ended = await lathe(args);
    expect(`${args}: ${ended.stderr}`).toBe(`${args}: `);
    return ended.json().at(-1) ?? {};
  };
  return {
    lathe,
    done,
    score: async (models: string, more: string): Promise<Scored> =>
      (await done(`benchmark run --models ${models} --data ${samples} ${more}`)) as unknown as Scored,
    refusal: async (models: string, more: string): Promise<string> => {
      const ended = await lathe(`benchmark run --models ${models} --data ${samples} ${more}`);
      expect(ended.code).not.toBe(0);
      return ended.stderr;
    },
  };
};

const recordsOf = ({ dir }: Scored, file: string): readonly ChoiceRecord[] =>
  readFileSync(join(dir, file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as ChoiceRecord);

interface Ground {
  readonly name: string;
  readonly missing: string | null;
  /** Whether it computes what the engine here does. */
  readonly isReal: boolean;
  start(models: string): Promise<{ readonly url: string; stop(): Promise<void> }>;
}

const grounds: readonly Ground[] = [
  {
    ...{ name: 'the stand-in', missing: null, isReal: false },
    start: async (models) => {
      const standin = await LocalAiStandin.start({ folder: models });
      return { url: standin.url, stop: () => standin.down() };
    },
  },
  { name: 'LocalAI', missing: whyNoLocalAi, isReal: true, start: (models) => startLocalAi({ models }) },
];

for (const ground of grounds)
  describe.skipIf(ground.missing !== null)(`what answers on ${ground.name} ${ground.missing ?? ''}`, patient, () => {
    const home = inHome(join(folder, ground.name.replace(' ', '-')));
    let server: Awaited<ReturnType<Ground['start']>>;
    let chosen: Scored;
    beforeAll(async () => {
      server = await ground.start(layOut(join(folder, `of-${ground.name.replace(' ', '-')}`)).models);
      await home.done(`target add desk --environment staging --server one=${server.url} --no-approval --base-config tiny`);
    }, 2 * minutes);
    afterAll(() => server.stop());

    it('is scored on multiple choice by its scoring call, and marked', async () => {
      chosen = await home.score('deployed:desk/tiny', '--benchmarks arc_easy');
      expect(chosen.results).toMatchObject([
        { subject: 'desk/tiny', task: 'arc_easy', items: 12, precision: 'server', served_as: 'one: tiny', chat_template: false, adapter_sha256: null },
      ]);
      expect(recordsOf(chosen, '1-arc_easy.jsonl').every(({ greedy, log_probs }) => greedy === null && log_probs.length > 1)).toBe(true);
    });

    it('is compared with the same model here, which says who computed it', async () => {
      const here = await home.score('lathe-base', '--benchmarks arc_easy');
      const [base, other] = [here.results[0]?.score ?? '', chosen.results[0]?.score ?? ''];
      const compared = JSON.stringify(await home.done(`benchmark compare ${base} ${other}`));
      expect(compared).toContain('desk/tiny was computed by its server');
      if (!ground.isReal) return;
      const [own, theirs] = [recordsOf(here, '1-arc_easy.jsonl'), recordsOf(chosen, '1-arc_easy.jsonl')];
      const apart = own.flatMap(({ log_probs }, i) => log_probs.map((value, k) => Math.abs(value - (theirs[i]?.log_probs[k] ?? 0))));
      expect(own.filter(({ choice }, i) => choice === theirs[i]?.choice).length).toBeGreaterThanOrEqual(11);
      expect(Math.max(...apart)).toBeLessThan(0.5);
    });

    it('is scored on what it writes, as a chat', async () => {
      const { results } = await home.score('deployed:desk/tiny', '--benchmarks triviaqa --chat-template --limit 3 --num-fewshot 1');
      expect(results).toMatchObject([
        { task: 'triviaqa', items: 3, chat_template: true, num_fewshot: 1, precision: 'server', metrics: [{ name: 'exact_match' }] },
      ]);
    });

    it('is refused in a line where it cannot be scored so', async () => {
      expect(await home.refusal('deployed:desk/tiny', '--benchmarks triviaqa')).toMatch(/triviaqa cannot be put to desk\/tiny: it is asked by its chat call/);
      expect(await home.refusal('deployed:desk/tiny', '--benchmarks arc_easy --chat-template')).toMatch(/multiple choice without it/);
      expect(await home.refusal('deployed:desk/none', '--benchmarks arc_easy')).toMatch(/serves no none/);
      expect(await home.refusal('deployed:nowhere/tiny', '--benchmarks arc_easy')).toMatch(/no target nowhere/);
    });
  });

describe('what answers on this machine', patient, () => {
  it('is scored on what it writes, and refused on choices', async () => {
    const place = join(folder, 'here');
    const home = inHome(place);
    const laid = layOut(join(folder, 'of-here'));
    const config = 'deployment:\n  step_pause: 1s\n  health_check_interval: 500ms\n  validation_enabled: false\n';
    writeFileSync(join(place, 'quick.yaml'), config);
    const { path } = await laid.artifact('adapter', 1);
    await home.done(`registry import support --number 1.0.0 --adapter ${path} --model lathe-base`);
    await home.done('target add here --embedded --environment staging --no-approval');
    await home.done('deploy --model support@1.0.0 --target here --alias bot --config quick.yaml --yes');
    const scored = await home.score('deployed:here/bot', '--benchmarks triviaqa --chat-template --limit 2');
    expect(scored.results).toMatchObject([{ subject: 'here/bot', items: 2, precision: 'server' }]);
    expect(scored.results[0]?.served_as).toMatch(/^here: support-1\.0\.0/);
    expect(readdirSync(scored.dir)).toContain('1-triviaqa.replies.jsonl');
    expect(await home.refusal('deployed:here/bot', '--benchmarks arc_easy')).toMatch(/has no call that tells how likely a choice is/);
  });
});
